import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';

export interface CompileOptions {
  readonly java: string;
  readonly sparkHome: string;
  /** Jars that the sources need besides Spark's own. */
  readonly classPath?: readonly string[];
  /** Scala files; see `findScala`. */
  readonly sources: readonly string[];
  /** Folder that keeps compiled classes, one jar for each version of the sources and of Spark. */
  readonly output: string;
}

const limitMilliseconds = 300_000;

/**
 * Compiles Scala with the compiler that is among Spark's jars, unless the same sources were compiled for the same jars
 * before. Several processes may do so at once.
 * @returns the jar with the classes, to be put on the class path. A jar, because Java's class archives know no folders.
 * @throws CrossviewError `SCALA_COMPILE_FAILED` with what the compiler said.
 */
export async function compileScala(options: CompileOptions): Promise<string> {
  const { java, sparkHome, classPath = [], sources, output } = options;
  const jars = join(sparkHome, 'jars');
  const folder = join(output, await version(jars, classPath, sources));
  const jar = join(folder, 'crossview.jar');
  if (await exists(jar)) return jar;
  await mkdir(output, { recursive: true });
  const unfinished = await mkdtemp(join(output, 'compiling-'));
  try {
    const path = [...classPath, join(jars, '*')].join(delimiter);
    const compiler = [
      '-Xss8m',
      '-cp',
      path,
      'scala.tools.nsc.Main',
      '-usejavacp',
      '-nowarn',
      '-d',
      join(unfinished, 'crossview.jar'),
    ];
    await run(java, [...compiler, ...sources]);
    await rename(unfinished, folder).catch((error: NodeJS.ErrnoException) => {
      // Another process was faster; its classes are the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    return jar;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function version(jars: string, classPath: readonly string[], sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(jars)).filter((name) => /^(spark|scala|arrow|jackson)-/.test(name)).sort();
  hash.update(JSON.stringify(['jar', names, classPath.map((path) => basename(path)).sort()]));
  for (const source of sources) {
    const content = await readFile(source);
    hash.update(`\n${basename(source)} ${content.byteLength}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 20);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function run(java: string, flags: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(java, flags, { timeout: limitMilliseconds, maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
      if (!error) return resolve();
      const said = `${stdout}${stderr}`.trim();
      reject(
        (error as NodeJS.ErrnoException).code === 'ENOENT'
          ? javaNotFound(java)
          : new CrossviewError(
              'SCALA_COMPILE_FAILED',
              `Crossview's Scala does not compile here: ${said.slice(0, 4000)}`,
              {
                hint: 'Run `crossview doctor`; Java 17 or newer and pyspark 4.1.4 are needed.',
                cause: error,
              },
            ),
      );
    });
  });
}

export function javaNotFound(java: string): CrossviewError {
  return new CrossviewError('JAVA_NOT_FOUND', `There is no Java at ${java}.`, {
    hint: 'Set JAVA_HOME to a Java 17 or newer, or run `crossview setup`, which brings one.',
    facts: { java },
  });
}
