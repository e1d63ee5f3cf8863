import type { RpcCall, RpcParameter } from '@crossview/tds-wire';
import type { TableDefinition } from '../catalog/objects.js';
import type { Expression, ProcedureParameter, StatementOf } from '../dialect/ast.js';
import { BulkTable } from '../duckdb/bulk-table.js';
import { parsed, runStatements } from '../interpreter/batch.js';
import { Context } from '../interpreter/context.js';
import type { Output } from '../interpreter/output.js';
import type { Session } from '../interpreter/session.js';
import type { SqlType } from '../types/sql-type.js';
import { fromTypeInfo } from '../types/tds-type.js';
import { declaredBy, textOf } from './rpc-text.js';

/** Fewer are as fast one by one. */
const fewest = 4;

export interface Insertion {
  readonly statement: StatementOf<'insert'>;
  readonly parameters: readonly ProcedureParameter[];
  readonly values: (call: RpcCall) => readonly RpcParameter[];
}

/** The INSERT of one row, made of parameters, that a call is; `undefined` for anything else. */
export function insertionOf(session: Session, call: RpcCall): Insertion | undefined {
  let text: string;
  let parameters: readonly ProcedureParameter[];
  let skip: number;
  if (call.procedure === 'sp_execute') {
    const prepared = session.prepared.get(Number(call.parameters[0]?.value ?? 0));
    if (!prepared || prepared.procedure !== undefined) return undefined;
    ({ text, parameters } = prepared);
    skip = 1;
  } else if (call.procedure === 'sp_executesql') {
    text = textOf(call.parameters[0]);
    parameters = declaredBy(textOf(call.parameters[1]));
    skip = 2;
  } else return undefined;
  const statements = parsed(text);
  const [statement] = statements;
  if (statements.length !== 1 || statement?.kind !== 'insert' || statement.top) return undefined;
  const { source } = statement;
  if (source.kind !== 'values' || source.rows.length !== 1) return undefined;
  const known = new Set(parameters.map(({ name }) => name.toLowerCase()));
  const plain = source.rows[0]!.every(
    (value) =>
      ['null', 'number', 'string', 'default'].includes(value.kind) ||
      (value.kind === 'variable' && known.has(value.name.toLowerCase())),
  );
  if (!plain || source.rows[0]!.some(({ kind }) => kind === 'default')) return undefined;
  return { statement, parameters, values: (one) => one.parameters.slice(skip) };
}

/** Whether two calls run the same text. */
export function isAlike(call: RpcCall, first: RpcCall): boolean {
  if (call.procedure !== first.procedure) return false;
  const fixed = call.procedure === 'sp_execute' ? 1 : 2;
  for (let index = 0; index < fixed; index++)
    if (call.parameters[index]?.value !== first.parameters[index]?.value) return false;
  return call.parameters.length === first.parameters.length;
}

function isOfType(parameter: RpcParameter, type: SqlType): boolean {
  const own = fromTypeInfo(parameter.type);
  return own.name === type.name && own.scale === type.scale && own.precision === type.precision;
}

/** Whether a call has a value of just the declared type for each parameter, in their order. */
export function isPlainCall({ parameters, values }: Insertion, call: RpcCall): boolean {
  const given = values(call);
  return (
    given.length === parameters.length &&
    given.every(
      (value, at) =>
        !value.output &&
        !value.useDefault &&
        (value.name === '' || value.name.toLowerCase() === parameters[at]!.name.toLowerCase()) &&
        isOfType(value, parameters[at]!.type),
    )
  );
}

/** How many calls from `from` on insert one row each by the same statement, with values of just the declared types. */
export function countInsertions(session: Session, calls: readonly RpcCall[], from: number): number {
  const first = calls[from]!;
  if (calls.length - from < fewest) return 0;
  const insertion = insertionOf(session, first);
  if (!insertion) return 0;
  let count = 0;
  for (let index = from; index < calls.length && isAlike(calls[index]!, first); index++) {
    if (!isPlainCall(insertion, calls[index]!)) break;
    count++;
  }
  return count < fewest ? 0 : count;
}

let next = 1;

/**
 * Inserts the rows of many calls by one statement: what a driver's batch of a thousand single rows means.
 * @throws SqlError of the first row that does not go in; then none has
 */
export async function insertTogether(session: Session, output: Output, calls: readonly RpcCall[]): Promise<void> {
  const { statement, parameters, values } = insertionOf(session, calls[0]!)!;
  const name = `#crossview_batch_${next++}`;
  const columns = parameters.map((parameter, index) => ({
    name: `p${index}`,
    type: parameter.type,
    nullable: true,
  }));
  const table = await BulkTable.create(
    session.connection,
    columns.map(({ type }) => type),
    { table: name, columns: columns.map((column) => column.name) },
  );
  const definition: TableDefinition = {
    schema: 'main',
    name,
    columns,
    distribution: 'ROUND_ROBIN',
    distributionColumns: [],
    index: 'HEAP',
  };
  session.temporary.set(name, definition);
  try {
    table.append(calls.map((call) => values(call).map(({ value }) => value)));
    table.finish();
    const positions = new Map(parameters.map((parameter, index) => [parameter.name.toLowerCase(), index]));
    const source = statement.source as Extract<typeof statement.source, { kind: 'values' }>;
    const items = source.rows[0]!.map((value) => ({
      value:
        value.kind === 'variable'
          ? ({
              kind: 'column',
              name: [`p${positions.get(value.name.toLowerCase())}`],
              line: value.line,
            } satisfies Expression)
          : value,
      alias: undefined,
      assign: undefined,
      assignOperator: undefined,
    }));
    const together: StatementOf<'insert'> = {
      ...statement,
      source: {
        kind: 'query',
        query: {
          with: [],
          body: {
            kind: 'select',
            distinct: false,
            top: undefined,
            items,
            into: undefined,
            from: [{ kind: 'table', name: [name], alias: undefined, line: statement.line }],
            where: undefined,
            groupBy: [],
            having: undefined,
            line: statement.line,
          },
          orderBy: [],
          offset: undefined,
          fetch: undefined,
          forJson: undefined,
        },
      },
    };
    // The statement's own count is told call by call.
    const quiet: Output = Object.create(output, { done: { value: () => undefined } });
    const context = new Context(session, quiet);
    context.inTry = true;
    context.batch = textOf(calls[0]!.parameters[0]) || 'INSERT';
    await runStatements(context, [together], { inTry: true });
  } finally {
    session.temporary.delete(name);
    await table.drop();
  }
}
