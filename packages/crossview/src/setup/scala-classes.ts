import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { type Places, packageFolder, privateDirectory } from '../places.js';
import type { Progress } from '../system/progress.js';
import type { Java } from './java.js';
import { removeUnused } from './unused.js';

/** The packages that have a JVM side, in a folder `scala/`. */
const withScala = ['spark-session', 'synapse', 'notebook-utils'];

function scalaSources(): readonly string[] {
  return withScala
    .map((name) => join(packageFolder(name), 'scala'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.scala'))
        .map((file) => join(folder, file)),
    )
    .sort();
}

/** Changes with any of our Scala files; takes milliseconds. */
export function scalaHash(): string {
  const hash = createHash('sha256');
  for (const path of scalaSources()) hash.update(`\0${basename(path)}\0`).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

/**
 * Compiles our Scala with the compiler that Spark brings, once per version of the sources and of Spark.
 * @returns the entry for the class path, inside of the directory of classes.
 * @throws CrossviewError `SCALA_COMPILE_FAILED`.
 */
export async function ensureClasses(
  places: Places,
  java: Java,
  sparkHome: string,
  progress: Progress,
): Promise<string> {
  const { compileScala } = await import('@crossview/spark-session');
  const output = privateDirectory(places.classes);
  progress.step("Compiling Crossview's Scala side");
  const classes = await compileScala({ java: java.executable, sparkHome, sources: scalaSources(), output });
  const [current] = relative(output, classes).split(sep);
  if (current !== undefined) removeUnused(places, output, current);
  return classes;
}
