import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { javaNotFound } from './compile-scala.js';

export interface JvmExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote, without blank lines. */
  readonly lastWords: string;
}

/** A JVM that lives as long as this process: its standard input is the string that ties it to us. */
export class JvmProcess {
  readonly #child: ChildProcess;
  readonly exited: Promise<JvmExit>;
  #ended = false;

  /**
   * @param firstLine said on standard input, because command lines and environments can be read by others.
   * @param logFile gets everything that the JVM writes; made with mode 0600.
   */
  constructor(options: {
    java: string;
    flags: readonly string[];
    environment: NodeJS.ProcessEnv;
    workingDirectory: string;
    logFile: string;
    firstLine: string;
  }) {
    const log = openSync(options.logFile, 'a', 0o600);
    try {
      this.#child = spawn(options.java, options.flags, {
        // A process group of its own: an interrupt of the kernel's group must not end the JVM.
        detached: true,
        cwd: options.workingDirectory,
        env: options.environment,
        stdio: ['pipe', log, log],
      });
    } finally {
      closeSync(log);
    }
    this.exited = new Promise((resolve, reject) => {
      this.#child.once('error', () => reject(javaNotFound(options.java)));
      this.#child.once('exit', (code, signal) => {
        this.#ended = true;
        tail(options.logFile).then((lastWords) => resolve({ code, signal, lastWords }));
      });
    });
    this.exited.catch(() => {});
    this.#child.stdin?.on('error', () => {});
    this.#child.stdin?.write(`${options.firstLine}\n`);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends it within ten seconds: first by the end of its input, then by force. May be called twice. */
  async end(): Promise<void> {
    if (this.#ended || this.#child.pid === undefined) return;
    this.#child.stdin?.end();
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 8000);
    try {
      await this.exited;
    } finally {
      clearTimeout(force);
    }
  }
}

const tailBytes = 8192;
const tailLines = 20;

async function tail(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const length = Math.min(size, tailBytes);
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
      const lines = buffer.toString('utf8').split('\n');
      return lines
        .filter((line) => line.trim() !== '')
        .slice(-tailLines)
        .join('\n');
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}
