import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CrossviewError, type Json, type SessionPeer, type SessionServer } from '@crossview/contracts';
import { endsWithUs } from '../../process-groups.js';

const startMilliseconds = 30_000;
const endMilliseconds = 2_000;
const lastWordsLength = 4_000;

export interface TypeScriptProcessOptions {
  readonly session: SessionServer;
  readonly workingDirectory: string;
  /** What the process says past the session: output of native code and of processes that a cell started. */
  readonly onOutput: (name: 'stdout' | 'stderr', text: string) => void;
}

/** One Node process that runs TypeScript cells; it ends with the session's connection. */
export class TypeScriptProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;
  readonly #peer: Promise<SessionPeer>;
  #lastWords = '';

  constructor(private readonly options: TypeScriptProcessOptions) {
    const { address } = options.session;
    // Ending code from outside leaves Node's own count of asynchronous contexts behind, which it must then not check.
    const flags = ['--no-force-async-hooks-checks', '--no-warnings'];
    const main = fileURLToPath(new URL('./process/main.js', import.meta.url));
    this.#child = spawn(process.execPath, [...flags, main], {
      cwd: options.workingDirectory,
      env: {
        ...process.env,
        // What the kernel was started with is not the cells': options for Node, and colours for a terminal.
        NODE_OPTIONS: '',
        FORCE_COLOR: undefined,
        // Most of the time of reading a large view goes into the first touch of fresh memory: glibc then asks for large pages.
        GLIBC_TUNABLES: ['glibc.malloc.hugetlb=1', process.env.GLIBC_TUNABLES].filter(Boolean).join(':'),
        CROSSVIEW_GLIBC_TUNABLES: process.env.GLIBC_TUNABLES,
        CROSSVIEW_SESSION: `${address.host}:${address.port}`,
        CROSSVIEW_SESSION_TOKEN: address.token,
      },
      // A group of its own, for what cells start.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    endsWithUs(this.#child);
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this.#lastWords = (this.#lastWords + text).slice(-lastWordsLength);
        options.onOutput(name, text);
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      this.#child.once('close', (code, signal) =>
        resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
      );
    });
    this.#peer = this.#join();
    this.#peer.catch(() => {});
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** @throws CrossviewError `TYPESCRIPT_ENDED`, `TYPESCRIPT_START_FAILED` */
  peer(): Promise<SessionPeer> {
    return this.#peer;
  }

  /** Why it is gone, once it is: for the cell that it took along. */
  async death(): Promise<CrossviewError> {
    const reason = await this.#ended;
    const words = this.#lastWords.trim();
    return new CrossviewError('TYPESCRIPT_ENDED', `The TypeScript process ${reason}.${words ? `\n${words}` : ''}`, {
      hint: 'Its variables are gone; the next cell starts a new one.',
    });
  }

  /** Ends the process. May be called twice. */
  async close(): Promise<void> {
    if (!this.running) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), endMilliseconds);
    await this.#ended;
    clearTimeout(timer);
  }

  async #join(): Promise<SessionPeer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#child.kill('SIGKILL');
        reject(
          new CrossviewError(
            'TYPESCRIPT_START_FAILED',
            `The TypeScript process did not join within ${startMilliseconds} ms.`,
            {
              hint: 'Run the cell again; if it stays so, look at the load of the machine.',
            },
          ),
        );
      }, startMilliseconds);
    });
    const dead = this.death().then((error) => Promise.reject(error));
    // A notebook that another one runs has a process of its own, in the same session.
    const ours = ({ info }: SessionPeer) => (info as { pid?: Json }).pid === this.#child.pid;
    try {
      return await Promise.race([this.options.session.waitForPeer('typescript', startMilliseconds, ours), late, dead]);
    } finally {
      clearTimeout(timer);
      dead.catch(() => {});
      late.catch(() => {});
    }
  }
}
