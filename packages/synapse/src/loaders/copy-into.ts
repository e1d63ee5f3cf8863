import { copyAddress } from '../staging.js';
import { columnList, createTable, labelOption } from '../tsql/ddl.js';
import { plainLiteral, type TableName, tableName } from '../tsql/quote.js';
import type { Loaded, Loader, LoadJob } from './loader.js';

function statement(job: LoadJob, table: TableName, secret: string): string {
  return `COPY INTO ${tableName(table)} (${columnList(job.columns)}) FROM ${plainLiteral(copyAddress(job.staging))} WITH (FILE_TYPE = 'PARQUET', MAXERRORS = 0, CREDENTIAL = (IDENTITY = 'Shared Access Signature', SECRET = ${plainLiteral(secret)}))${labelOption(job.label)}`;
}

async function append(job: LoadJob, table: TableName): Promise<Loaded> {
  const rows = await job.pool.run('copyInto', statement(job, table, await job.signature()));
  return { rows, command: statement(job, table, '***') };
}

/** COPY INTO with a signature of hours for the staging container: needs no CONTROL, no credential and no master key in the database. */
export const copyInto: Loader = {
  name: 'copy',
  title: 'COPY INTO',
  async create(job, table, tableOptions) {
    await job.pool.run('createStageTable', createTable(table, job.columns, tableOptions));
    return append(job, table);
  },
  append,
};
