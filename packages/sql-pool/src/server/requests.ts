import {
  type RpcCall,
  readRpcRequest,
  readSqlBatch,
  readTransactionRequest,
  type TdsValue,
  UnsupportedType,
  writeReturnStatus,
  writeReturnValue,
} from '@crossview/tds-wire';
import { parseBatch } from '../dialect/parse/batch.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import { runBatch, runStatements } from '../interpreter/batch.js';
import { Context } from '../interpreter/context.js';
import type { Session } from '../interpreter/session.js';
import { beginTransaction, commitTransaction, rollbackTransaction } from '../interpreter/statements/transaction.js';
import { fromTypeInfo, toTypeInfo } from '../types/tds-type.js';
import { cursorCalls } from './cursors.js';
import type { Response } from './response.js';
import { declaredBy, numberOutput, outputs, prepareText, runText, textOf } from './rpc-text.js';

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
      throw notSupported(
        `parameters of the type ${error.typeName}`,
        0,
        'A dedicated SQL pool has no such type either.',
      );
    throw error;
  }
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
      const declared = declaredBy(textOf(parameters[1]));
      const given = parameters.slice(2);
      await runText(context, textOf(parameters[0]), declared, given);
      writeReturnStatus(response.writer, 0);
      outputs(response, context, given, declared, 2);
      return;
    }
    case 'sp_prepare': {
      const handle = prepareText(session, textOf(parameters[1]), textOf(parameters[2]));
      writeReturnStatus(response.writer, 0);
      numberOutput(response, parameters[0]?.name || 'handle', handle);
      return;
    }
    case 'sp_prepexecrpc': {
      const handle = session.nextHandle++;
      const procedure = textOf(parameters[1]);
      session.prepared.set(handle, { text: procedure, parameters: [], procedure });
      const inner = { procedure, withoutMetadata: call.withoutMetadata, parameters: parameters.slice(2) };
      await runProcedure(context, response, inner);
      numberOutput(response, parameters[0]?.name || 'handle', handle);
      return;
    }
    case 'sp_prepexec': {
      const handle = prepareText(session, textOf(parameters[1]), textOf(parameters[2]));
      const prepared = session.prepared.get(handle)!;
      const given = parameters.slice(3);
      await runText(context, prepared.text, prepared.parameters, given);
      writeReturnStatus(response.writer, 0);
      // Behind the status: a driver takes what stands before it for a value of the statement.
      numberOutput(response, parameters[0]?.name || 'handle', handle);
      outputs(response, context, given, prepared.parameters, 3);
      return;
    }
    case 'sp_execute': {
      const handle = Number(parameters[0]?.value ?? 0);
      const prepared = session.prepared.get(handle);
      if (!prepared) throw new SqlError(8179, `Could not find prepared statement with handle ${handle}.`);
      const given = parameters.slice(1);
      if (prepared.procedure !== undefined)
        return runProcedure(context, response, {
          procedure: prepared.procedure,
          withoutMetadata: call.withoutMetadata,
          parameters: given,
        });
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
      if (short in cursorCalls) return cursorCalls[short]!(context, response, parameters);
      return runProcedure(context, response, call);
  }
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
