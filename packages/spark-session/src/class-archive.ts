import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { CellOutput, SessionDirectories, Toolchain } from '@crossview/contracts';
import { startSessionServer } from '@crossview/session-rpc';
import { baseClassPath } from './java-command.js';
import { createSparkHost } from './spark-host.js';

const limitMilliseconds = 300_000;

/**
 * A class archive (Java's application class-data sharing) holds the classes of a started session ready for mapping, so
 * that a JVM neither parses nor verifies them. It fits one Java and one class path.
 * @returns the archive's path if it was made before.
 */
export async function findClassArchive(toolchain: Toolchain, folder: string): Promise<string | undefined> {
  const path = await archivePath(toolchain, folder);
  return stat(path).then(
    () => path,
    () => undefined,
  );
}

/**
 * Makes the archive unless it is there: runs a session that does what first cells do, then lets Java write the archive.
 * Takes half a minute and 190 MB; meant for set-up.
 * @throws CrossviewError what starting Spark throws; `Error` when Java cannot write the archive. Sessions run without it too.
 */
export async function makeClassArchive(toolchain: Toolchain, folder: string): Promise<string> {
  const made = await findClassArchive(toolchain, folder);
  if (made !== undefined) return made;
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'making-'));
  try {
    const classes = join(work, 'classes.txt');
    await train(toolchain, work, classes);
    const unfinished = join(work, 'archive.jsa');
    await run(toolchain.java, [
      '-Xshare:dump',
      `-XX:SharedClassListFile=${classes}`,
      `-XX:SharedArchiveFile=${unfinished}`,
      '-Xlog:disable',
      '-Xlog:all=error:stderr',
      '-cp',
      baseClassPath(toolchain).join(delimiter),
    ]);
    const path = await archivePath(toolchain, folder);
    await rename(unfinished, path);
    return path;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Runs what a first cell of each kind needs, and has Java write down the classes it loads. */
async function train(toolchain: Toolchain, work: string, classes: string): Promise<void> {
  const arrow = join(work, 'arrow');
  await mkdir(arrow);
  const directories: SessionDirectories = { id: 'class-archive', root: work, arrow };
  const session = await startSessionServer();
  const host = createSparkHost({
    session,
    directories,
    toolchain: async () => toolchain,
    conf: { 'spark.driver.extraJavaOptions': `-XX:DumpLoadedClassList=${classes}`, ...withDelta(toolchain) },
    workingDirectory: () => work,
  });
  const cell = (id: string, code: string) => ({ id, code, signal: AbortSignal.timeout(60_000), output: silent });
  try {
    const code = 'case class Pair(n: Long, s: String); val pairs = spark.range(10).map(n => Pair(n, s"$n")).toDF()';
    await host.scala(
      cell('scala', `${code}; pairs.groupBy("s").count().createOrReplaceTempView("trained"); println(1)`),
    );
    await host.sql(cell('sql', 'select * from trained order by s'), { headRows: 10 });
    const out = await host.exportTo('trained', arrow, {});
    await host.importFrom('back', out);
    await host.sql(cell('back', 'select count(*) from back'), { headRows: 10 });
    await host.completeScala('spark.ra', 8);
  } finally {
    await host.close();
    await session.close();
  }
}

/** Sessions start with Delta's rules, where its jar is there, so their classes belong into the archive. */
function withDelta({ classPath }: Toolchain): Record<string, string> {
  if (!classPath.some((path) => path.includes('delta-spark'))) return {};
  return {
    'spark.sql.extensions': 'io.delta.sql.DeltaSparkSessionExtension',
    'spark.sql.catalog.spark_catalog': 'org.apache.spark.sql.delta.catalog.DeltaCatalog',
  };
}

const silent: CellOutput = {
  stream: () => {},
  display: () => {},
  updateDisplay: () => {},
  result: () => {},
  clear: () => {},
  input: () => Promise.reject(new Error('nobody is asked')),
};

async function archivePath(toolchain: Toolchain, folder: string): Promise<string> {
  const hash = createHash('sha256');
  const { size, mtimeMs } = await stat(toolchain.java).catch(() => ({ size: 0, mtimeMs: 0 }));
  // Which Java it is stands in the runtime's `release` file; two Javas may have the same launcher.
  const release = await readFile(join(toolchain.java, '..', '..', 'release'), 'utf8').catch(() => '');
  hash.update(JSON.stringify([toolchain.java, size, mtimeMs, release]));
  for (const jar of baseClassPath(toolchain)) {
    const file = await stat(jar).catch(() => undefined);
    hash.update(`${jar} ${file?.size} ${file?.mtimeMs}\n`);
  }
  return join(folder, `${hash.digest('hex').slice(0, 20)}.jsa`);
}

function run(java: string, flags: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(java, flags, { timeout: limitMilliseconds, maxBuffer: 64 << 20 }, (failed, _stdout, stderr) =>
      failed ? reject(new Error(`Java could not write the class archive: ${stderr.slice(-1000)}`)) : resolve(),
    );
  });
}
