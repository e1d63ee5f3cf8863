import {
  type RpcCall,
  type RpcParameter,
  readRpcRequest,
  readSqlBatch,
  readTransactionRequest,
  type TdsValue,
  TypeId,
  typeInfo,
  UnsupportedType,
  writeReturnStatus,
  writeReturnValue,
} from '@crossview/tds-wire';
import type { ProcedureParameter } from '../dialect/ast.js';
import { parseBatch, parseParameterList } from '../dialect/parse/batch.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import { runBatch, runStatements } from '../interpreter/batch.js';
import { Context } from '../interpreter/context.js';
import type { Session, Variable } from '../interpreter/session.js';
import { beginTransaction, commitTransaction, rollbackTransaction } from '../interpreter/statements/transaction.js';
import { fromTypeInfo, toTypeInfo } from '../types/tds-type.js';
import type { Response } from './response.js';

/** SQLBatch. */
export async function runSqlBatch(session: Session, response: Response, body: Uint8Array): Promise<void> {
  const context = new Context(session, response);
  await runBatch(context, readSqlBatch(body));
}

/** A request of the transaction manager. */
export async function runTransactionRequest(session: Session, response: Response, body: Uint8Array): Promise<void> {
  const request = readTransactionRequest(body);
  switch (request.action) {
    case 'begin':
      return beginTransaction(session, response);
    case 'commit':
      await commitTransaction(session, response);
      break;
    case 'rollback':
      await rollbackTransaction(session, response);
      break;
    case 'save':
      throw notSupported('savepoints', 0, 'A dedicated SQL pool has none either.');
    case 'distributed':
      throw notSupported('distributed transactions', 0, 'A dedicated SQL pool has none either.');
  }
  if (request.beginAgain) await beginTransaction(session, response);
}

/** @throws SqlError when a parameter has a type that the pool does not have */
export function readCalls(body: Uint8Array): readonly RpcCall[] {
  try {
    return readRpcRequest(body);
  } catch (error) {
    if (error instanceof UnsupportedType)
      throw notSupported(`parameters of the type ${error.typeName}`, 0, 'A dedicated SQL pool has no such type either.');
    throw error;
  }
}

function textOf(parameter: RpcParameter | undefined): string {
  return parameter === undefined || parameter.value === null ? '' : String(parameter.value);
}

/** Values for declared parameters, by name or position. Values go in as the client typed them. */
function variablesFor(declared: readonly ProcedureParameter[], given: readonly RpcParameter[]): Map<string, Variable> {
  const variables = new Map<string, Variable>();
  for (const [index, parameter] of declared.entries()) {
    const found =
      given.find((candidate) => candidate.name.toLowerCase() === parameter.name.toLowerCase()) ??
      (given[index]?.name === '' ? given[index] : undefined);
    if (!found) {
      if (parameter.output) {
        variables.set(parameter.name.toLowerCase(), { type: parameter.type, value: null });
        continue;
      }
      throw new SqlError(
        8178,
        `The parameterized query expects the parameter '${parameter.name}', which was not supplied.`,
      );
    }
    variables.set(parameter.name.toLowerCase(), { type: fromTypeInfo(found.type), value: found.value });
  }
  return variables;
}

async function runText(
  context: Context,
  text: string,
  declared: readonly ProcedureParameter[],
  given: readonly RpcParameter[],
): Promise<void> {
  const variables = variablesFor(declared, given);
  for (const [name, variable] of variables) context.variables.set(name, variable);
  // The declared type counts, not the one the client's library chose for the value.
  for (const parameter of declared) {
    const variable = context.variables.get(parameter.name.toLowerCase())!;
    if (
      variable.type.name !== parameter.type.name ||
      variable.type.scale !== parameter.type.scale ||
      variable.type.precision !== parameter.type.precision
    ) {
      const { value } = await context.evaluate({ kind: 'variable', name: parameter.name, line: 0 }, parameter.type);
      context.variables.set(parameter.name.toLowerCase(), { type: parameter.type, value });
    } else context.variables.set(parameter.name.toLowerCase(), { type: parameter.type, value: variable.value });
  }
  await runBatch(context, text);
}

