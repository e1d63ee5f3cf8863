import { type RpcParameter, TypeId, typeInfo, writeReturnValue } from '@crossview/tds-wire';
import type { ProcedureParameter } from '../dialect/ast.js';
import { parseBatch, parseParameterList } from '../dialect/parse/batch.js';
import { SqlError } from '../errors/sql-error.js';
import { runBatch } from '../interpreter/batch.js';
import type { Context } from '../interpreter/context.js';
import type { Session, Variable } from '../interpreter/session.js';
import { scoped } from '../interpreter/statements/routine.js';
import { fromTypeInfo, toTypeInfo } from '../types/tds-type.js';
import type { Response } from './response.js';

const declarations = new Map<string, readonly ProcedureParameter[]>();

/** The parameters that a list declares. The same lists come again and again: the last few hundred are kept. */
export function declaredBy(text: string): readonly ProcedureParameter[] {
  const found = declarations.get(text);
  if (found) return found;
  const parameters = parseParameterList(text);
  if (declarations.size >= 500) declarations.delete(declarations.keys().next().value!);
  declarations.set(text, parameters);
  return parameters;
}

export function textOf(parameter: RpcParameter | undefined): string {
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

/** Runs a text with the parameters it declares. @param given those the client sent, in order */
export async function runText(
  context: Context,
  text: string,
  declared: readonly ProcedureParameter[],
  given: readonly RpcParameter[],
): Promise<void> {
  await bindText(context, declared, given);
  await scoped(context, () => runBatch(context, text));
}

/** Makes the declared parameters variables of the context, converted to their declared types. */
export async function bindText(
  context: Context,
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
}

/** An OUTPUT parameter that is a number: a handle, a count, an option. */
export function numberOutput(response: Response, name: string, value: number, ordinal = 0): void {
  writeReturnValue(response.writer, { ordinal, name, type: typeInfo(TypeId.intN, { length: 4 }), value });
}

/** The OUTPUT parameters of a text, with what its statements left in them. */
export function outputs(
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

/** Keeps a text with its declarations. @returns its handle */
export function prepareText(session: Session, declarations: string, text: string): number {
  const parameters = parseParameterList(declarations);
  parseBatch(text);
  const handle = session.nextHandle++;
  session.prepared.set(handle, { text, parameters });
  return handle;
}
