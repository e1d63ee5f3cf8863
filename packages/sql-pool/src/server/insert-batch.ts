import type { RpcCall, RpcParameter, TypeInfo } from '@crossview/tds-wire';
import type { ProcedureParameter, StatementOf } from '../dialect/ast.js';
import { parsed } from '../interpreter/batch.js';
import type { Output } from '../interpreter/output.js';
import type { Session } from '../interpreter/session.js';
import type { SqlType } from '../types/sql-type.js';
import { fromTypeInfo } from '../types/tds-type.js';
import { CollectedRows } from './collected-rows.js';
import { declaredBy, textOf } from './rpc-text.js';

/** Fewer are as fast one by one. */
const fewest = 4;

export interface Insertion {
  readonly text: string;
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
  return { text, statement, parameters, values: (one) => one.parameters.slice(skip) };
}

/** Whether two calls run the same text. */
export function isAlike(call: RpcCall, first: RpcCall): boolean {
  if (call.procedure !== first.procedure) return false;
  const fixed = call.procedure === 'sp_execute' ? 1 : 2;
  for (let index = 0; index < fixed; index++)
    if (call.parameters[index]?.value !== first.parameters[index]?.value) return false;
  return call.parameters.length === first.parameters.length;
}

/** Clients describe the same few types again and again, and types that are the same are one object mostly. */
const declaredTypes = new WeakMap<TypeInfo, SqlType>();

function isOfType(parameter: RpcParameter, type: SqlType): boolean {
  let own = declaredTypes.get(parameter.type);
  if (!own) {
    own = fromTypeInfo(parameter.type);
    declaredTypes.set(parameter.type, own);
  }
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

/**
 * Inserts the rows of many calls by one statement: what a driver's batch of a thousand single rows means.
 * @throws SqlError of the first row that does not go in; then none has
 */
export async function insertTogether(session: Session, output: Output, calls: readonly RpcCall[]): Promise<void> {
  const rows = await CollectedRows.begin(session, insertionOf(session, calls[0]!)!);
  try {
    for (const call of calls) rows.add(call);
    await rows.insert(output);
  } finally {
    await rows.drop();
  }
}
