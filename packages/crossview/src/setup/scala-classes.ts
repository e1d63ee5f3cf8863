import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Places, packageFolder, privateDirectory } from '../places.js';
import type { Progress } from '../system/progress.js';
import type { Java } from './java.js';

interface SparkPackage {
  compileScala(options: { java: string; sparkHome: string; sources: readonly string[]; output: string }): Promise<void>;
}

/** The packages that have a JVM side, in a folder `scala/`. */
const withScala = ['spark-session', 'synapse'];

function scalaSources(): readonly { path: string; name: string }[] {
  const sources: { path: string; name: string }[] = [];
  for (const name of withScala) {
    const folder = join(packageFolder(name), 'scala');
    if (!existsSync(folder)) continue;
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      if (/\.(scala|java)$/.test(file)) sources.push({ path: join(folder, file), name: `${name}/${file}` });
  }
  return sources.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function classesFolder(places: Places, sparkVersion: string): string {
  const hash = createHash('sha256').update(sparkVersion);
  for (const { path, name } of scalaSources()) hash.update(`\0${name}\0`).update(readFileSync(path));
  return join(places.classes, hash.digest('hex').slice(0, 16));
}

/** The compiled classes for the sources of this version, or `undefined` when set-up has not compiled them. */
export function findClasses(places: Places, sparkVersion: string): string | undefined {
  const folder = classesFolder(places, sparkVersion);
  return existsSync(folder) ? folder : undefined;
}

/**
 * Compiles our Scala with the compiler that Spark brings, once per version of the sources.
 * @throws CrossviewError `SCALA_COMPILE_FAILED`.
 */
export async function ensureClasses(
  places: Places,
  java: Java,
  sparkHome: string,
  sparkVersion: string,
  progress: Progress,
): Promise<string> {
  const found = findClasses(places, sparkVersion);
  if (found) return found;
  progress.step("Compiling Crossview's Scala side");
  const { compileScala } = (await import('@crossview/spark-session')) as unknown as SparkPackage;
  const output = join(privateDirectory(places.classes), 'compiling');
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  await compileScala({
    java: java.executable,
    sparkHome,
    sources: scalaSources().map(({ path }) => path),
    output,
  });
  const target = classesFolder(places, sparkVersion);
  rmSync(target, { recursive: true, force: true });
  renameSync(output, target);
  for (const name of readdirSync(places.classes))
    if (join(places.classes, name) !== target) rmSync(join(places.classes, name), { recursive: true, force: true });
  return target;
}
