import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './paths.js';
import { testToolchain } from './toolchain.js';

export interface CellOutputMessage {
  readonly type: string;
  readonly name?: string;
  readonly text?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ename?: string;
  readonly evalue?: string;
}

export interface CellAnswer {
  readonly status: 'ok' | 'error' | 'aborted' | 'timeout';
  readonly ename: string | null;
  readonly evalue: string | null;
  readonly traceback: readonly string[] | null;
  readonly outputs: readonly CellOutputMessage[];
  readonly busy: number;
  readonly idle: number;
  /** From the request to its reply and idle. */
  readonly seconds: number;
}

export interface ForeignClient {
  /** The kernel's process id. */
  readonly pid: number;
  execute(code: string, options?: { timeout?: number }): Promise<CellAnswer>;
  interrupt(): void;
  complete(code: string, cursor: number): Promise<{ matches: readonly string[] }>;
  /** Ends the kernel as a front end does. May be called twice. */
  close(): Promise<void>;
  /** Ends the client and leaves the kernel to itself. */
  kill(): void;
}

/** Starts an installed kernelspec by Jupyter's own client (jupyter_client), in a Python process. */
export async function startForeignClient(
  kernelName: string,
  cwd?: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ForeignClient> {
  const { python } = testToolchain();
  const script = join(root, 'test', 'support', 'python', 'drive_kernel.py');
  const child: ChildProcess = spawn(python, [script, kernelName], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers: { resolve: (answer: unknown) => void; reject: (reason: Error) => void }[] = [];
  const early: unknown[] = [];
  child.once('exit', (code) => {
    for (const { reject } of answers.splice(0)) reject(new Error(`the client of ${kernelName} ended with ${code}`));
  });
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const answer: unknown = JSON.parse(line);
    const take = answers.shift();
    if (take) take.resolve(answer);
    else early.push(answer);
  });
  const next = <T>() =>
    new Promise<T>((resolve, reject) => {
      if (early.length > 0) return resolve(early.shift() as T);
      answers.push({ resolve: (answer) => resolve(answer as T), reject });
    });
  const send = (request: unknown) => child.stdin!.write(`${JSON.stringify(request)}\n`);
  const exit = () => child.kill('SIGKILL');
  process.once('exit', exit);
  const { pid } = await next<{ pid: number }>();
  let closing: Promise<void> | undefined;
  return {
    pid,
    execute(code, { timeout = 120 } = {}) {
      send({ execute: code, timeout, background: true });
      return next<CellAnswer>();
    },
    interrupt: () => void send({ interrupt: true }),
    complete(code, cursor) {
      send({ complete: code, cursor });
      return next<{ matches: readonly string[] }>();
    },
    close() {
      closing ??= new Promise((resolve) => {
        child.once('exit', () => resolve());
        send({ shutdown: true });
        setTimeout(exit, 20_000).unref();
        process.removeListener('exit', exit);
      });
      return closing;
    },
    kill: exit,
  };
}

/** All text of an answer: streams and the plain form of displays. */
export function textOf(answer: CellAnswer): string {
  return answer.outputs.map((output) => output.text ?? String(output.data?.['text/plain'] ?? '')).join('');
}
