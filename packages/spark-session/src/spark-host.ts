import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import {
  type ArrowParts,
  type CellError,
  type CellOutcome,
  type Completeness,
  type Completion,
  CrossviewError,
  type Json,
  type MimeBundle,
  type SessionDirectories,
  type SessionPeer,
  type SessionServer,
  type SparkCell,
  type SparkHost,
  type SparkMethods,
  type SparkNotifications,
  type SparkProgress,
  type SparkSqlResult,
  type Toolchain,
  type ViewField,
  type WireParts,
} from '@crossview/contracts';
import { javaArguments } from './java-command.js';
import { type JvmExit, JvmProcess } from './jvm-process.js';
import { loggingProperties } from './logging-properties.js';
import { ResultDirectories } from './result-directories.js';
import { SparkCells } from './spark-cells.js';
import { type SparkSettings, sessionSettings } from './spark-conf.js';
import { userJars } from './user-jars.js';

export interface SparkHostOptions {
  readonly session: SessionServer;
  /** Asked for when Spark is first needed. */
  readonly toolchain: () => Promise<Toolchain>;
  readonly directories: SessionDirectories;
  /** Spark settings of the profile and of `%%configure`; asked for at each start. */
  readonly conf?: SparkSettings | (() => SparkSettings | Promise<SparkSettings>);
  /** `local[*]` unless given; a master in `conf` comes before it. */
  readonly master?: string;
  /** Lines of Scala that every notebook starts with; those that do not compile are left out. */
  readonly preload?: readonly string[];
  /** Where relative paths of Spark cells start; asked for at each start. */
  readonly workingDirectory?: () => string;
  /** Compiles what a first Scala cell needs in the background, unless `false`. */
  readonly warm?: boolean;
  /** A class archive for this toolchain, from `findClassArchive`: Spark is then there in about half the time. */
  readonly classArchive?: () => Promise<string | undefined>;
  readonly log?: (line: string) => void;
  /** Gives a file of this machine for a jar in a lake (`abfss://…/my.jar` in `spark.jars`). */
  readonly localJar?: (address: string) => Promise<string>;
  /** Where jars of `spark.jars.packages` are kept, one folder for each set of them. */
  readonly jarCache?: string;
}

const startMilliseconds = 120_000;

interface Life {
  readonly jvm: JvmProcess;
  readonly peer: SessionPeer;
  readonly ready: SparkNotifications['spark.ready'];
  readonly toolchain: Toolchain;
}

/** Hosts the session's one JVM. Nothing starts before the first call that needs Spark. */
export function createSparkHost(options: SparkHostOptions): SparkHost {
  return new JvmSparkHost(options);
}

class JvmSparkHost implements SparkHost {
  #state: SparkHost['state'] = 'stopped';
  #life: Life | undefined;
  #starting: Promise<Life> | undefined;
  #closed = false;
  #configured: Readonly<Record<string, string>> = {};
  #jvm: JvmProcess | undefined;
  #cleaned: Promise<void> | undefined;
  readonly #launches = new Map<string, (event: { peer: SessionPeer; params: Json; failed: boolean }) => void>();
  readonly #progress = new Set<(progress: SparkProgress) => void>();
  readonly #exits = new Set<(lastWords: string) => void>();
  readonly #cells: SparkCells;
  readonly #results: ResultDirectories;

