import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type {
  CellOutcome,
  CellOutput,
  MimeBundle,
  SessionDirectories,
  SessionServer,
  SparkCell,
  SparkHost,
  Toolchain,
} from '@crossview/contracts';
import { startSessionServer } from '@crossview/session-rpc';
import { compileScala, createSparkHost, findScala, type SparkHostOptions } from '@crossview/spark-session';
import { root, temporaryDirectory } from './paths.js';
import { testToolchain } from './toolchain.js';

export interface TestSpark {
  readonly session: SessionServer;
  readonly host: SparkHost;
  readonly directories: SessionDirectories;
}

let toolchain: Promise<Toolchain> | undefined;
let shared: Promise<TestSpark> | undefined;

/** The toolchain with Crossview's own Scala compiled; the classes are kept between runs. */
export function sparkToolchain(): Promise<Toolchain> {
  toolchain ??= (async () => {
    const { python, java, sparkHome, jars } = testToolchain();
    const sources = await findScala([join(root, 'packages/spark-session/scala'), join(root, 'packages/synapse/scala')]);
    const output = join(root, 'node_modules/.cache/crossview-scala');
    const classes = await compileScala({ java, sparkHome, classPath: jars, sources, output });
    const pythonPath = ['session-rpc', 'spark-session', 'temp-views', 'synapse', 'kernel'].map((name) =>
      join(root, 'packages', name, 'python'),
    );
    return { python, java, javaMajor: 17, sparkHome, classPath: [classes, ...jars], pythonPath };
  })();
  return toolchain;
}

/** A session of its own with a Spark host that has not started; the caller closes both. */
export async function newSpark(options: Partial<SparkHostOptions> = {}): Promise<TestSpark> {
  const directories = testDirectories();
  const session = await startSessionServer();
  const host = createSparkHost({
    session,
    toolchain: sparkToolchain,
    directories,
    master: 'local[2]',
    conf: { 'spark.driver.memory': '2g' },
    workingDirectory: () => directories.root,
    ...options,
  });
  return { session, host, directories };
}

let users = 0;

/**
 * One session and one JVM for all files of a test process, started by the first test that asks. Call it at the top of a
 * file, before `test.run()`: all files are loaded before the first runs, and the last file's `after` closes the session.
 */
export function useSpark(test: { after: (hook: () => Promise<void>) => void }): () => Promise<TestSpark> {
  users++;
  test.after(async () => {
    users--;
    if (users > 0) return;
    const open = await shared;
    shared = undefined;
    await open?.host.close();
    await open?.session.close();
  });
  return () => {
    shared ??= newSpark();
    return shared;
  };
}

/** What a cell sent, in order, besides its outcome. */
export interface CellRun {
  readonly outcome: CellOutcome;
  readonly stdout: string;
  readonly stderr: string;
  readonly results: readonly string[];
  readonly displays: readonly MimeBundle[];
}

let cells = 0;

/** A cell for the host whose output is collected. */
export function testCell(code: string, signal: AbortSignal = new AbortController().signal) {
  const text = { stdout: '', stderr: '' };
  const results: string[] = [];
  const displays: MimeBundle[] = [];
  const unexpected = () => {
    throw new Error('Spark does not do this');
  };
  const output: CellOutput = {
    stream: (name, piece) => {
      text[name] += piece;
    },
    display: (data) => void displays.push(data),
    result: (data) => void results.push(data['text/plain']),
    updateDisplay: unexpected,
    clear: unexpected,
    input: unexpected,
  };
  const cell: SparkCell = { id: `cell-${++cells}`, code, signal, output };
  const finish = (outcome: CellOutcome): CellRun => ({ outcome, ...text, results, displays });
  return { cell, finish };
}

export async function runScala(host: SparkHost, code: string, signal?: AbortSignal): Promise<CellRun> {
  const { cell, finish } = testCell(code, signal);
  return finish(await host.scala(cell));
}

export function testDirectories(): SessionDirectories {
  const folder = temporaryDirectory('session');
  const arrow = join(folder, 'arrow');
  mkdirSync(arrow, { mode: 0o700 });
  return { id: 'test', root: folder, arrow };
}
