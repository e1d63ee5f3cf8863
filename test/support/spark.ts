import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionDirectories, SessionServer, SparkHost, Toolchain } from '@crossview/contracts';
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
    workingDirectory: directories.root,
    ...options,
  });
  return { session, host, directories };
}

/** One session and one JVM for all files of a test process. It ends with the process: its standard input does. */
export function sharedSpark(): Promise<TestSpark> {
  shared ??= newSpark();
  return shared;
}

/** Closes the shared session, so that its files can go. Call it in the last file's `after`; calling it twice is fine. */
export async function closeSharedSpark(): Promise<void> {
  const open = await shared;
  shared = undefined;
  await open?.host.close();
  await open?.session.close();
}

export function testDirectories(): SessionDirectories {
  const folder = temporaryDirectory('session');
  const arrow = join(folder, 'arrow');
  mkdirSync(arrow, { mode: 0o700 });
  return { id: 'test', root: folder, arrow };
}
