import { setTimeout as delay } from 'node:timers/promises';
import { CrossviewError } from '@crossview/contracts';
import type { Pool } from '../pool.js';
import { likePattern, literal } from '../tsql/quote.js';
import type { ReadSource } from './plan.js';

const waitMs = 250;
const tries = 40;

function notThere(thrown: unknown): boolean {
  return thrown instanceof CrossviewError && (Number(thrown.facts.number) === 208 || thrown.code === 'TABLE_NOT_FOUND');
}

/** Whether a table of this schema has stepped aside for one of other columns just now. */
async function swapping(pool: Pool, schema: string): Promise<boolean> {
  const [row] = await pool.rows(
    'inspectTable',
    `SELECT COUNT(*) AS aside FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id
WHERE s.name = ${literal(schema)} AND t.name LIKE ${literal(`${likePattern('crossview_')}%${likePattern('_old')}`)} ESCAPE '\\'`,
  );
  return Number(row?.aside) > 0;
}

/** Asks again while an overwrite renames the table: for a moment the pool has none of its name. */
export async function whileSwapped<T>(pool: Pool, source: ReadSource, ask: () => Promise<T>): Promise<T> {
  for (let left = tries; ; left--) {
    try {
      return await ask();
    } catch (thrown) {
      if (source.kind !== 'table' || !notThere(thrown) || left === 0) throw thrown;
      if (!(await swapping(pool, source.table.schema))) {
        // It may have come back between the two questions.
        return await ask();
      }
      await delay(waitMs);
    }
  }
}
