import { parseBatch } from '../../dialect/parse/batch.js';
import { notSupported, SqlError } from '../../errors/sql-error.js';
import { runStatements } from '../batch.js';
import type { Context } from '../context.js';
import { kindOf, parseObjectName } from '../facts.js';
import { type Handler, next } from './handler.js';

function tableName(context: Context, name: string | undefined): { shown: string; schema: string; table: string } {
  const found = name === undefined ? undefined : kindOf(context.session, parseObjectName(name));
  if (!found)
    throw new SqlError(2501, `Cannot find a table or object with the name "${name ?? ''}". Check the system catalog.`);
  return { shown: `[${found.schema}].[${found.name}]`, schema: found.schema, table: found.name };
}

async function run(context: Context, text: string): Promise<void> {
  await runStatements(context, parseBatch(text));
}

/** Header, density and histogram, counted now; up to 200 values have a step of their own. */
async function showStatistics(context: Context, values: readonly string[], options: readonly string[]): Promise<void> {
  const { shown, schema, table } = tableName(context, values[0]);
  const target = values[1] ?? '';
  // A pool makes statistics of columns by itself, and shows those of a column by its name.
  const own = context.session.database
    .table(schema, table)
    ?.columns.find((known) => known.name.toLowerCase() === target.toLowerCase());
  const entry =
    context.session.database.find('statistics', schema, table, target) ??
    (own && { name: `_WA_Sys_${own.name}`, columns: [own.name] });
  if (!entry) throw new SqlError(2767, `Could not locate statistics '${values[1] ?? ''}' in the system catalogs.`);
  const wanted = (name: string) => options.length === 0 || options.includes('NO_INFOMSGS') || options.includes(name);
  const column = `[${entry.columns[0]}]`;
  const all = entry.columns.map((name) => `[${name}]`).join(', ');
  if (wanted('STAT_HEADER'))
    await run(
      context,
      `SELECT N'${entry.name.replaceAll("'", "''")}' AS [Name], CAST(GETDATE() AS nvarchar(20)) AS [Updated], COUNT_BIG(*) AS [Rows], COUNT_BIG(*) AS [Rows Sampled], CAST(COUNT(DISTINCT ${column}) AS smallint) AS [Steps], CAST(1 AS real) AS [Density], CAST(0 AS real) AS [Average key length], 'NO ' AS [String Index], CAST(NULL AS nvarchar(4000)) AS [Filter Expression], COUNT_BIG(*) AS [Unfiltered Rows] FROM ${shown}`,
    );
  if (wanted('DENSITY_VECTOR'))
    await run(
      context,
      `SELECT CAST(1.0 / NULLIF(COUNT_BIG(*), 0) AS real) AS [All density], CAST(0 AS real) AS [Average Length], N'${entry.columns.join(', ').replaceAll("'", "''")}' AS [Columns] FROM (SELECT DISTINCT ${all} FROM ${shown}) AS d`,
    );
  if (wanted('HISTOGRAM'))
    await run(
      context,
      `SELECT TOP 200 ${column} AS [RANGE_HI_KEY], CAST(0 AS real) AS [RANGE_ROWS], CAST(COUNT(*) AS real) AS [EQ_ROWS], CAST(0 AS bigint) AS [DISTINCT_RANGE_ROWS], CAST(1 AS real) AS [AVG_RANGE_ROWS] FROM ${shown} GROUP BY ${column} ORDER BY ${column}`,
    );
}

/** The rows of a table stand in the first of sixty distributions: there is one machine. */
function showSpace(context: Context, name: string | undefined): Promise<void> {
  const rows =
    name === undefined
      ? '0'
      : `CASE WHEN d.distribution_id = 1 THEN (SELECT COUNT_BIG(*) FROM ${tableName(context, name).shown}) ELSE 0 END`;
  return run(
    context,
    `SELECT CAST(${rows} AS bigint) AS [ROWS], CAST(0 AS bigint) AS [RESERVED_SPACE], CAST(0 AS bigint) AS [DATA_SPACE], CAST(0 AS bigint) AS [INDEX_SPACE], CAST(0 AS bigint) AS [UNUSED_SPACE], d.pdw_node_id AS [PDW_NODE_ID], d.distribution_id AS [DISTRIBUTION_ID] FROM sys.pdw_distributions d ORDER BY d.distribution_id`,
  );
}

type Command = (context: Context, values: readonly string[], options: readonly string[]) => Promise<void>;

/** What of DBCC a dedicated SQL pool has, by command. */
export const dbccCommands: Readonly<Record<string, Command>> = {
  SHOW_STATISTICS: showStatistics,
  PDW_SHOWSPACEUSED: (context, values) => showSpace(context, values[0]),
  PDW_SHOWPARTITIONSTATS: (context, values) => {
    const { schema, table } = tableName(context, values[0]);
    const quoted = `N'[${schema}].[${table}]'`.replaceAll("''", "'");
    return run(
      context,
      `SELECT p.partition_number AS [PARTITION_NUMBER], p.rows AS [ROWS], CAST(1 AS int) AS [PDW_NODE_ID], CAST(1 AS int) AS [DISTRIBUTION_ID] FROM sys.partitions p WHERE p.object_id = OBJECT_ID(${quoted}) ORDER BY 1`,
    );
  },
  PDW_SHOWMATERIALIZEDVIEWOVERHEAD: async (context, values) => {
    const { shown, schema, table } = tableName(context, values[0]);
    if (!context.session.database.find('view', schema, table)?.materialized)
      throw new SqlError(
        2501,
        `Cannot find a materialized view with the name "${values[0]}". Check the system catalog.`,
      );
    const quoted = `N'${shown.replaceAll("'", "''")}'`;
    // It is computed when it is read, so that it has nothing but its rows.
    await run(
      context,
      `SELECT OBJECT_ID(${quoted}) AS [OBJECT_ID], COUNT_BIG(*) AS [BASE_VIEW_ROWS], COUNT_BIG(*) AS [TOTAL_ROWS], CAST(1 AS float) AS [OVERHEAD_RATIO] FROM ${shown}`,
    );
  },
  SHOWRESULTCACHESPACEUSED: (context) =>
    run(
      context,
      'SELECT CAST(0 AS bigint) AS reserved_space, CAST(0 AS bigint) AS data_space, CAST(0 AS bigint) AS index_space, CAST(0 AS bigint) AS unused_space',
    ),
  DROPCLEANBUFFERS: async () => undefined,
  FREEPROCCACHE: async () => undefined,
  DROPRESULTSETCACHE: async () => undefined,
  OPENTRAN: async () => undefined,
};

export const dbcc: Handler<'dbcc'> = async (context, statement) => {
  const command = dbccCommands[statement.command];
  if (!command) throw notSupported(`DBCC ${statement.command}`, statement.line);
  await command(context, statement.arguments, statement.options);
  context.output.done('none', undefined);
  return next;
};
