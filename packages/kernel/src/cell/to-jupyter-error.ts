import { type CellError, CrossviewError } from '@crossview/contracts';
import type { FailureReply } from '@crossview/jupyter-wire';

const red = (text: string) => `\u001b[31m${text}\u001b[0m`;

/** The one place where an error of ours becomes what a front end shows: what happened, then what to do. */
export function toCellError(error: unknown): CellError {
  if (error instanceof CrossviewError) {
    const hint = error.hint === undefined ? [] : [error.hint];
    return {
      status: 'error',
      name: error.code,
      value: error.message,
      traceback: [`${red(error.code)}: ${error.message}`, ...hint],
    };
  }
  const name = error instanceof Error ? error.name : 'Error';
  const value = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error && error.stack ? error.stack.split('\n').slice(1) : [];
  return { status: 'error', name, value, traceback: [`${red(name)}: ${value}`, ...stack] };
}

export const interrupted: CellError = {
  status: 'error',
  name: 'KeyboardInterrupt',
  value: 'The cell was stopped',
  traceback: [`${red('KeyboardInterrupt')}: The cell was stopped`],
};

export function toFailure(error: unknown): FailureReply {
  const { name, value, traceback } = toCellError(error);
  return { status: 'error', ename: name, evalue: value, traceback };
}
