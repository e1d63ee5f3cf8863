import { columnDefinitions, columnList, dropExternalTable, labelOption } from '../tsql/ddl.js';
import { externalPlace } from '../tsql/external-objects.js';
import { identifier, plainLiteral, tableName } from '../tsql/quote.js';
import type { Loaded, Loader, LoadJob } from './loader.js';

/** Puts an external table over the staged files, runs the statement that `load` makes of its name, and takes the table away. */
async function throughExternalTable(job: LoadJob, schema: string, load: (external: string) => string): Promise<Loaded> {
  const place = await externalPlace(job.pool, job.staging, job.external);
  try {
    const external = tableName({ schema, name: job.external.names('external_table') });
    await job.pool.run(
      'createExternalTable',
      `CREATE EXTERNAL TABLE ${external} (${columnDefinitions(job.columns)}) WITH (LOCATION = ${plainLiteral(place.location)}, DATA_SOURCE = ${identifier(place.dataSource)}, FILE_FORMAT = ${identifier(place.fileFormat)}, REJECT_TYPE = VALUE, REJECT_VALUE = 0)`,
    );
    try {
      const command = load(external);
      return { rows: await job.pool.run('loadFromExternalTable', command), command };
    } finally {
      await job.pool
        .run('dropExternalTable', dropExternalTable(external), { toTheEnd: true })
        .catch((thrown: unknown) => job.external.log(`left behind: ${String(thrown)}`));
    }
  } finally {
    await place.drop();
  }
}

/** PolyBase: an external table over the staged files, then CREATE TABLE AS SELECT or INSERT. Columns go by position, so the external table has them all. */
export const polybase: Loader = {
  name: 'polybase',
  title: 'PolyBase',
  create: (job, table, tableOptions) =>
    throughExternalTable(
      job,
      table.schema,
      (external) =>
        `CREATE TABLE ${tableName(table)} WITH (${tableOptions}) AS SELECT ${columnList(job.columns)} FROM ${external}${labelOption(job.label)}`,
    ),
  append: (job, table) =>
    throughExternalTable(
      job,
      table.schema,
      (external) =>
        `INSERT INTO ${tableName(table)} (${columnList(job.columns)}) SELECT ${columnList(job.columns)} FROM ${external}${labelOption(job.label)}`,
    ),
};
