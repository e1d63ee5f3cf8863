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
  readonly settleMs?: readonly number[] | undefined;
}

const usualSettleMs = [0, 1_000, 5_000, 15_000];

/** Asks by connections of their own until the pool answers. */
export async function persistently<T>(
  host: Pick<SwapHost, 'reconnect' | 'settleMs'>,
  reason: unknown,
  ask: (pool: Pool) => Promise<T>,
): Promise<T> {
  let last: unknown = reason;
  for (const wait of host.settleMs ?? usualSettleMs) {
    await delay(wait);
    try {
      const pool = await host.reconnect();
      try {
        return await ask(pool);
      } finally {
        await pool.close();
      }
    } catch (thrown) {
      last = thrown;
    }
  }
  throw last;
}

function interrupted(swap: Swap, hint: string, reason: unknown, cause: unknown): CrossviewError {
  return new CrossviewError(
    'OVERWRITE_INTERRUPTED',
    `The pool stopped answering while ${tableName(swap.target)} was swapped: ${String(reason)}`,
    { hint, facts: { schema: swap.target.schema, table: swap.target.name, renamed: swap.old.name }, cause },
  );
}

/** SQL Server's numbers from 4900 on say what keeps two tables from being switched. */
function cannotSwitch(thrown: unknown): boolean {
  const number = thrown instanceof CrossviewError ? Number(thrown.facts.number) : Number.NaN;
  return number >= 4_900 && number < 5_000;
}

/** After a connection was lost in the middle of it: a switch empties the stage table, all at once. */
async function wasSwitched(pool: Pool, swap: Swap, rows: number): Promise<boolean> {
  const filled = (table: TableName) => `CASE WHEN EXISTS (SELECT 1 FROM ${tableName(table)}) THEN 1 ELSE 0 END`;
  const [row] = await pool.rows(
    'inspectSwap',
    `SELECT ${filled(swap.stage)} AS stage_filled, ${filled(swap.target)} AS target_filled`,
  );
  return rows > 0 ? row?.stage_filled === 0 : row?.target_filled === 0;
}

/**
 * Puts the rows of `stage`, a table made like the target, in place of the target's: one metadata operation, so that readers have the
 * old rows, then the new ones. Grants, statistics and whatever names the table stay.
 * @param rows in the stage table.
 * @returns false when the pool does not switch these two; nothing has changed then.
 */
export async function switchTable(host: SwapHost, swap: Swap, rows: number): Promise<boolean> {
  const statement = `ALTER TABLE ${tableName(swap.stage)} SWITCH TO ${tableName(swap.target)} WITH (TRUNCATE_TARGET = ON)`;
  try {
    await host.pool.run('switchTables', statement, { toTheEnd: true });
    return true;
  } catch (thrown) {
    if (cannotSwitch(thrown)) {
      host.log(`not switched: ${String(thrown)}`);
      return false;
    }
    const done = await persistently(host, thrown, (pool) => wasSwitched(pool, swap, rows)).catch((cause: unknown) => {
      throw interrupted(swap, 'The table has either its old rows or the new ones, none mixed.', thrown, cause);
    });
    if (done) return true;
    throw thrown;
  }
}

/**
 * Finds out how far a swap by names came and ends it: with the new rows when the table has them, else by renaming the old table back.
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

function settleAnyhow(host: SwapHost, swap: Swap, reason: unknown): Promise<'complete' | 'before'> {
  return persistently(host, reason, (pool) => settleSwap(pool, swap)).catch((cause: unknown) => {
    throw interrupted(
      swap,
      `The old rows are all there, perhaps as ${tableName(swap.old)}. The next session puts it right, or run RENAME OBJECT ${tableName(swap.old)} TO ${identifier(swap.target.name)}; yourself.`,
      reason,
      cause,
    );
  });
}

/**
 * Gives `stage` the name of `target`, for tables of different columns. Both renames go in one batch: between them is a moment with no
 * table, which our own readers wait out. A failure of the second takes the first back, by another connection if need be.
 */
export async function renameTables(host: SwapHost, swap: Swap): Promise<void> {
  const { pool } = host;
  await copyGrants(pool, swap.target, swap.stage);
  await host.record();
  try {
    const batch = `${renameTable(swap.target, swap.old.name)};\n${renameTable(swap.stage, swap.target.name)};`;
    await pool.run('renameTables', batch, { toTheEnd: true });
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
