import { setTimeout as delay } from 'node:timers/promises';
import { CrossviewError } from '@crossview/contracts';
import type { Pool } from '../pool.js';
import { renameTable } from '../tsql/ddl.js';
import { identifier, literal, type TableName, tableName } from '../tsql/quote.js';
import { copyGrants } from './grants.js';

/** The three names of a swap. */
export interface Swap {
  readonly target: TableName;
  readonly stage: TableName;
  /** The name that the old table has until it is dropped. */
  readonly old: TableName;
}

export interface SwapHost {
  readonly pool: Pool;
  /** A connection of its own that hears no signal, for finding out and putting right. */
  readonly reconnect: () => Promise<Pool>;
  /** Leaves word of the swap for those who come after a crash. */
  readonly record: () => Promise<void>;
  readonly log: (line: string) => void;
}

const settleDelaysMs = [0, 1_000, 5_000, 15_000];

/**
 * Finds out how far a swap came and ends it: with the new rows when the table has them, else by renaming the old table back.
 * Does nothing where nothing is left to do, so that it may be repeated.
 */
export async function settleSwap(pool: Pool, swap: Swap): Promise<'complete' | 'before'> {
  const there = (table: TableName, as: string) =>
    `CASE WHEN OBJECT_ID(${literal(tableName(table))}) IS NULL THEN 0 ELSE 1 END AS ${as}`;
  const [row] = await pool.rows(
    'inspectSwap',
    `SELECT ${there(swap.target, 'target_there')}, ${there(swap.stage, 'stage_there')}, ${there(swap.old, 'old_there')}`,
  );
  const [target, stage, old] = [row?.target_there === 1, row?.stage_there === 1, row?.old_there === 1];
  if (!old) return target && !stage ? 'complete' : 'before';
  if (!target) {
    await pool.run('renameBack', renameTable(swap.old, swap.target.name), { toTheEnd: true });
    return 'before';
  }
  // Both are there: the new rows have the name, or someone else made a table of this name meanwhile; then the stage table is still there.
  if (stage) return 'before';
  await pool.run('dropOld', `DROP TABLE ${tableName(swap.old)}`, { toTheEnd: true });
  return 'complete';
}

async function settleAnyhow(host: SwapHost, swap: Swap, reason: unknown): Promise<'complete' | 'before'> {
  let last: unknown = reason;
  for (const wait of settleDelaysMs) {
    await delay(wait);
    try {
      const pool = await host.reconnect();
      try {
        return await settleSwap(pool, swap);
      } finally {
        await pool.close();
      }
    } catch (thrown) {
      last = thrown;
    }
  }
  throw new CrossviewError(
    'OVERWRITE_INTERRUPTED',
    `The pool stopped answering while ${tableName(swap.target)} was swapped: ${String(reason)}`,
    {
      hint: `The old rows are all there, perhaps as ${tableName(swap.old)}. The next session puts it right, or run RENAME OBJECT ${tableName(swap.old)} TO ${identifier(swap.target.name)}; yourself.`,
      facts: { schema: swap.target.schema, table: swap.target.name, renamed: swap.old.name },
      cause: last,
    },
  );
}

/**
 * Puts `stage` where `target` is. Readers see the old rows, then the new ones; between two renames, for moments, no table.
 * A failure of the second rename takes the first back, by another connection if need be: the table is as before, or complete.
 */
export async function replaceTable(host: SwapHost, swap: Swap): Promise<void> {
  const { pool } = host;
  await copyGrants(pool, swap.target, swap.stage);
  await host.record();
  try {
    await pool.run('renameOld', renameTable(swap.target, swap.old.name), { toTheEnd: true });
    await pool.run('renameNew', renameTable(swap.stage, swap.target.name), { toTheEnd: true });
  } catch (thrown) {
    if ((await settleAnyhow(host, swap, thrown)) === 'complete') return;
    throw thrown;
  }
  try {
    await pool.run('dropOld', `DROP TABLE ${tableName(swap.old)}`, { toTheEnd: true });
  } catch (thrown) {
    // The new rows are in place, which is what was asked for; only the old table is in the way.
    await settleAnyhow(host, swap, thrown).catch(() =>
      host.log(`left behind: ${tableName(swap.old)}: ${String(thrown)}`),
    );
  }
}
