import { randomUUID } from 'node:crypto';
import type { Cell, CellOutput, MimeBundle } from '@crossview/contracts';
import type { JsonObject } from '@crossview/jupyter-wire';
import type { Dispatcher } from './dispatcher.js';
import { toCellError } from './to-jupyter-error.js';
import { withoutOutputs } from './without-outputs.js';

/**
 * User expressions (messaging protocol, "Execution requests") of a language that has no answer of its own for them: each
 * runs as a cell that nobody sees, and its value is that cell's result. A failure is the expression's, not the cell's.
 */
export async function evaluateExpressions(dispatcher: Dispatcher, language: string, cell: Cell): Promise<JsonObject> {
  const answers: Record<string, JsonObject> = {};
  for (const [name, code] of Object.entries(cell.userExpressions))
    answers[name] = await evaluate(dispatcher, language, code, cell);
  return answers;
}

async function evaluate(dispatcher: Dispatcher, language: string, code: string, cell: Cell): Promise<JsonObject> {
  let value: MimeBundle | undefined;
  const output: CellOutput = {
    ...withoutOutputs(cell.output),
    result(data) {
      value = data;
    },
  };
  const quiet = { silent: true, storeHistory: false, allowStdin: false, argumentLine: '', userExpressions: {} };
  try {
    const asked = { ...cell, ...quiet, id: randomUUID(), code, output };
    const outcome = await dispatcher.languages.get(language).execute(asked);
    if (outcome.status === 'error') return failure(outcome.name, outcome.value, outcome.traceback);
  } catch (error) {
    const { name, value: text, traceback } = toCellError(error);
    return failure(name, text, traceback);
  }
  if (value === undefined) return failure('NO_VALUE', `${code} gives no value in ${language}`, []);
  return { status: 'ok', data: value as JsonObject, metadata: {} };
}

function failure(ename: string, evalue: string, traceback: readonly string[]): JsonObject {
  return { status: 'error', ename, evalue, traceback };
}
