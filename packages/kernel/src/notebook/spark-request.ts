import { CrossviewError, type Json } from '@crossview/contracts';
import { nearest } from '../cell/nearest.js';
import { type LakeRequest, readLakeRequest } from './lake-request.js';
import { isObject } from './lenient-json.js';

export interface SparkRequest {
  /** Spark settings that the body asks for. */
  readonly settings: Readonly<Record<string, string>>;
  /** A word on each key that has no effect here. */
  readonly remarks: readonly string[];
  readonly lake: LakeRequest;
}

/** Fields of Livy's `POST /sessions` that are Spark settings. */
const fields: Readonly<Record<string, string>> = {
  driverMemory: 'spark.driver.memory',
  driverCores: 'spark.driver.cores',
  executorMemory: 'spark.executor.memory',
  executorCores: 'spark.executor.cores',
  numExecutors: 'spark.executor.instances',
  jars: 'spark.jars',
  pyFiles: 'spark.submit.pyFiles',
  files: 'spark.files',
  archives: 'spark.archives',
  queue: 'spark.yarn.queue',
  name: 'spark.app.name',
};

const withoutEffect: Readonly<Record<string, string>> = {
  useStarterPool: 'there are no Fabric pools here',
  useWorkspacePool: 'there are no Fabric pools here',
  environment: 'there are no Fabric environments here',
  vCores: 'it is for Fabric’s Python notebooks',
  kind: 'all languages are there at once',
  proxyUser: 'Spark runs as the user of this kernel',
  heartbeatTimeoutInSecond: 'the session ends with the notebook',
};

/** What is no setting of Spark, and has an effect all the same. */
const lakeFields = ['defaultLakehouse', 'mountPoints'];

/** What Synapse does nothing with when it stands in `conf`; the field beside it has the effect. */
const ownField: Readonly<Record<string, string>> = {
  'spark.driver.cores': 'driverCores',
  'spark.driver.memory': 'driverMemory',
  'spark.executor.cores': 'executorCores',
  'spark.executor.memory': 'executorMemory',
  'spark.executor.instances': 'numExecutors',
};

/** `{"activityParameterName": …, "defaultValue": …}` (Synapse) and `{"parameterName": …}` (Fabric) stand for a pipeline's value. */
function plain(key: string, value: Json): Json {
  if (!isObject(value)) return value;
  if ('defaultValue' in value) return value.defaultValue ?? null;
  const parameter = value.parameterName ?? value.activityParameterName;
  if (typeof parameter !== 'string') return value;
  throw new CrossviewError('CONFIGURE_VALUE', `%%configure: ${key} waits for ${parameter} of a pipeline`, {
    hint: 'There is no pipeline here: give it a "defaultValue".',
    facts: { key, parameter },
  });
}

function text(key: string, value: Json): string {
  const found = plain(key, value);
  if (Array.isArray(found)) return found.map(String).join(',');
  if (typeof found === 'object')
    throw new CrossviewError('CONFIGURE_VALUE', `%%configure: ${key} is no text, number or list`, { facts: { key } });
  return String(found);
}

function unknownKey(key: string): string {
  const known = [...Object.keys(fields), ...Object.keys(withoutEffect), ...lakeFields, 'conf'];
  if (key.startsWith('spark.')) return 'settings of Spark stand in conf';
  return `neither Livy nor Fabric has such a key (did you mean ${nearest(key, known)}?)`;
}

/**
 * Reads the body of `%%configure` as Livy, Synapse and Fabric take it.
 * @throws CrossviewError `CONFIGURE_VALUE`
 */
export function readSparkRequest(body: Json): SparkRequest {
  if (!isObject(body)) throw new CrossviewError('CONFIGURE_VALUE', '%%configure: the body is no JSON object');
  const settings: Record<string, string> = {};
  const remarks: string[] = [];
  for (const [key, value] of Object.entries(body)) {
    const setting = fields[key];
    if (key === 'conf' || lakeFields.includes(key)) continue;
    if (setting !== undefined) settings[setting] = text(key, value);
    else remarks.push(`${key} has no effect: ${withoutEffect[key] ?? unknownKey(key)}.`);
  }
  const conf = body.conf ?? {};
  if (!isObject(conf)) throw new CrossviewError('CONFIGURE_VALUE', '%%configure: conf is no JSON object');
  for (const [key, value] of Object.entries(conf)) {
    if (value === null) continue;
    const field = ownField[key];
    if (field !== undefined) remarks.push(`${key} has no effect in conf: write ${field} beside it.`);
    else if (key.startsWith('livy.')) remarks.push(`${key} has no effect: there is no Livy here.`);
    else settings[key] = text(key, value);
  }
  return { settings, remarks, lake: readLakeRequest(body, plain) };
}
