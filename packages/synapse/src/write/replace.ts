import { CrossviewError } from '@crossview/contracts';
import type { Pool } from '../pool.js';
import { renameTable } from '../tsql/ddl.js';
import { identifier, type TableName, tableName } from '../tsql/quote.js';
import { copyGrants } from './grants.js';

/**
 * Puts `stage` where `target` is. Readers see the old rows, then the new ones; between two renames, for moments, no table.
 * When the second rename fails the first is taken back, so that the old table is there again.
 * @param old the name that the old table has until it is dropped.
 */
export async function replaceTable(
  pool: Pool,
  target: TableName,
  stage: TableName,
  old: string,
  log: (line: string) => void,
): Promise<void> {
  const away: TableName = { schema: target.schema, name: old };
  await copyGrants(pool, target, stage);
  await pool.run('renameOld', renameTable(target, old), { toTheEnd: true });
  try {
    await pool.run('renameNew', renameTable(stage, target.name), { toTheEnd: true });
  } catch (thrown) {
    try {
      await pool.run('renameBack', renameTable(away, target.name), { toTheEnd: true });
    } catch (second) {
      throw new CrossviewError(
        'OVERWRITE_INTERRUPTED',
        `The old table is there with all its rows, but under the name ${tableName(away)}: renaming it back failed after ${String(thrown)}`,
        {
          hint: `Run RENAME OBJECT ${tableName(away)} TO ${identifier(target.name)}; in a %%tsql cell. Nothing sweeps it away.`,
          facts: { schema: target.schema, table: target.name, renamed: old },
          cause: second,
        },
      );
    }
    throw thrown;
  }
  await pool
    .run('dropOld', `DROP TABLE ${tableName(away)}`, { toTheEnd: true })
    .catch((thrown: unknown) => log(`left behind: ${tableName(away)}: ${String(thrown)}`));
}