function handleValue(response: Response, name: string, handle: number, ordinal = 0): void {
  writeReturnValue(response.writer, { ordinal, name, type: typeInfo(TypeId.intN, { length: 4 }), value: handle });
}

function outputs(
  response: Response,
  context: Context,
  given: readonly RpcParameter[],
  declared: readonly ProcedureParameter[],
  offset: number,
): void {
  given.forEach((parameter, index) => {
    if (!parameter.output) return;
    const name = parameter.name || declared[index]?.name || '';
    const variable = context.variables.get(name.toLowerCase());
    if (!variable) return;
    writeReturnValue(response.writer, {
      ordinal: index + offset,
      name,
      type: toTypeInfo(variable.type),
      value: variable.value,
    });
  });
}

/** RPC: the procedures that drivers call to run parametrised text, and procedures by name. */
export async function runRpc(session: Session, response: Response, call: RpcCall): Promise<void> {
  const context = new Context(session, response);
  const { parameters } = call;
  const short = call.procedure
    .replaceAll(/[[\]"]/g, '')
    .split('.')
    .at(-1)!
    .toLowerCase();
  switch (short) {
    case 'sp_executesql': {
      const declared = parseParameterList(textOf(parameters[1]));
      const given = parameters.slice(2);
      await runText(context, textOf(parameters[0]), declared, given);
      writeReturnStatus(response.writer, 0);
      outputs(response, context, given, declared, 2);
      return;
    }
    case 'sp_prepare': {
      const handle = prepare(session, textOf(parameters[1]), textOf(parameters[2]));
      writeReturnStatus(response.writer, 0);
      handleValue(response, parameters[0]?.name || 'handle', handle);
      return;
    }
    case 'sp_prepexec': {
      const handle = prepare(session, textOf(parameters[1]), textOf(parameters[2]));
      const prepared = session.prepared.get(handle)!;
      const given = parameters.slice(3);
      handleValue(response, parameters[0]?.name || 'handle', handle);
      await runText(context, prepared.text, prepared.parameters, given);
      writeReturnStatus(response.writer, 0);
      outputs(response, context, given, prepared.parameters, 3);
      return;
    }
    case 'sp_execute': {
      const handle = Number(parameters[0]?.value ?? 0);
      const prepared = session.prepared.get(handle);
      if (!prepared) throw new SqlError(8179, `Could not find prepared statement with handle ${handle}.`);
      const given = parameters.slice(1);
      await runText(context, prepared.text, prepared.parameters, given);
      writeReturnStatus(response.writer, 0);
      outputs(response, context, given, prepared.parameters, 1);
      return;
    }
    case 'sp_unprepare':
      session.prepared.delete(Number(parameters[0]?.value ?? 0));
      writeReturnStatus(response.writer, 0);
      return;
    default:
      if (short.startsWith('sp_cursor'))
        throw notSupported('server cursors', 0, 'A dedicated SQL pool has none either: read the rows forward.');
      return runProcedure(context, response, call);
  }
}

function prepare(session: Session, declarations: string, text: string): number {
  const parameters = parseParameterList(declarations);
  parseBatch(text);
  const handle = session.nextHandle++;
  session.prepared.set(handle, { text, parameters });
  return handle;
}

/** A procedure by its name: as EXEC with every parameter a variable. */
async function runProcedure(context: Context, response: Response, call: RpcCall): Promise<void> {
  const names = call.parameters.map((parameter, index) => {
    const inner = `@rpc${index}`;
    context.variables.set(inner, { type: fromTypeInfo(parameter.type), value: parameter.value as TdsValue });
    const value = parameter.useDefault ? 'DEFAULT' : inner;
    return `${parameter.name ? `${parameter.name} = ` : ''}${value}${parameter.output ? ' OUTPUT' : ''}`;
  });
  context.batch = `EXEC ${call.procedure}`;
  await runStatements(context, parseBatch(`EXEC ${call.procedure} ${names.join(', ')}`));
  writeReturnStatus(response.writer, context.returnStatus);
  call.parameters.forEach((parameter, index) => {
    if (!parameter.output) return;
    const variable = context.variables.get(`@rpc${index}`)!;
    writeReturnValue(response.writer, {
      ordinal: index,
      name: parameter.name,
      type: toTypeInfo(variable.type),
      value: variable.value,
    });
  });
}
