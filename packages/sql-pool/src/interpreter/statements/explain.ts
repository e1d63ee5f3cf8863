import { quoteText } from '../../dialect/translate/quote.js';
import { streamRows } from '../../duckdb/run.js';
import { notSupported } from '../../errors/sql-error.js';
import { max } from '../../types/sql-type.js';
import { type Handler, next } from './handler.js';

const explained = ['select', 'insert', 'update', 'delete', 'createTableAs', 'createExternalTableAs'];

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function operation(type: string, inner: string): string {
  return `    <dsql_operation operation_type="${type}">\n${inner}    </dsql_operation>\n`;
}

/**
 * EXPLAIN: the document that a pool gives ("EXPLAIN (Azure Synapse Analytics)"). Here everything happens in one place, so there is
 * one operation and nothing is moved. The statement is checked, and does not run.
 */
export const explain: Handler<'explain'> = async (context, { statement, text, line }) => {
  const { session, output } = context;
  if (!explained.includes(statement.kind))
    throw notSupported(
      `EXPLAIN of ${text.split(/\s/, 1)[0]!.toUpperCase()}`,
      line,
      'A query or a change of rows can be explained.',
    );
  if ('query' in statement) {
    const { translation } = context.translate(statement.query);
    context.demandReads(translation);
  }
  const reads = statement.kind === 'select';
  const location = '      <location distribution="AllDistributions" />\n';
  const body = reads
    ? operation('RETURN', `${location}      <select>${escaped(text)}</select>\n`)
    : operation(
        'ON',
        `      <location permanent="false" distribution="AllDistributions" />\n      <sql_operations>\n        <sql_operation type="statement">${escaped(text)}</sql_operation>\n      </sql_operations>\n`,
      );
  const plan = `<?xml version="1.0" encoding="utf-8"?>\n<dsql_query number_nodes="1" number_distributions="60" number_distributions_per_node="60">\n  <sql>${escaped(text)}</sql>\n  <dsql_operations total_cost="0" total_number_operations="1">\n${body}  </dsql_operations>\n</dsql_query>`;
  const rows = await streamRows(
    await session.evaluator(),
    `SELECT ${quoteText(plan)}`,
    [],
    [{ name: 'explain', type: { name: 'nvarchar', length: max }, nullable: true }],
    (encoder) => output.columns(encoder),
    (encoder, chunk, count) => output.rows(encoder, chunk, count),
  );
  session.rowCount = rows;
  output.done('select', rows);
  return next;
};
