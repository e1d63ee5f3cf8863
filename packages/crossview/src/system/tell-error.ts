import { CrossviewError } from '@crossview/contracts';

/** An error for a terminal: what happened, what to do, and the code that programs know it by. */
export function tellError(error: unknown): string {
  if (error instanceof CrossviewError) {
    const hint = error.hint === undefined ? '' : `\n  ${error.hint.replaceAll('\n', '\n  ')}`;
    return `crossview: ${error.message} [${error.code}]${hint}`;
  }
  if (error instanceof Error) return `crossview: ${process.env.CROSSVIEW_DEBUG ? error.stack : error.message}`;
  return `crossview: ${String(error)}`;
}
