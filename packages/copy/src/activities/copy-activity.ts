import { randomUUID } from 'node:crypto';
import type { Json } from '@crossview/contracts';
import type { ConnectorVersion } from '../columns/column.js';
import {
  type CopyProperties,
  copyProperties,
  type Sink as SinkProperties,
  sinkSchemas,
  sparkSource,
} from '../documents/activities.js';
import { type Dataset, readDataset, type SparkDataset } from '../documents/datasets.js';
import { type Place, readPlace } from '../documents/place.js';
import { readBy } from '../documents/problems.js';
import type { Reference, Resolver } from '../documents/resolver.js';
import { revealSecret } from '../documents/secrets.js';
import type { Sink, SinkResult } from '../sinks/sink.js';
import { SparkSource } from '../sources/spark-source.js';
import { cancelled } from '../thrift/session.js';
import { type AdditionalColumn, AdditionalColumns } from './additional-columns.js';
import { ColumnMapping } from './mapping.js';
import { checkSink, openSink, openStore, type StagingPlace } from './open-sink.js';
import type { RunOptions } from './services.js';
import { SkipLog } from './skip-log.js';

/** The output of a copy, with Data Factory's names; bytes, seconds, and KBps for throughput. */
export interface CopyOutput {
  readonly dataRead: number;
  readonly dataWritten: number;
  readonly filesWritten?: number;
  readonly sourcePeakConnections: number;
  readonly sinkPeakConnections: number;
  readonly rowsRead: number;
  readonly rowsCopied: number;
  readonly rowsSkipped?: number;
  readonly copyDuration: number;
  readonly throughput: number;
  readonly logFilePath?: string;
  readonly errors: readonly Json[];
  readonly effectiveIntegrationRuntime: string;
  readonly usedDataIntegrationUnits: number;
  readonly usedParallelCopies: number;
  readonly durationInQueue: { readonly integrationRuntimeQueue: number };
  readonly dataConsistencyVerification?: { readonly VerificationResult: string };
  readonly executionDetails: readonly Json[];
  readonly [further: string]: unknown;
}

/** A copy whose documents were read and fit together. */
export interface CopyPlan {
  readonly name: string;
  readonly source: SparkDataset;
  readonly query: string;
  readonly additional: readonly AdditionalColumn[];
  readonly properties: CopyProperties;
  readonly sink: SinkProperties;
  readonly dataset: Dataset;
  readonly staging: StagingPlace | undefined;
  readonly log: { readonly place: Place; readonly container: string; readonly folder: string } | undefined;
}

/** Reads a copy's properties and everything they refer to; `undefined` when something is wrong: it is in the resolver's `problems`. */
export function planCopy(
  activity: { readonly name: string; readonly inputs: readonly Reference[]; readonly outputs: readonly Reference[] },
  given: Json,
  resolver: Resolver,
  document: string,
  at: string,
): CopyPlan | undefined {
  const { problems } = resolver;
  const before = problems.found.length;
  const path = `${at}.typeProperties`;
  const properties = readBy(copyProperties, given, problems, document, path);
  const input = resolver.follow('dataset', activity.inputs[0]!, document, `${at}.inputs[0]`);
  const output = resolver.follow('dataset', activity.outputs[0]!, document, `${at}.outputs[0]`);
  const source = input && readDataset(input, resolver);
  const dataset = output && readDataset(output, resolver);
  const raw = (given ?? {}) as { source?: unknown; sink?: { type?: unknown } };
  const query = readQuery(raw.source, source, resolver, document, `${path}.source`, `${at}.inputs[0]`);
  const schema = sinkSchemas[String(raw.sink?.type) as keyof typeof sinkSchemas];
  if (schema === undefined && raw.sink !== undefined)
    problems.add(
      document,
      `${path}.sink.type`,
      `must be ${Object.keys(sinkSchemas).join(' or ')}; it is ${JSON.stringify(raw.sink.type)}`,
    );
  const sink = schema && readBy<SinkProperties>(schema, raw.sink, problems, document, `${path}.sink`);
  const staging =
    sink && dataset && properties ? checkSink(sink, dataset, properties, resolver, document, path) : undefined;
  const log = properties && readLog(properties, resolver, document, path);
  if (problems.found.length > before || !properties || !source || !dataset || !sink || query === undefined)
    return undefined;
  return {
    name: activity.name,
    source: source as SparkDataset,
    query: query.text,
    additional: query.additional,
    properties,
    sink,
    dataset,
    staging,
    log,
  };
}

