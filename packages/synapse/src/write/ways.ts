import { openPool } from '../context.js';
import type { Loaded } from '../loaders/index.js';
import { objectNames } from '../names.js';
import { defaultTableOptions, renameTable } from '../tsql/ddl.js';
import { tableName } from '../tsql/quote.js';
import { addRows, fillLikeTarget, fillStage, type Loading } from './fill.js';
import type { PlannedWrite, WriteWay } from './plan.js';
import { renameTables, type Swap, type SwapHost, switchTable } from './replace.js';
import { writeSwapRecord } from './swap-record.js';

function swapOf({ synapse, write, pool, stage }: Loading): { host: SwapHost; swap: Swap } {
  const { server, database } = write.target;
  const { schema, name: table } = write.table;
  const old = objectNames(synapse.sessionId)('old');
  return {
    swap: { target: write.table, stage, old: { schema, name: old } },
    host: {
      pool,
      log: synapse.log,
      settleMs: synapse.timeouts?.settleMs,
      reconnect: () => openPool(synapse, write.target, undefined),
      record: () =>
        writeSwapRecord(synapse, write.staging, { server, database, schema, table, stage: stage.name, old }),
    },
  };
}

/** The old table's distribution and index for a table of other columns, when it still has the columns that they name. */
function keptOptions({ options, layout, columns }: PlannedWrite): string {
  if (options.tableOptions !== undefined) return options.tableOptions;
  const fallback = defaultTableOptions(columns);
  if (layout === undefined) return fallback;
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  const keeps = layout.columns.every((name) => names.has(name.toLowerCase()));
  // A columnstore takes no (max) column, which the old table may not have had.
  if (!keeps || (fallback.endsWith('HEAP') && layout.options.includes('COLUMNSTORE'))) return fallback;
  return layout.options;
}

/** What was loaded, and the way that it went at last where that is not the planned one. */
export type Arrived = Loaded & { readonly way?: WriteWay };

/** How the rows come into an internal table, by the way that was planned. */
export const ways: Readonly<Record<Exclude<WriteWay, 'external'>, (loading: Loading) => Promise<Arrived>>> = {
  async create(loading) {
    const { job, pool, stage, write } = loading;
    const loaded = await fillStage(loading, write.options.tableOptions ?? defaultTableOptions(job.columns));
    await pool.run('renameNew', renameTable(stage, write.table.name));
    return loaded;
  },
  append: (loading) => addRows(loading, loading.write.table),
  async switch(loading) {
    const loaded = await fillLikeTarget(loading);
    const { host, swap } = swapOf(loading);
    const switched = loading.write.layout?.partitioned !== true && (await switchTable(host, swap, loading.staged.rows));
    if (switched) return loaded;
    await renameTables(host, swap);
    return { ...loaded, way: 'rename' };
  },
  async rename(loading) {
    const loaded = await fillStage(loading, keptOptions(loading.write));
    const { host, swap } = swapOf(loading);
    await renameTables(host, swap);
    return loaded;
  },
  async truncate(loading) {
    await loading.pool.run('truncateTarget', `TRUNCATE TABLE ${tableName(loading.write.table)}`);
    return addRows(loading, loading.write.table);
  },
};
