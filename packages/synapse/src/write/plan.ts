import { type Column, fromSparkSchema, loadableExpression, ownLength, type SqlTypeOptions } from '@crossview/columns';
import { CrossviewError, type PoolTarget, type SynapseWritePlan, type SynapseWriteRequest } from '@crossview/contracts';
import { checkGrants } from '../check-grants.js';
import { chooseStaging } from '../choose-staging.js';
import { openPool, type Synapse } from '../context.js';
import { endpointProblems } from '../endpoint-problems.js';
import type { Loader } from '../loaders/index.js';
import { choice, lengthOption, noteOf, type Options, parseOptions } from '../options.js';
import type { Pool } from '../pool.js';
import { type LoadColumn, preflight } from '../preflight.js';
import { removeStaging } from '../read/export.js';
import { sparkAccess } from '../spark-storage-conf.js';
import { containerOf, type StagingBase, sparkLocation } from '../staging.js';
import { type PoolColumn, tableColumns } from '../tsql/inspect.js';
import { parseThreePartName, type ThreePartName } from '../tsql/table-name.js';
import { type TableKind, type TableLayout, tableKind, tableLayout } from '../tsql/table-shape.js';
import { type ExternalWrite, planExternal } from './external.js';
import { grantsFor } from './grants-for.js';

export type SaveMode = 'ErrorIfExists' | 'Append' | 'Overwrite' | 'Ignore';

/**
 * How the rows get into the table: `switch` and `rename` overwrite it, the first where the frame has the table's columns, the second
 * where a table of other columns takes its name.
 */
export type WriteWay = 'create' | 'append' | 'switch' | 'rename' | 'truncate' | 'external';

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
  /** How the table is laid out, when it is overwritten. */
  readonly layout: TableLayout | undefined;
  /** Where the rows stay, for an external table; `staging` is the same place. */
  readonly external: ExternalWrite | undefined;
  /** Columns whose length is that of their longest value. */
  readonly measured: readonly string[];
  readonly staging: StagingBase;
  readonly cellId: string;
  readonly times: {
    readonly received: number;
    readonly connected: number;
    readonly inferred: number;
    readonly planned: number;
  };
}

function saveMode(mode: string): SaveMode {
  const found = (['ErrorIfExists', 'Append', 'Overwrite', 'Ignore'] as const).find((known) => known === mode);
  if (found !== undefined) return found;
  throw new CrossviewError('SAVE_MODE_UNKNOWN', `"${mode}" is not a save mode.`, {
    hint: 'It is error, append, overwrite or ignore.',
  });
}

/** @throws CrossviewError `TABLE_TYPE_UNSUPPORTED`. */
function isExternal({ tableType }: SynapseWriteRequest): boolean {
  const type = tableType.toUpperCase();
  if (type === 'INTERNAL' || type === 'EXTERNAL') return type === 'EXTERNAL';
  throw new CrossviewError('TABLE_TYPE_UNSUPPORTED', `There are no tables of type "${tableType}".`, {
    hint: 'It is Constants.INTERNAL or Constants.EXTERNAL.',
    facts: { tableType },
  });
}

const sparkName = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** Column expressions for the Parquet, or none when the frame can be written as it is. */
export function selectList(columns: readonly Column[], reordered = false): string[] {
  const expressions = columns.map(({ name, type }) => loadableExpression(sparkName(name), type));
  if (!reordered && expressions.every((expression) => expression === undefined)) return [];
  return columns.map(({ name }, index) => `${expressions[index] ?? sparkName(name)} AS ${sparkName(name)}`);
}

const measures = (options: Options, name: 'maxStringLength' | 'maxBinaryLength'): boolean =>
  options[name]?.toLowerCase() === 'measured';

function lengths(options: Options): SqlTypeOptions {
  const stringLength = lengthOption(options, 'maxStringLength');
  const binaryLength = lengthOption(options, 'maxBinaryLength');
  return {
    ...(stringLength === undefined ? {} : { stringLength }),
    ...(binaryLength === undefined ? {} : { binaryLength }),
  };
}

/** Columns of a new table whose length nobody gives: they are measured while Spark writes them. */
function measuredColumns(loads: readonly LoadColumn[], options: Options): string[] {
  return loads
    .filter(({ column, sqlType }) => {
      if (ownLength(column) !== undefined) return false;
      return sqlType.startsWith('nvarchar')
        ? measures(options, 'maxStringLength')
        : sqlType.startsWith('varbinary') && measures(options, 'maxBinaryLength');
    })
    .map(({ column }) => column.name);
}

/** Overwriting keeps the table as it is made when the frame has its columns, and makes a new one when it does not. */
function fits(columns: readonly Column[], existing: readonly PoolColumn[]): boolean {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  return (
    existing.length === names.size && existing.every(({ name, identity }) => !identity && names.has(name.toLowerCase()))
  );
}

function refuseOtherKinds(kind: TableKind | undefined, table: ThreePartName, external: boolean): void {
  if (kind === undefined || kind === (external ? 'external table' : 'table')) return;
  const name = `${table.database}.${table.schema}.${table.name}`;
  throw new CrossviewError('TABLE_TYPE_MISMATCH', `${name} is ${kind === 'external table' ? 'an' : 'a'} ${kind}.`, {
    hint:
      kind === 'view'
        ? 'Write to the table behind it.'
        : `Write with Constants.${external ? 'INTERNAL' : 'EXTERNAL'}, or give the new table another name.`,
    facts: { database: table.database, schema: table.schema, table: table.name, kind },
  });
}