/** What to ask the server: the source's query, else the dataset's table. */
export function readQuery(
  given: unknown,
  dataset: Dataset | undefined,
  resolver: Resolver,
  document: string,
  path: string,
  datasetPath: string,
): { text: string; additional: readonly AdditionalColumn[] } | undefined {
  const { problems } = resolver;
  if (given === undefined) return undefined;
  const type = (given as { type?: unknown } | null)?.type;
  if (type !== undefined && type !== 'SparkSource') {
    problems.add(document, `${path}.type`, `must be SparkSource; it is ${JSON.stringify(type)}`);
    return undefined;
  }
  const source = readBy(sparkSource, given, problems, document, path);
  if (dataset !== undefined && dataset.kind !== 'spark') {
    problems.add(document, datasetPath, 'must be a dataset of type SparkObject');
    return undefined;
  }
  if (!source || !dataset) return undefined;
  const additional = source.additionalColumns ?? [];
  if (source.query !== undefined && source.query.trim() !== '') return { text: source.query, additional };
  if (dataset.table === undefined) {
    problems.add(document, `${path}.query`, 'is missing, and the dataset names no table');
    return undefined;
  }
  return { text: `SELECT * FROM ${dataset.table}`, additional };
}

function readLog(properties: CopyProperties, resolver: Resolver, document: string, path: string): CopyPlan['log'] {
  const location = properties.logSettings?.logLocationSettings ?? properties.redirectIncompatibleRowSettings;
  if (location === undefined) return undefined;
  const at = `${path}.${properties.logSettings ? 'logSettings.logLocationSettings' : 'redirectIncompatibleRowSettings'}.linkedServiceName`;
  const service = resolver.follow('linkedService', location.linkedServiceName, document, at);
  const place = service && readPlace(service, resolver.problems);
  if (place === undefined) return undefined;
  const parts = (location.path ?? '').split('/').filter((part) => part !== '');
  if (place.kind === 'local') return { place, container: '', folder: parts.join('/') };
  const [container = 'copyactivity-logs', ...folder] = parts;
  return { place, container, folder: folder.join('/') };
}

/** Everything runs in this process; the runtime that the linked service names is said, because it is not used. */
export const runtimeOf = ({ service }: SparkDataset): string =>
  service.connectVia === undefined ? 'Crossview' : `Crossview (instead of ${service.connectVia})`;

/** Connects to the dataset's server with its secret. */
export async function openSource(
  plan: { readonly source: SparkDataset; readonly query: string },
  destination: 'interim' | 'view',
  resolver: Resolver,
  { services, signal }: RunOptions,
  limit?: number,
): Promise<SparkSource> {
  const { connection, password } = plan.source.service;
  const revealed = await revealSecret(password, resolver.factory, services.secrets);
  return SparkSource.open({ ...connection, password: revealed }, plan.query, {
    version: connection.version as ConnectorVersion,
    destination,
    signal,
    limit,
  });
}

