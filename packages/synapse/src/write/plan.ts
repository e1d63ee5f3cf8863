import { type Column, fromSparkSchema, loadableExpression, type SqlTypeOptions } from '@crossview/columns';
import { CrossviewError, type PoolTarget, type SynapseWritePlan, type SynapseWriteRequest } from '@crossview/contracts';
import { chooseStaging } from '../choose-staging.js';
import { openPool, type Synapse } from '../context.js';
import type { Loader } from '../loaders/index.js';
import { choice, lengthOption, type Options, parseOptions } from '../options.js';
import { type LoadColumn, preflight } from '../preflight.js';
import { sparkAccess } from '../spark-storage-conf.js';
import { containerOf, type StagingBase, sparkLocation } from '../staging.js';
import type { PoolColumn } from '../tsql/inspect.js';
import { tableColumns } from '../tsql/inspect.js';
import { parseThreePartName, type ThreePartName } from '../tsql/table-name.js';

export type SaveMode = 'ErrorIfExists' | 'Append' | 'Overwrite' | 'Ignore';

/** How the rows get into the table. */
export type WriteWay = 'create' | 'append' | 'swap' | 'truncate';

/** A write between its two halves. */
export interface PlannedWrite {
  readonly target: PoolTarget;
  readonly table: ThreePartName;
  readonly mode: SaveMode;
  readonly way: WriteWay;
  readonly loader: Loader['name'];
  readonly options: Options;
  readonly conf: Readonly<Record<string, string>>;
  readonly columns: readonly LoadColumn[];
  /** The table's columns, when it is there. */
  readonly existing: readonly PoolColumn[] | undefined;
  readonly staging: StagingBase;
  readonly cellId: string;
  readonly times: {
    readonly received: number;
    readonly planned: number;
    readonly inferred: number;
    readonly staged: number;
  };
}

function saveMode(mode: string): SaveMode {
  const found = (['ErrorIfExists', 'Append', 'Overwrite', 'Ignore'] as const).find((known) => known === mode);
  if (found !== undefined) return found;
  throw new CrossviewError('SAVE_MODE_UNKNOWN', `"${mode}" is not a save mode.`, {
    hint: 'It is error, append, overwrite or ignore.',
  });
}

function internalTable(request: SynapseWriteRequest): void {
  const type = request.tableType.toUpperCase();
  if (type === 'INTERNAL') return;
  throw new CrossviewError('TABLE_TYPE_UNSUPPORTED', `A table of type "${request.tableType}" cannot be written yet.`, {
    hint: 'Write Constants.INTERNAL, or write Parquet with Spark and create the external table in a %%tsql cell.',
    facts: { tableType: request.tableType },
  });
}

const sparkName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** Column expressions for the Parquet, or none when the frame can be written as it is. */
export function selectList(columns: readonly Column[]): string[] {
  const expressions = columns.map(({ name, type }) => loadableExpression(sparkName(name), type));
  if (expressions.every((expression) => expression === undefined)) return [];
  return columns.map(({ name }, index) => `${expressions[index] ?? sparkName(name)} AS ${sparkName(name)}`);
}

function lengths(options: Options): SqlTypeOptions {
  const stringLength = lengthOption(options, 'maxStringLength');
  const binaryLength = lengthOption(options, 'maxBinaryLength');
  return {
    ...(stringLength === undefined ? {} : { stringLength }),
    ...(binaryLength === undefined ? {} : { binaryLength }),
  };
}

/** Overwriting keeps the table as it is made when the frame fits it, and makes a new one when it does not. */
function overwriteColumns(
  columns: readonly Column[],
  existing: readonly PoolColumn[],
  options: SqlTypeOptions,
): { loads: LoadColumn[]; fits: boolean } {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  const fits =
    existing.length === names.size &&
    existing.every(({ name, identity }) => !identity && names.has(name.toLowerCase()));
  return { loads: preflight(columns, fits ? existing : undefined, options), fits };
}

/** First half of a write: what will be done, and where Spark writes. Nothing is changed yet. */
export async function planWrite(
  synapse: Synapse,
  request: SynapseWriteRequest,
  signal: AbortSignal,
): Promise<{ write: PlannedWrite | undefined; plan: Omit<SynapseWritePlan, 'planId'> }> {
  const received = Date.now();
  internalTable(request);
  const mode = saveMode(request.mode);
  const { options, unknown } = parseOptions(request.options, request.conf);
  if (options.password !== undefined) synapse.addSecret?.(options.password);
  const loader = choice(options, 'writeSemantics', ['copy', 'polybase'], 'copy');
  const overwrite = choice(options, 'overwriteMode', ['swap', 'truncate'], 'swap');
  const table = parseThreePartName(request.table);
  const columns = fromSparkSchema(request.schema);
  const target = await synapse.pools.resolve({
    server: options.server,
    database: table.database,
    user: options.user,
    password: options.password,
  });
  const note = [
    target.standIn === undefined ? '' : `→ ${target.standIn}`,
    unknown.length === 0 ? '' : `without effect: the option ${unknown.join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join('; ');
  const pool = await openPool(synapse, target, signal);
  try {
    const found = await tableColumns(pool, table);
    const exists = found.length > 0;
    const existing = exists ? found : undefined;
    const fullName = `${table.database}.${table.schema}.${table.name}`;
    if (exists && mode === 'ErrorIfExists')
      throw new CrossviewError('TABLE_EXISTS', `The table ${fullName} exists already.`, {
        hint: 'Write with mode("append"), mode("overwrite") or mode("ignore").',
        facts: { database: table.database, schema: table.schema, table: table.name },
      });
    const skipped = { skip: true, location: '', hadoopConf: {}, writerOptions: {}, select: [], note };
    if (exists && mode === 'Ignore') return { write: undefined, plan: skipped };

    const sqlOptions = lengths(options);
    let way: WriteWay = 'create';
    let loads: readonly LoadColumn[];
    if (existing === undefined) loads = preflight(columns, undefined, sqlOptions);
    else if (mode === 'Append') {
      way = 'append';
      loads = preflight(columns, existing, sqlOptions);
    } else if (overwrite === 'truncate') {
      way = 'truncate';
      loads = preflight(columns, existing, sqlOptions);
    } else {
      way = 'swap';
      loads = overwriteColumns(columns, existing, sqlOptions).loads;
    }
    const inferred = Date.now();
    const staging = await chooseStaging(synapse, pool, options, request.conf);
    if (staging.account.emulator)
      await synapse.step('prepareStaging', () => containerOf(synapse.storage, staging).ensure());
    const hadoopConf = await sparkAccess(synapse, staging, 'racwdl');
    const write: PlannedWrite = {
      target,
      table,
      mode,
      way,
      loader,
      options,
      conf: request.conf,
      columns: loads,
      existing,
      staging,
      cellId: request.cellId,
      times: { received, planned: Date.now(), inferred, staged: Date.now() },
    };
    return {
      write,
      plan: {
        skip: false,
        location: sparkLocation(staging),
        hadoopConf: { ...hadoopConf },
        writerOptions: { compression: 'snappy' },
        select: selectList(columns),
        note,
      },
    };
  } finally {
    await pool.close();
  }
}