  constructor(private readonly options: SparkHostOptions) {
    const { session } = options;
    this.#cells = new SparkCells(session);
    this.#results = new ResultDirectories(options.directories.arrow);
    session.onNotification('spark.ready', (params, peer) => this.#launched(params, peer, false));
    session.onNotification('spark.failed', (params, peer) => this.#launched(params, peer, true));
    session.onNotification('spark.progress', (params) => {
      const { cell, job, ...rest } = params as unknown as SparkNotifications['spark.progress'];
      for (const listener of this.#progress) listener({ cellId: cell, jobId: job, ...rest });
    });
  }

  get state(): SparkHost['state'] {
    return this.#state;
  }

  get running(): boolean {
    return this.#life !== undefined;
  }

  get generation(): string | undefined {
    return this.#life?.peer.id;
  }

  get version(): SparkHost['version'] {
    const ready = this.#life?.ready;
    return ready && { spark: ready.spark, scala: ready.scala, java: ready.java };
  }

  async start(first?: 'scala'): Promise<void> {
    await this.#live(first);
  }

  async scala(cell: SparkCell): Promise<CellOutcome> {
    return this.#guard(async ({ peer }) => {
      type Answer = SparkMethods['scala.execute']['result'];
      return this.#cells.run<Answer>(peer, cell, 'scala.execute', { cell: cell.id, code: cell.code });
    }, 'scala');
  }

  async sql(cell: SparkCell, { headRows, view }: { headRows: number; view?: string }): Promise<SparkSqlResult> {
    let head: ArrowParts | undefined;
    let made: string | undefined;
    const outcome = await this.#guard(async ({ peer }) => {
      type Answer = SparkMethods['sql.execute']['result'];
      const directory = await this.#results.next();
      const params = { cell: cell.id, code: cell.code, headRows, directory, view: view ?? null };
      const answer = await this.#cells.run<Answer>(peer, cell, 'sql.execute', params);
      if (answer.status === 'error') return answer;
      head = answer.head === null ? undefined : fromWire(answer.head);
      made = answer.view ?? undefined;
      return { status: 'ok' };
    });
    return { outcome, head, view: made };
  }

  async completeScala(code: string, cursor: number): Promise<Completion> {
    return this.#call('scala.complete', { code, cursor });
  }

  async inspectScala(code: string, cursor: number): Promise<MimeBundle | undefined> {
    const { text } = await this.#call('scala.inspect', { code, cursor });
    return text === null ? undefined : { 'text/plain': text };
  }

  /** Never starts Spark: front ends ask at each key. */
  async isCompleteScala(code: string): Promise<Completeness> {
    if (!this.running) return { status: 'unknown' };
    const { status } = await this.#call('scala.isComplete', { code });
    return status === 'incomplete' ? { status, indent: '  ' } : { status };
  }

  async cancelJobs(cellId: string): Promise<void> {
    await this.#life?.peer.call('cell.cancel', { cell: cellId, hard: false }).catch(() => {});
  }

  async pythonEnvironment(): Promise<Readonly<Record<string, string>>> {
    const { ready, toolchain } = await this.#live();
    return {
      ...sparkEnvironment(toolchain, join(this.options.directories.root, 'packages')),
      PYSPARK_GATEWAY_PORT: String(ready.gatewayPort),
      PYSPARK_GATEWAY_SECRET: ready.gatewaySecret,
      PYSPARK_PIN_THREAD: 'true',
    };
  }

  async rEnvironment(): Promise<Readonly<Record<string, string>>> {
    const { port, secret } = await this.#call('r.open', {});
    return { EXISTING_SPARKR_BACKEND_PORT: String(port), SPARKR_BACKEND_AUTH_SECRET: secret };
  }

  onProgress(listener: (progress: SparkProgress) => void): () => void {
    this.#progress.add(listener);
    return () => void this.#progress.delete(listener);
  }

  onExit(listener: (lastWords: string) => void): () => void {
    this.#exits.add(listener);
    return () => void this.#exits.delete(listener);
  }

  async list(): Promise<readonly { name: string; scope: 'session' | 'global'; version: string }[]> {
    return this.running ? (await this.#call('views.list', {})).views : [];
  }

  async describe(name: string): Promise<readonly ViewField[]> {
    return (await this.#call('views.describe', { name })).fields;
  }

  async exportTo(
    name: string,
    directory: string,
    { limit, signal }: { limit?: number; signal?: AbortSignal },
  ): Promise<ArrowParts> {
    const cell = `export-${randomUUID()}`;
    const { peer } = await this.#live();
    signal?.throwIfAborted();
    const cancel = () => void peer.call('cell.cancel', { cell, hard: false }).catch(() => {});
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return fromWire(await this.#call('views.export', { name, directory, limit: limit ?? null, cell }));
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  async importFrom(name: string, data: ArrowParts): Promise<string> {
    return (await this.#call('views.import', { name, parts: [...data.parts] })).version;
  }

  async drop(name: string): Promise<boolean> {
    return this.running ? (await this.#call('views.drop', { name })).dropped : false;
  }

  configure(settings: Readonly<Record<string, string>>): void {
    this.#configured = { ...this.#configured, ...settings };
  }

  async stop(): Promise<void> {
    await this.#starting?.catch(() => {});
    this.#life = undefined;
    this.#state = 'stopped';
    await this.#jvm?.end();
    await this.#cleaned;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#life = undefined;
    this.#state = 'stopped';
    await this.#jvm?.end();
    await this.#cleaned;
  }

  async #call<Name extends keyof SparkMethods>(
    method: Name,
    params: SparkMethods[Name]['params'],
  ): Promise<SparkMethods[Name]['result']> {
    const life = await this.#live();
    try {
      return (await life.peer.call(method, params as Json)) as unknown as SparkMethods[Name]['result'];
    } catch (error) {
      throw await this.#explain(error, life);
    }
  }

  /** Turns the loss of the JVM, and a start that failed, into the cell's outcome. */
  async #guard(run: (life: Life) => Promise<CellOutcome>, first?: 'scala'): Promise<CellOutcome> {
    let life: Life | undefined;
    try {
      life = await this.#live(first);
      return await run(life);
    } catch (error) {
      const explained = life ? await this.#explain(error, life) : error;
      if (!(explained instanceof CrossviewError)) throw explained;
      return cellError(explained);
    }
  }

  async #explain(error: unknown, life: Life): Promise<unknown> {
    if (!(error instanceof CrossviewError) || error.code !== 'PEER_GONE' || this.#closed) return error;
    const exit = await Promise.race([
      life.jvm.exited,
      new Promise<undefined>((give) => setTimeout(() => give(undefined), 3000)),
    ]);
    return sparkEnded(exit);
  }

  #live(first?: 'scala'): Promise<Life> {
    if (this.#closed)
      return Promise.reject(new CrossviewError('SPARK_CLOSED', 'The Spark session was closed with the kernel.'));
    if (this.#life) return Promise.resolve(this.#life);
    this.#starting ??= this.#begin(first).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #begin(first: 'scala' | undefined): Promise<Life> {
    this.#state = 'starting';
    try {
      const life = await this.#launch(first);
      if (this.#closed) throw new CrossviewError('SPARK_CLOSED', 'The Spark session was closed while it started.');
      this.#life = life;
      this.#state = 'ready';
      life.jvm.exited.then((exit) => this.#lost(life, exit));
      return life;
    } catch (error) {
      this.#state = 'failed';
      await this.#jvm?.end();
      throw error;
    }
  }

  async #launch(first: 'scala' | undefined): Promise<Life> {
    const { session, directories, conf = {}, preload = [], warm = true } = this.options;
    const toolchain = await this.options.toolchain();
    const user = { ...(typeof conf === 'function' ? await conf() : conf), ...this.#configured };
    const master = user['spark.master'] ?? this.options.master ?? 'local[*]';
    const jars = await userJars(toolchain, user, {
      cache: this.options.jarCache ?? join(directories.root, 'jars'),
      localJar: this.options.localJar,
    });
    const settings = sessionSettings(directories, master, toolchain, { ...user, ...jars });
    const launch = randomUUID();
    const replClasses = join(directories.root, `repl-${launch}`);
    const temporary = join(directories.root, 'tmp');
    for (const folder of [replClasses, temporary, join(directories.root, 'spark-local')])
      await mkdir(folder, { recursive: true, mode: 0o700 });
    const logging = join(directories.root, 'log4j2.properties');
    await writeFile(logging, loggingProperties);
    const told = new Promise<{ peer: SessionPeer; params: Json; failed: boolean }>((resolve) =>
      this.#launches.set(launch, resolve),
    );
    const archive = await this.options.classArchive?.();
    const begun = Date.now();
    const jvm = new JvmProcess({
      java: toolchain.java,
      flags: javaArguments({ toolchain, settings, temporary, logging, archive }),
      environment: { ...process.env, ...sparkEnvironment(toolchain, join(directories.root, 'packages')) },
      workingDirectory: this.options.workingDirectory?.() ?? process.cwd(),
      logFile: join(directories.root, 'spark.log'),
      firstLine: JSON.stringify({
        ...session.address,
        launch,
        conf: settings,
        replClasses,
        preload,
        warm: warm ? (first === 'scala' ? 'now' : 'later') : 'no',
      }),
    });
    this.#jvm = jvm;
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), startMilliseconds);
      });
      const first = await Promise.race([told, jvm.exited, late]);
      if (first === 'late') throw startFailed(`it was not ready after ${startMilliseconds / 1000} s`);
      if ('lastWords' in first) throw startFailed(first.lastWords);
      if (first.failed) throw startFailed((first.params as unknown as SparkNotifications['spark.failed']).reason);
      const ready = first.params as unknown as SparkNotifications['spark.ready'];
      this.options.log?.(`Spark ${ready.spark} ready after ${Date.now() - begun} ms`);
      return { jvm, peer: first.peer, ready, toolchain };
    } finally {
      clearTimeout(timer);
      this.#launches.delete(launch);
      this.#cleaned = jvm.exited.catch(() => {}).then(() => rm(replClasses, { recursive: true, force: true }));
    }
  }

  #launched(params: Json, peer: SessionPeer, failed: boolean): void {
    if (peer.role !== 'spark') return;
    this.#launches.get((params as { launch?: string }).launch ?? '')?.({ peer, params, failed });
  }

  #lost(life: Life, exit: JvmExit): void {
    if (this.#life !== life) return;
    this.#life = undefined;
    this.#state = 'stopped';
    this.options.log?.(`Spark ended: ${exit.lastWords}`);
    for (const listener of this.#exits) listener(exit.lastWords);
  }
}

/** @param packages what the session installed for itself; workers of Python find it too. */
function sparkEnvironment(toolchain: Toolchain, packages: string): Record<string, string> {
  return {
    SPARK_HOME: toolchain.sparkHome,
    // Without these Spark asks the resolver for the host's own name, which took 14 of 18 seconds of a start.
    SPARK_LOCAL_IP: '127.0.0.1',
    SPARK_LOCAL_HOSTNAME: 'localhost',
    PYSPARK_PYTHON: toolchain.python,
    PYSPARK_DRIVER_PYTHON: toolchain.python,
    PYTHONPATH: [packages, ...toolchain.pythonPath].join(delimiter),
  };
}

function fromWire(parts: WireParts): ArrowParts {
  return { parts: parts.parts, rows: parts.rows, bytes: parts.bytes, totalRows: parts.totalRows ?? undefined };
}

function startFailed(reason: string): CrossviewError {
  return new CrossviewError('SPARK_START_FAILED', `Spark did not start: ${reason}`, {
    hint: 'Run `crossview doctor`; what Spark wrote stands in spark.log in the session directory.',
  });
}

function sparkEnded(exit: JvmExit | undefined): CrossviewError {
  const how =
    exit === undefined ? 'its connection broke' : exit.signal ? `by ${exit.signal}` : `with code ${exit.code}`;
  const words = exit?.lastWords ? ` Its last words were:\n${exit.lastWords}` : '';
  return new CrossviewError('SPARK_ENDED', `The Spark JVM ended (${how}) while it worked for the cell.${words}`, {
    hint: 'The next Spark cell starts a new one; views and variables that lived in Spark are gone.',
    facts: { code: exit?.code, signal: exit?.signal },
  });
}

function cellError(error: CrossviewError): CellError {
  const text = error.hint === undefined ? error.message : `${error.message}\n${error.hint}`;
  return { status: 'error', name: error.code, value: text, traceback: `${error.code}: ${text}`.split('\n') };
}
