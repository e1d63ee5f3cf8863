import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CrossviewError, type Toolchain } from '@crossview/contracts';
import { type PackageRequest, packageResolver } from './package-resolver.js';
import type { SparkSettings } from './spark-conf.js';

const limitMilliseconds = 300_000;

/**
 * The jars that a session asked for, as files of this machine: `spark.jars` may name jars in a lake, and `spark.jars.packages`
 * is resolved by Spark's own resolver, once for each set of packages. Nothing is done where neither is set.
 * @returns the settings that replace those of the user.
 * @throws CrossviewError `PACKAGES_FAILED` with what the resolver said, `JAR_NOT_FOUND`.
 */
export async function userJars(
  toolchain: Toolchain,
  settings: SparkSettings,
  options: { cache: string; localJar: ((address: string) => Promise<string>) | undefined },
): Promise<SparkSettings> {
  const named = list(settings['spark.jars']);
  const packages = list(settings['spark.jars.packages']);
  if (named.length === 0 && packages.length === 0) return {};
  const jars = await Promise.all(named.map((jar) => asFile(jar, options)));
  const resolved = packages.length === 0 ? [] : await resolvePackages(toolchain, settings, packages, options.cache);
  return { 'spark.jars': [...jars, ...resolved].join(',') };
}

function list(text: string | undefined): string[] {
  return (text ?? '').split(',').flatMap((part) => part.trim() || []);
}

async function asFile(
  jar: string,
  { cache, localJar }: { cache: string; localJar: ((address: string) => Promise<string>) | undefined },
): Promise<string> {
  const plain = jar.replace(/^file:(\/\/)?/, '');
  if (plain.startsWith('/')) return existing(plain);
  if (localJar === undefined) return jar;
  const fetched = await localJar(jar);
  if (basename(fetched) === basename(jar)) return fetched;
  // What was fetched for reading goes again: the session keeps a copy under the jar's own name.
  const folder = await mkdtemp(join(await made(cache), 'lake-'));
  const kept = join(folder, basename(jar));
  await copyFile(fetched, kept);
  return kept;
}

async function existing(path: string): Promise<string> {
  if (await stat(path).catch(() => undefined)) return path;
  throw new CrossviewError('JAR_NOT_FOUND', `There is no jar ${path}`, {
    hint: 'Correct "jars" in %%configure, or spark.jars of the profile.',
    facts: { path },
  });
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return folder;
}

async function jarsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.jar'))
    .sort()
    .map((name) => join(folder, name));
}

async function resolvePackages(
  { java, sparkHome }: Toolchain,
  settings: SparkSettings,
  packages: readonly string[],
  cache: string,
): Promise<string[]> {
  const passed = ['spark.jars.excludes', 'spark.jars.repositories', 'spark.jars.ivySettings'].filter(
    (key) => settings[key],
  );
  const hash = createHash('sha256').update(JSON.stringify([packages, passed.map((key) => settings[key])]));
  const kept = join(await made(cache), hash.digest('hex').slice(0, 16));
  const known = await jarsIn(kept);
  if (known.length > 0) return known;
  const work = await mkdtemp(join(cache, 'resolving-'));
  try {
    const chosen = Object.fromEntries(passed.map((key) => [key, settings[key]!]));
    const said = await resolve({ java, sparkHome, packages, folder: work, settings: chosen });
    const found = join(work, 'jars');
    if ((await jarsIn(found)).length === 0)
      throw new CrossviewError('PACKAGES_FAILED', `spark.jars.packages could not be resolved: ${packages.join(', ')}`, {
        hint: said,
        facts: { packages: packages.join(',') },
      });
    await rename(found, kept).catch(async (error: NodeJS.ErrnoException) => {
      // Another session was faster; its jars are the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    return jarsIn(kept);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function resolve(request: PackageRequest): Promise<string> {
  const { command, argv, env } = packageResolver(request);
  return new Promise((done) => {
    execFile(command, argv, { env, timeout: limitMilliseconds, maxBuffer: 64 << 20 }, (_failed, stdout, stderr) => {
      const lines = `${stdout}${stderr}`.split('\n');
      const telling = lines.filter(
        (line) => /not found|unresolved|exception|error/i.test(line) && !/ResolveOnly/.test(line),
      );
      done(telling.slice(0, 8).join('\n'));
    });
  });
}