/** Runs a copy. After an error the sink is as it was before. */
export async function runCopy(plan: CopyPlan, resolver: Resolver, options: RunOptions): Promise<CopyOutput> {
  const { services, signal, onProgress } = options;
  const began = Date.now();
  const progress = (step: 'connecting' | 'reading' | 'loading' | 'done', source?: SparkSource) =>
    onProgress?.({ activity: plan.name, rowsRead: source?.rowsRead ?? 0, bytesRead: source?.bytesRead ?? 0, step });
  progress('connecting');
  const source = await openSource(plan, plan.dataset.kind === 'view' ? 'view' : 'interim', resolver, options);
  let sink: Sink | undefined;
  let log: SkipLog | undefined;
  try {
    const { timeZone } = source.plan;
    const additional = new AdditionalColumns(source.plan.columns, plan.additional);
    const mapping = new ColumnMapping(additional.columns, plan.properties.translator, timeZone);
    const frame = { factory: resolver.factory, services };
    sink = await openSink(
      plan.sink,
      plan.dataset,
      plan.staging,
      { columns: mapping.columns, schema: mapping.schema, timeZone, signal },
      frame,
    );
    const skips = plan.properties.enableSkipIncompatibleRow === true;
    log =
      skips && plan.log
        ? new SkipLog(
            await openStore(plan.log.place, plan.log.container, frame),
            plan.log.folder,
            plan.name,
            randomUUID(),
          )
        : undefined;
    let skipped = 0;
    const readAt = Date.now();
    for await (const batch of source.batches()) {
      const first = source.rowsRead - batch.numRows;
      const mapped = mapping.apply(
        additional.append(batch),
        first,
        skips
          ? (row) => {
              skipped += 1;
              log?.add(row);
            }
          : undefined,
      );
      await sink.append(mapped);
      await log?.flush();
      progress('reading', source);
    }
    const loadAt = Date.now();
    progress('loading', source);
    if (signal?.aborted) throw cancelled();
    const result = await sink.finish();
    const logFilePath = await log?.finish();
    progress('done', source);
    return outputOf({ plan, source, result, skipped, logFilePath, began, readAt, loadAt });
  } catch (error) {
    await sink?.abandon();
    await log?.abandon();
    throw signal?.aborted ? cancelled() : error;
  } finally {
    await source.close();
  }
}

const seconds = (milliseconds: number): number => Math.round(milliseconds / 1_000);

function outputOf(run: {
  plan: CopyPlan;
  source: SparkSource;
  result: SinkResult;
  skipped: number;
  logFilePath: string | undefined;
  began: number;
  readAt: number;
  loadAt: number;
}): CopyOutput {
  const { plan, source, result, began, readAt, loadAt } = run;
  const duration = Date.now() - began;
  const skipped = run.skipped + (result.rowsSkipped ?? 0);
  const maySkip = plan.properties.enableSkipIncompatibleRow === true || (result.rowsSkipped ?? 0) > 0;
  const complete = source.rowsRead === result.rows + skipped;
  return {
    dataRead: source.bytesRead,
    dataWritten: result.bytes,
    ...(result.files === undefined ? {} : { filesWritten: result.files }),
    sourcePeakConnections: 1,
    sinkPeakConnections: 1,
    rowsRead: source.rowsRead,
    rowsCopied: result.rows,
    ...(maySkip ? { rowsSkipped: skipped } : {}),
    copyDuration: Math.max(1, seconds(duration)),
    throughput: Math.round((source.bytesRead / 1_024 / Math.max(duration / 1_000, 0.001)) * 1_000) / 1_000,
    ...(run.logFilePath === undefined ? {} : { logFilePath: run.logFilePath }),
    errors: [],
    effectiveIntegrationRuntime: runtimeOf(plan.source),
    usedDataIntegrationUnits: 1,
    usedParallelCopies: 1,
    durationInQueue: { integrationRuntimeQueue: 0 },
    ...(plan.properties.validateDataConsistency
      ? { dataConsistencyVerification: { VerificationResult: complete ? 'Verified' : 'NotVerified' } }
      : {}),
    ...result.output,
    executionDetails: [
      {
        source: { type: 'Spark' },
        sink: { type: plan.sink.type.replace(/Sink$/, '') },
        status: 'Succeeded',
        start: new Date(began).toISOString(),
        duration: seconds(duration),
        usedDataIntegrationUnits: 1,
        usedParallelCopies: 1,
        detailedDurations: {
          queuingDuration: 0,
          timeToFirstByte: seconds(readAt - began),
          transferDuration: seconds(Date.now() - readAt),
        },
        profile: {
          queue: { status: 'Completed', duration: 0 },
          transfer: {
            status: 'Completed',
            duration: seconds(Date.now() - readAt),
            details: {
              readingFromSource: { type: 'Spark', workingDuration: seconds(loadAt - readAt) },
              writingToSink: {
                type: plan.sink.type.replace(/Sink$/, ''),
                workingDuration: seconds(Date.now() - loadAt),
              },
            },
          },
        },
      },
    ],
  };
}
