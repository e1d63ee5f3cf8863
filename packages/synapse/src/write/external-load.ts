import { sqlColumnText } from '@crossview/columns';
import { CrossviewError } from '@crossview/contracts';
import { openPool, type Synapse } from '../context.js';
import type { Pool } from '../pool.js';
import type { LoadColumn } from '../preflight.js';
import { containerOf } from '../staging.js';
import { columnDefinitions } from '../tsql/ddl.js';
import { type ExternalTableAt, externalTableAt } from '../tsql/inspect.js';
import { identifier, literal, plainLiteral, type TableName, tableName } from '../tsql/quote.js';
import { type ExternalWrite, ownFormat } from './external.js';
import type { PlannedWrite } from './plan.js';
import { persistently } from './replace.js';

/** Whether the pool may have a table over the files of a write that failed. */
export function isUnknown(thrown: unknown): boolean {
  return thrown instanceof CrossviewError && thrown.code === 'EXTERNAL_TABLE_UNKNOWN';
}

/** Removes what this write put at the location. */
export async function removeNewFiles(synapse: Synapse, write: PlannedWrite): Promise<void> {
  const { external, staging } = write;
  if (external === undefined) return;
  await synapse
    .step('removeNewFiles', async () => {
      const container = containerOf(synapse.storage, staging);
      if (external.foreign.size === 0) {
        await container.removeDirectory(staging.directory);
        return;
      }
      for await (const { path } of container.list(`${staging.directory}/`))
        if (!external.foreign.has(path)) await container.removeDirectory(path);
    })
    .catch((thrown: unknown) => synapse.log(`left behind: files at ${external.location}: ${String(thrown)}`));
}

function definition(table: TableName, columns: readonly LoadColumn[], external: ExternalWrite, format: string): string {
  return `CREATE EXTERNAL TABLE ${tableName(table)} (${columnDefinitions(columns)}) WITH (LOCATION = ${plainLiteral(external.location)}, DATA_SOURCE = ${identifier(external.dataSource)}, FILE_FORMAT = ${identifier(format)}, REJECT_TYPE = VALUE, REJECT_VALUE = 0)`;
}

async function makeFormat(pool: Pool): Promise<string> {
  await pool.run(
    'createFileFormat',
    `IF NOT EXISTS (SELECT * FROM sys.external_file_formats WHERE name = ${literal(ownFormat)}) CREATE EXTERNAL FILE FORMAT ${identifier(ownFormat)} WITH (FORMAT_TYPE = PARQUET, DATA_COMPRESSION = 'org.apache.hadoop.io.compress.SnappyCodec')`,
  );
  return ownFormat;
}

/** Second half: the table over the files that Spark has written. Gives the statement. */
export async function loadExternal(synapse: Synapse, write: PlannedWrite, pool: Pool): Promise<string> {
  const { external, table, columns } = write;
  if (external === undefined) throw new Error('not an external table');
  if (write.mode === 'Append' && external.before !== undefined) return '';
  const command = definition(table, columns, external, external.fileFormat ?? (await makeFormat(pool)));
  if (external.before === undefined) {
    await certainly(synapse, write, () => pool.run('writeExternalTable', command, { toTheEnd: true }));
    return command;
  }
  const drop = `DROP EXTERNAL TABLE ${tableName(table)}`;
  await certainly(synapse, write, () => pool.run('replaceExternalTable', `${drop};\n${command};`, { toTheEnd: true }));
  const { oldFiles } = external;
  if (oldFiles !== undefined)
    await synapse
      .step('removeOldFiles', () => containerOf(synapse.storage, oldFiles).removeDirectory(oldFiles.directory))
      .catch((thrown: unknown) => synapse.log(`left behind: the old files of ${tableName(table)}: ${String(thrown)}`));
  return command;
}

/**
 * Runs the statement that makes the table. When it fails, or nobody knows whether it did, another connection looks where the table points: at
 * the new files it is complete; a table that is gone gets its old definition back, for its files are all there.
 * @throws CrossviewError `EXTERNAL_TABLE_UNKNOWN` when the pool does not say; then no file is removed.
 */
async function certainly(synapse: Synapse, write: PlannedWrite, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (thrown) {
    const reconnect = () => openPool(synapse, write.target, undefined);
    const complete = await persistently({ reconnect, settleMs: synapse.timeouts?.settleMs }, thrown, async (pool) => {
      const now = await externalTableAt(pool, write.table);
      if (now !== undefined) return now.location === write.external?.location;
      if (write.external?.before !== undefined) await restore(pool, write, write.external.before);
      return false;
    }).catch((cause: unknown) => {
      throw new CrossviewError(
        'EXTERNAL_TABLE_UNKNOWN',
        `The pool stopped answering while ${tableName(write.table)} was made: ${String(thrown)}`,
        {
          hint: `The new files are at ${write.external?.location}; the old ones, if there were any, are where they were.`,
          facts: { schema: write.table.schema, table: write.table.name },
          cause,
        },
      );
    });
    if (!complete) throw thrown;
  }
}

async function restore(pool: Pool, { table, existing }: PlannedWrite, before: ExternalTableAt): Promise<void> {
  const columns = (existing ?? []).map((column) => ({ name: column.name, sqlType: sqlColumnText(column) }));
  await pool.run(
    'writeExternalTable',
    `IF OBJECT_ID(${literal(tableName(table))}) IS NULL CREATE EXTERNAL TABLE ${tableName(table)} (${columnDefinitions(columns)}) WITH (LOCATION = ${plainLiteral(before.location)}, DATA_SOURCE = ${identifier(before.dataSource)}, FILE_FORMAT = ${identifier(before.fileFormat)}, REJECT_TYPE = VALUE, REJECT_VALUE = 0)`,
    { toTheEnd: true },
  );
}
