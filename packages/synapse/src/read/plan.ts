import { toSparkSchema } from '@crossview/columns';
import { CrossviewError, type PoolTarget } from '@crossview/contracts';
import { checkGrants, externalGrants } from '../check-grants.js';
import { openPool, type Synapse } from '../context.js';
import { noteOf, type Options, parseOptions } from '../options.js';
import type { Pool } from '../pool.js';
import { parseQuery, type QueryText, selectFrom } from '../tsql/query-text.js';
import { tableName } from '../tsql/quote.js';
import { parseThreePartName, type ThreePartName } from '../tsql/table-name.js';
import { type ReadColumn, readColumns } from './result-columns.js';
import { whileSwapped } from './while-swapped.js';

export interface ReadRequest {
  readonly source: string;
  readonly options: Readonly<Record<string, string>>;
  readonly conf: Readonly<Record<string, string>>;
  readonly cellId: string;
}

export type ReadSource =
  | { readonly kind: 'table'; readonly table: ThreePartName }
  | { readonly kind: 'query'; readonly query: QueryText };

/** A read whose rows are exported when Spark asks for them. */
export interface PlannedRead {
  readonly target: PoolTarget;
  readonly source: ReadSource;
  readonly options: Options;
  readonly conf: Readonly<Record<string, string>>;
  readonly columns: readonly ReadColumn[];
}

/** `SELECT list FROM source rest`. */
export function selectStatement(source: ReadSource, list: string, rest: string): string {
  return source.kind === 'table'
    ? `SELECT ${list} FROM ${tableName(source.table)}${rest}`
    : selectFrom(source.query, list, rest);
}

function findSource(argument: string, options: Options): ReadSource {
  const query = options.query;
  if (argument.trim() !== '' && query !== undefined)
    throw new CrossviewError('OPTION_CONFLICT', 'A table or query is named, and Constants.QUERY is set as well.', {
      hint: 'Give one of them.',
    });
  const text = argument.trim() === '' ? query : argument;
  if (text === undefined || text.trim() === '')
    throw new CrossviewError('OPTION_MISSING', 'There is nothing to read: no table, no query.', {
      hint: 'Name a table, database.schema.table, or set Constants.QUERY.',
    });
  // The text of a query may have two dots as well: SELECT * FROM dbo.a, dbo.b.
  if (query === undefined && !/^\s*(?:--|\/\*|(?:select|with)\b(?!\s*\.))/i.test(text))
    return { kind: 'table', table: parseThreePartName(text) };
  return { kind: 'query', query: parseQuery(text) };
}

function databaseOf(source: ReadSource, options: Options): string {
  if (source.kind === 'table') return source.table.database;
  if (options.database !== undefined) return options.database;
  throw new CrossviewError('OPTION_MISSING', 'A query needs the name of its database.', {
    hint: 'Set Constants.DATABASE, or spark.sqlanalyticsconnector.dw.database in the session.',
  });
}

async function describe(pool: Pool, source: ReadSource): Promise<ReadColumn[]> {
  try {
    const result = await pool.table(
      source.kind === 'table' ? 'inspectTable' : 'inspectQuery',
      selectStatement(source, 'TOP 0 *', ''),
    );
    return readColumns(result);
  } catch (thrown) {
    if (source.kind === 'table' && thrown instanceof CrossviewError && thrown.facts.number === 208) {
      const { database, schema, name } = source.table;
      throw new CrossviewError(
        'TABLE_NOT_FOUND',
        `There is no table ${database}.${schema}.${name}, or none that this login may read.`,
        {
          hint: `List the tables in a %%tsql cell: SELECT s.name, t.name FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id;`,
          facts: { ...thrown.facts, database, schema, table: name },
        },
      );
    }
    throw thrown;
  }
}

/** Resolves a read and gives its schema; no row moves yet. `exported`: the pool will write the rows to storage. */
export async function planRead(
  synapse: Synapse,
  request: ReadRequest,
  signal: AbortSignal,
  { exported }: { readonly exported: boolean } = { exported: true },
): Promise<{ read: PlannedRead; schema: string; note: string }> {
  const { options, unknown } = parseOptions(request.options, request.conf);
  for (const secret of [options.password, options.stagingStorageAccountKey])
    if (secret !== undefined) synapse.addSecret?.(secret);
  if (exported && options.user !== undefined && options.dataSource === undefined)
    throw new CrossviewError('OPTION_MISSING', 'SQL authentication needs an external data source to read through.', {
      hint: 'Set Constants.DATA_SOURCE to one whose database scoped credential has the access key of its storage account.',
      facts: { option: 'DATA_SOURCE' },
    });
  const source = findSource(request.source, options);
  const target = await synapse.pools.resolve({
    server: options.server,
    database: databaseOf(source, options),
    user: options.user,
    password: options.password,
  });
  const pool = await openPool(synapse, target, signal);
  try {
    const columns = await whileSwapped(pool, source, () => describe(pool, source));
    if (exported) await checkGrants(pool, externalGrants({ dataSource: options.dataSource, schema: 'dbo' }));
    return {
      read: { target, source, options, conf: request.conf, columns },
      schema: toSparkSchema(columns),
      note: noteOf(target, unknown),
    };
  } finally {
    await pool.close();
  }
}