function chooseWay(
  mode: SaveMode,
  overwrite: 'swap' | 'truncate' | 'replace',
  columns: readonly Column[],
  existing: readonly PoolColumn[] | undefined,
): Exclude<WriteWay, 'external'> {
  if (existing === undefined) return 'create';
  if (mode === 'Append') return 'append';
  if (overwrite === 'truncate') return 'truncate';
  return overwrite === 'swap' && fits(columns, existing) ? 'switch' : 'rename';
}

export interface Asked {
  readonly synapse: Synapse;
  readonly request: SynapseWriteRequest;
  readonly options: Options;
  readonly mode: SaveMode;
  readonly table: ThreePartName;
  readonly columns: readonly Column[];
  readonly target: PoolTarget;
  readonly pool: Pool;
  readonly existing: readonly PoolColumn[] | undefined;
}

type Internal = Pick<PlannedWrite, 'way' | 'loader' | 'columns' | 'layout' | 'measured' | 'staging'>;

async function planInternal(asked: Asked): Promise<Internal> {
  const { synapse, request, options, mode, table, columns, target, pool, existing } = asked;
  const loader = choice(options, 'writeSemantics', ['copy', 'polybase'], 'copy');
  const overwrite = choice(options, 'overwriteMode', ['swap', 'truncate', 'replace'], 'swap');
  const way = chooseWay(mode, overwrite, columns, existing);
  const staging = await chooseStaging(synapse, pool, options, request.conf);
  try {
    const further = endpointProblems(staging, target, options, loader === 'copy' ? 'copy' : 'external');
    const loads = preflight(columns, way === 'rename' ? undefined : existing, lengths(options), further);
    await checkGrants(pool, grantsFor(way, loader, table, loads, options));
    const replaces = existing !== undefined && (way === 'switch' || way === 'rename');
    const layout = replaces ? await tableLayout(pool, table, existing[0]?.name ?? '') : undefined;
    const measured = way === 'create' || way === 'rename' ? measuredColumns(loads, options) : [];
    return { way, loader, columns: loads, layout, measured, staging };
  } catch (thrown) {
    synapse.heartbeat.stop(staging);
    throw thrown;
  }
}

/** First half of a write: what will be done, and where Spark writes. Nothing is changed yet. */
export async function planWrite(
  synapse: Synapse,
  request: SynapseWriteRequest,
  signal: AbortSignal,
): Promise<{ write: PlannedWrite | undefined; plan: Omit<SynapseWritePlan, 'planId'> }> {
  const received = Date.now();
  const external = isExternal(request);
  const mode = saveMode(request.mode);
  const { options, unknown } = parseOptions(request.options, request.conf);
  for (const secret of [options.password, options.stagingStorageAccountKey])
    if (secret !== undefined) synapse.addSecret?.(secret);
  const table = parseThreePartName(request.table);
  const columns = fromSparkSchema(request.schema);
  const target = await synapse.pools.resolve({
    server: options.server,
    database: table.database,
    user: options.user,
    password: options.password,
  });
  const pool = await openPool(synapse, target, signal);
  const connected = Date.now();
  try {
    const found = await tableColumns(pool, table);
    const existing = found.length > 0 ? found : undefined;
    if (existing !== undefined && mode === 'ErrorIfExists')
      throw new CrossviewError(
        'TABLE_EXISTS',
        `The table ${table.database}.${table.schema}.${table.name} exists already.`,
        {
          hint: 'Write with mode("append"), mode("overwrite") or mode("ignore").',
          facts: { database: table.database, schema: table.schema, table: table.name },
        },
      );
    const nothing = { location: '', hadoopConf: {}, writerOptions: {}, select: [], append: false, measure: [] };
    if (existing !== undefined && mode === 'Ignore')
      return { write: undefined, plan: { skip: true, ...nothing, note: noteOf(target, unknown) } };
    refuseOtherKinds(existing === undefined ? undefined : await tableKind(pool, table), table, external);

    const asked: Asked = { synapse, request, options, mode, table, columns, target, pool, existing };
    const way = external ? await planExternal(asked) : { ...(await planInternal(asked)), external: undefined };
    const inferred = Date.now();
    try {
      if (way.staging.account.emulator)
        await synapse.step('prepareStaging', () => containerOf(synapse.storage, way.staging).ensure());
      const hadoopConf = await sparkAccess(synapse, way.staging, 'racwdl');
      const write: PlannedWrite = {
        ...{ target, table, mode, options, conf: request.conf, existing, cellId: request.cellId },
        ...way,
        times: { received, connected, inferred, planned: Date.now() },
      };
      const ordered = external ? way.columns.map(({ column }) => column) : columns;
      const plan = {
        skip: false,
        location: sparkLocation(way.staging),
        hadoopConf: { ...hadoopConf },
        writerOptions: { compression: 'snappy' },
        select: selectList(ordered, external),
        append: external,
        measure: [...way.measured],
        note: noteOf(target, unknown),
      };
      return { write, plan };
    } catch (thrown) {
      if (!external) await removeStaging(synapse, way.staging);
      throw thrown;
    }
  } finally {
    await pool.close();
  }
}
