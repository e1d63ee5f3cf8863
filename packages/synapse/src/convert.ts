import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { CrossviewError, type Toolchain } from '@crossview/contracts';
import { pythonFolder } from './sources.js';

/** Staged Parquet to Arrow files; `schema` is an Arrow file with the columns and types that are wanted. */
export interface ToArrow {
  readonly task: 'to-arrow';
  readonly files: readonly string[];
  readonly schema: string;
  readonly directory: string;
}

/** Arrow files to the Parquet that a pool reads. */
export interface ToParquet {
  readonly task: 'to-parquet';
  readonly parts: readonly string[];
  readonly directory: string;
  /** In the order of the Parquet. */
  readonly columns: readonly string[];
  /** Columns of which the longest value is wanted. */
  readonly measure: readonly string[];
}

type Answer<T> = T extends ToArrow
  ? { parts: string[]; rows: number; bytes: number; totalRows: null }
  : { files: string[]; rows: number; lengths: { [column: string]: number } };

function failed(reason: string, column: string | undefined): CrossviewError {
  return new CrossviewError(
    'CONVERSION_FAILED',
    column === undefined
      ? `The rows could not be converted: ${reason}`
      : `Column "${column}" could not be converted: ${reason}`,
    { hint: column === undefined ? undefined : 'Cast the column, or leave it out.', facts: { column } },
  );
}

/**
 * Converts in a process of its own, which has pyarrow and all cores; it takes about a second to start.
 * @throws CrossviewError `CONVERSION_FAILED`, with the column where it is one's; `SQL_CANCELLED` after the signal.
 */
export async function convert<T extends ToArrow | ToParquet>(
  toolchain: Toolchain,
  request: T,
  signal: AbortSignal,
): Promise<Answer<T>> {
  const child = spawn(toolchain.python, ['-m', 'crossview_synapse.convert'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONPATH: [pythonFolder, ...toolchain.pythonPath].join(delimiter) },
  });
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8');
      child[name].on('data', (chunk: string) => {
        text[name] += chunk;
      });
    }
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(request));
    await new Promise<void>((resolve, reject) => {
      child.once('error', (error) => reject(failed(error.message, undefined)));
      child.once('close', () => resolve());
    });
    if (signal.aborted) throw new CrossviewError('SQL_CANCELLED', 'Cancelled while the rows were converted.');
    let answer: { error?: string; column?: string };
    try {
      answer = JSON.parse(text.stdout) as typeof answer;
    } catch {
      throw failed(text.stderr.trim().split('\n').at(-1) ?? 'the converter gave no answer', undefined);
    }
    if (answer.error !== undefined) throw failed(answer.error, answer.column);
    return answer as unknown as Answer<T>;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
