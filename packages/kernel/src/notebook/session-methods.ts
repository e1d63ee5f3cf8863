import { CrossviewError, type Json, type SessionServer } from '@crossview/contracts';
import { readDag } from './dag.js';
import type { Exits } from './exits.js';
import { isObject } from './lenient-json.js';
import type { NotebookRuns, RunResult } from './notebook-runs.js';

function summary({ name, cells, seconds, exitValue }: RunResult): string {
  const exit =
    exitValue === '' ? '' : `, exit value ${exitValue.length > 60 ? `${exitValue.slice(0, 60)}…` : exitValue}`;
  return `→ ${name}: ${cells} cells in ${seconds.toFixed(1)} s${exit}\n`;
}

/**
 * Offers the session's processes what `mssparkutils.notebook` and `session` ask for.
 * @param stopLater ends engines when the cell that asks is over.
 */
export function notebookMethods(
  session: SessionServer,
  { runs, exits, stopLater }: { runs: NotebookRuns; exits: Exits; stopLater: (what: 'all' | 'python') => void },
): void {
  session.method('notebook.exit', (params) => {
    const { cell, value } = params as { cell?: unknown; value?: unknown };
    exits.set(String(cell ?? ''), String(value ?? ''));
    return {};
  });
  session.method('notebook.run', async (params, { signal }) => {
    const { path, timeoutSeconds = 90, arguments: args = {} } = params as { [key: string]: Json };
    if (typeof path !== 'string' || path === '')
      throw new CrossviewError('NOTEBOOK_MISSING', 'notebook.run: which notebook?', {
        hint: 'Write mssparkutils.notebook.run("path", 90, {"name": value}).',
      });
    if (!isObject(args))
      throw new CrossviewError('RUN_PARAMETER', 'notebook.run: arguments are a map of names and values');
    const result = await runs.run({ path, args, timeoutPerCell: Number(timeoutSeconds), signal });
    return { exitValue: result.exitValue, output: summary(result) };
  });
  session.method('notebook.runMultiple', async (params, { signal }) => {
    const results = await runs.runMultiple((params as { dag: Json }).dag, signal);
    const lines = Object.entries(results).map(([name, { exitVal, exception }]) =>
      exception === null
        ? `→ ${name}: done${exitVal === '' ? '' : `, exit value ${exitVal}`}\n`
        : `→ ${name}: failed\n`,
    );
    return { results: results as unknown as Json, output: lines.join('') };
  });
  session.method('notebook.validateDAG', (params) => {
    readDag((params as { dag: Json }).dag);
    return { valid: true };
  });
  session.method('session.stop', (params) => {
    stopLater((params as { what?: string }).what === 'python' ? 'python' : 'all');
    return {};
  });
}
