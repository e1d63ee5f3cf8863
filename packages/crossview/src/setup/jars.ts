import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { type Places, packageFile, privateDirectory } from '../places.js';
import type { Progress } from '../system/progress.js';
import { runProcess } from '../system/run-process.js';
import type { Java } from './java.js';

/** What `jars.json` records: what to ask Spark's resolver for, and what must come. */
interface RecordedJars {
  /** `group:artifact:version`, exact. */
  readonly packages: readonly string[];
  /** `group:artifact` of what they name and Spark has already, or no session uses. */
  readonly excludes?: readonly string[];
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

function recorded(): { jars: RecordedJars; hash: string } {
  const text = readFileSync(packageFile('jars.json'), 'utf8');
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { jars: JSON.parse(text) as RecordedJars, hash };
}

function jarsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jar'))
    .sort()
    .map((name) => join(folder, name));
}

/** The kept jars for this version, or those of `CROSSVIEW_JARS`; `undefined` when set-up has not brought them. */
export function findJars(places: Places, env: NodeJS.ProcessEnv = process.env): readonly string[] | undefined {
  if (env.CROSSVIEW_JARS) return jarsIn(resolve(env.CROSSVIEW_JARS));
  const { jars, hash } = recorded();
  const folder = join(places.jars, hash);
  if (!existsSync(folder)) return undefined;
  const found = jarsIn(folder);
  return found.length === jars.files.length ? found : undefined;
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** @throws CrossviewError `JAR_MISSING`, `JAR_UNEXPECTED`, `JAR_CHANGED` naming the file. */
export function checkJars(folder: string, jars: RecordedJars): void {
  const expected = new Map(jars.files.map((file) => [file.name, file]));
  for (const path of jarsIn(folder)) {
    const name = basename(path);
    const file = expected.get(name);
    if (!file)
      throw new CrossviewError('JAR_UNEXPECTED', `Spark's resolver brought ${name}, which jars.json does not name`, {
        hint: 'The set of jars is fixed by version. If the packages in jars.json were changed, record their files there.',
        facts: { jar: name },
      });
    const actual = sha256(path);
    if (actual !== file.sha256)
      throw new CrossviewError('JAR_CHANGED', `${name} is not the file that was recorded`, {
        hint: `Its SHA-256 is ${actual}, and ${file.sha256} was recorded. A proxy or mirror may hand out another file.`,
        facts: { jar: name, actual, recorded: file.sha256 },
      });
    expected.delete(name);
  }
  const missing = [...expected.keys()];
  if (missing.length > 0)
    throw new CrossviewError('JAR_MISSING', `Spark's resolver did not bring ${missing.join(', ')}`, {
      facts: { jars: missing.join(',') },
    });
}

/**
 * Brings the jars that Spark does not come with, by Spark's own package resolver, checks them and keeps them.
 * Registries and proxies are the resolver's business (`JAVA_TOOL_OPTIONS`, `SPARK_IVY_SETTINGS`).
 * @throws CrossviewError `JARS_FAILED` with the resolver's last lines, and what `checkJars` throws.
 */
export async function ensureJars(
  places: Places,
  java: Java,
  sparkHome: string,
  progress: Progress,
): Promise<readonly string[]> {
  const found = findJars(places);
  if (found) return found;
  const { jars, hash } = recorded();
  progress.step('Fetching the jars for Azure storage and Delta Lake (17 MB)');
  const { packageResolver } = await import('@crossview/spark-session');
  const work = join(privateDirectory(places.jars), 'resolving');
  rmSync(work, { recursive: true, force: true });
  const { command, argv, env } = packageResolver({
    java: java.executable,
    sparkHome,
    packages: jars.packages,
    excludes: jars.excludes,
    folder: work,
  });
  const result = await runProcess(command, argv, {
    timeoutMs: 600_000,
    env,
    onLine: (line) => {
      const downloading = /^downloading \S*\/(\S+\.jar)/.exec(line.trim());
      if (downloading) progress.update(downloading[1]!);
    },
  });
  const fetched = join(work, 'jars');
  if (!existsSync(fetched) || jarsIn(fetched).length === 0)
    throw new CrossviewError('JARS_FAILED', `Spark's package resolver did not bring ${jars.packages.join(', ')}`, {
      hint: `It said:\n${problemLines(result.lastWords)}\nRun the same command again. Behind a proxy, set it for Java in JAVA_TOOL_OPTIONS (-Dhttps.proxyHost=…), or name a settings file in SPARK_IVY_SETTINGS.`,
    });
  checkJars(fetched, jars);
  const kept = join(work, hash);
  privateDirectory(kept);
  for (const path of jarsIn(fetched)) copyFileSync(path, join(kept, basename(path)));
  const target = join(places.jars, hash);
  rmSync(target, { recursive: true, force: true });
  renameSync(kept, target);
  rmSync(work, { recursive: true, force: true });
  return jarsIn(target);
}

/** The resolver prints a table and a stack trace around the one line that says what went wrong. */
function problemLines(text: string): string {
  const telling = text.split('\n').filter((line) => /not found|exception|error|unresolved|SSL|certificate/i.test(line));
  return (telling.length > 0 ? telling : text.split('\n')).slice(0, 8).join('\n');
}
