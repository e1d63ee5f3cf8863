import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionInfo } from '@crossview/jupyter-wire';
import { endsWithUs } from '../process-groups.js';

export interface KernelCommand {
  readonly name: string;
  /** `{connection_file}` in an argument stands for the path of the connection file. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly interruptMode: 'signal' | 'message';
  /** A directory of the session: what the kernel leaves there goes with the session, also when nobody could clean up. */
  readonly runtimeDirectory: string;
  /** Unix sockets where the host has them; `tcp` for kernels that know nothing else. */
  readonly transport?: 'tcp';
}

/** Unix sockets need no free ports, and nobody else can connect; their paths may not be long. */
const unixSockets = process.platform !== 'win32';
const lastWordsLength = 4096;
/** The shortest limit of the platforms for the path of a Unix socket (macOS), less what stands behind the directory. */
const longestDirectory = 104 - '/kernel-XXXXXX/k-5'.length - 1;

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(servers.map((it) => new Promise<void>((resolve) => it.listen(0, '127.0.0.1', resolve))));
  const ports = servers.map((it) => (it.address() as AddressInfo).port);
  await Promise.all(servers.map((it) => new Promise((resolve) => it.close(resolve))));
  return ports;
}

async function newConnection(directory: string, { name, transport }: KernelCommand): Promise<ConnectionInfo> {
  const ipc = unixSockets && transport !== 'tcp';
  const [shell = 1, iopub = 2, stdin = 3, control = 4, heartbeat = 5] = ipc ? [1, 2, 3, 4, 5] : await freePorts(5);
  return {
    transport: ipc ? 'ipc' : 'tcp',
    ip: ipc ? join(directory, 'k') : '127.0.0.1',
    shell_port: shell,
    iopub_port: iopub,
    stdin_port: stdin,
    control_port: control,
    hb_port: heartbeat,
    signature_scheme: 'hmac-sha256',
    key: randomBytes(32).toString('hex'),
    kernel_name: name,
  };
}

/** A Jupyter kernel that runs on this host as a child of ours. */
export class KernelProcess {
  readonly id = randomUUID();
  readonly exited: Promise<string>;
  #lastWords = '';
  #ended = false;

  private constructor(
    readonly command: KernelCommand,
    readonly connection: ConnectionInfo,
    readonly directory: string,
    readonly child: ChildProcess,
  ) {
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-lastWordsLength);
    });
    this.exited = new Promise((resolve) => {
      const end = (reason: string) => {
        if (this.#ended) return;
        this.#ended = true;
        process.off('exit', this.#kill);
        void rm(directory, { recursive: true, force: true }).catch(() => {});
        resolve([this.#lastWords.trim(), reason].filter((text) => text !== '').join('\n'));
      };
      child.once('error', (error) => end(error.message));
      child.once('close', (code, signal) => end(`It ended with ${signal ?? `code ${code}`}.`));
    });
    process.once('exit', this.#kill);
  }

  static async start(command: KernelCommand): Promise<KernelProcess> {
    const { runtimeDirectory } = command;
    const parent = runtimeDirectory.length <= longestDirectory ? runtimeDirectory : tmpdir();
    const directory = await mkdtemp(join(parent, 'kernel-'));
    const connection = await newConnection(directory, command);
    const file = join(directory, 'connection.json');
    await writeFile(file, JSON.stringify(connection), { mode: 0o600 });
    const [program = '', ...rest] = command.argv.map((argument) => argument.replaceAll('{connection_file}', file));
    const child = spawn(program, rest, {
      cwd: command.workingDirectory,
      stdio: ['ignore', 'ignore', 'pipe'],
      // A group of its own: a signal reaches what the kernel started too, and Control-C in a terminal does not reach it.
      detached: true,
      env: { ...process.env, ...command.environment, JPY_PARENT_PID: String(process.pid) },
    });
    endsWithUs(child);
    return new KernelProcess(command, connection, directory, child);
  }

  get running(): boolean {
    return !this.#ended;
  }

  /** One SIGINT to the kernel and what it started. */
  signalInterrupt(): void {
    this.#signal('SIGINT');
  }

  /** Ends the kernel and what it started; waits until it is gone. May be called twice. */
  async close(): Promise<void> {
    this.#signal('SIGTERM');
    const timer = setTimeout(this.#kill, 1000);
    await this.exited;
    clearTimeout(timer);
    // What the kernel started may have outlived it.
    this.#signal('SIGKILL', true);
  }

  readonly #kill = () => this.#signal('SIGKILL');

  #signal(signal: NodeJS.Signals, evenEnded = false): void {
    const { pid } = this.child;
    if (pid === undefined || (this.#ended && !evenEnded)) return;
    try {
      process.kill(-pid, signal);
    } catch {}
  }
}
