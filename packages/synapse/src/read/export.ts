import { CrossviewError, type SynapseFilter } from '@crossview/contracts';
import { chooseStaging } from '../choose-staging.js';
import { openPool, type Synapse } from '../context.js';
import { objectNames } from '../names.js';
import { sparkAccess } from '../spark-storage-conf.js';
import { containerOf, type StagingBase, sparkLocation } from '../staging.js';
import { dropExternalTable, labelOption } from '../tsql/ddl.js';
import { externalPlace } from '../tsql/external-objects.js';
import { identifier, plainLiteral, tableName } from '../tsql/quote.js';
import { showProgress } from '../write/progress.js';
import { predicate } from './filter.js';
import { type PlannedRead, selectStatement } from './plan.js';
import { exportExpression, type ReadColumn } from './result-columns.js';
import { whileSwapped } from './while-swapped.js';

export interface ExportRequest {
  readonly columns: readonly string[];
  readonly filters: readonly SynapseFilter[];
  readonly limit: number | null;
}

export interface Exported {
  /** `undefined` when only rows were counted. */
  readonly staging: StagingBase | undefined;
  readonly location: string;
  readonly hadoopConf: Readonly<Record<string, string>>;
  readonly rows: number | undefined;
}

function chosenColumns(read: PlannedRead, names: readonly string[]): ReadColumn[] {
  return names.map((name) => {
    const found = read.columns.find((column) => column.name === name);
    if (found === undefined) throw new CrossviewError('COLUMN_NOT_FOUND', `The read has no column "${name}".`);
    return found;
  });
}

function topOf(limit: number | null): string {
  return limit === null ? '' : `TOP ${Math.trunc(limit)} `;
}

function whereOf(read: PlannedRead, filters: readonly SynapseFilter[]): string {
  if (filters.length === 0) return '';
  return `\nWHERE ${filters.map((filter) => predicate(filter, read.columns, (column) => exportExpression(column as ReadColumn))).join(' AND ')}`;
}

/** Exports the rows by CETAS into a fresh directory, or counts them when no column is wanted. */
export async function exportRead(
  synapse: Synapse,
  read: PlannedRead,
  request: ExportRequest,
  signal: AbortSignal,
): Promise<Exported> {
  const pool = await openPool(synapse, read.target, signal, read.options.queryTimeout);
  const where = whereOf(read, request.filters);
  const names = objectNames(synapse.sessionId);
  let staging: StagingBase | undefined;
  try {
    if (request.columns.length === 0) {
      const count = selectStatement(read.source, 'COUNT_BIG(*) AS row_count', where);
      const rows = await whileSwapped(pool, read.source, () => pool.rows('countOnly', count));
      const counted = Number(rows[0]?.row_count);
      return {
        staging: undefined,
        location: '',
        hadoopConf: {},
        rows: request.limit === null ? counted : Math.min(counted, request.limit),
      };
    }
    staging = await chooseStaging(synapse, pool, read.options, read.conf);
    if (staging.account.emulator) {
      const container = containerOf(synapse.storage, staging);
      await synapse.step('prepareStaging', () => container.ensure());
    }
    const hadoopConf = await sparkAccess(synapse, staging, 'rl');
    const place = await externalPlace(pool, staging, {
      dataSource: read.options.dataSource,
      fileFormat: read.options.fileFormat,
      names,
      log: synapse.log,
    });
    try {
      const list = chosenColumns(read, request.columns).map((column) => {
        const expression = exportExpression(column);
        const quoted = identifier(column.name);
        return expression === quoted ? quoted : `${expression} AS ${quoted}`;
      });
      const external = tableName({ schema: 'dbo', name: names('external_table') });
      const label = read.options.label ?? `crossview synapsesql ${names('external_table')}`;
      const exporting = () =>
        pool.run(
          'exportRows',
          `CREATE EXTERNAL TABLE ${external} WITH (LOCATION = ${plainLiteral(place.location)}, DATA_SOURCE = ${identifier(place.dataSource)}, FILE_FORMAT = ${identifier(place.fileFormat)}) AS
${selectStatement(read.source, `${topOf(request.limit)}${list.join(', ')}`, where)}${labelOption(label)}`,
        );
      const ended = showProgress(synapse, () => 'the pool exports the rows');
      await whileSwapped(pool, read.source, exporting).finally(ended);
      await pool
        .run('dropExternalTable', dropExternalTable(external), { toTheEnd: true })
        .catch((thrown: unknown) => synapse.log(`left behind: ${external}: ${String(thrown)}`));
    } finally {
      await place.drop();
    }
    return { staging, location: sparkLocation(staging), hadoopConf, rows: undefined };
  } catch (thrown) {
    if (staging !== undefined) await removeStaging(synapse, staging);
    throw thrown;
  } finally {
    await pool.close();
  }
}

/** Removes a staging directory; what cannot be removed now is swept later. Never fails. */
export async function removeStaging(synapse: Synapse, staging: StagingBase): Promise<void> {
  synapse.heartbeat.stop(staging);
  await synapse
    .step('removeStaging', () => containerOf(synapse.storage, staging).removeDirectory(staging.directory))
    .catch((thrown: unknown) => synapse.log(`left behind: ${sparkLocation(staging)}: ${String(thrown)}`));
}
