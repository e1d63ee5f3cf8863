import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { type EnvironmentState, stateVersion, writeState } from '../environment/state.js';
import { places as defaultPlaces, type Places, privateDirectory } from '../places.js';
import { withLock } from '../system/file-lock.js';
import type { Progress } from '../system/progress.js';
import { runProcess } from '../system/run-process.js';
import { ensureClassArchive } from './class-archive.js';
import { ensureJars } from './jars.js';
import { findJava, type Java, jdk4pyJava, oldestJava } from './java.js';
import { writeKernelspecs } from './kernelspecs.js';
import { type LockName, lockHash } from './lock-file.js';
import { checkOwnPython } from './own-python.js';
import { addLock, ensurePythonEnvironment, hasLock, type PythonEnvironment } from './python-environment.js';
import { ensureClasses, scalaHash } from './scala-classes.js';

const anHour = 3_600_000;

/**
 * Brings everything a session needs and writes down where it is. Safe to stop at any moment and to repeat: what is
 * complete is kept, what is not is made anew. Two at once wait for each other.
 * @param options.with lock files to add to the environment besides, `lab`, `test`.
 * @param options.classArchive also what makes later starts of Spark faster, which takes half a minute once.
 */
export async function setup(
  progress: Progress,
  options: { places?: Places; with?: readonly LockName[]; classArchive?: boolean } = {},
): Promise<EnvironmentState> {
  const places = options.places ?? defaultPlaces();
  const all = async () => {
    try {
      const state = await work(places, options.with ?? [], progress);
      if (options.classArchive) await ensureClassArchive(places, progress);
      return state;
    } finally {
      progress.end();
    }
  };
  return withLock(privateDirectory(places.data), 'setup', all, {
    waitMs: anHour,
    onWait: () => progress.note('another set-up is under way; waiting for it'),
  });
}

async function work(places: Places, extra: readonly LockName[], progress: Progress): Promise<EnvironmentState> {
  const own = process.env.CROSSVIEW_PYTHON;
  const environment = own ? undefined : await ensurePythonEnvironment(places, progress);
  if (own) for (const note of await checkOwnPython(own)) progress.note(note);
  for (const name of ['lake' as const, ...extra]) {
    if (environment === undefined || hasLock(environment, name)) continue;
    progress.step(`Adding the packages of ${name}.lock`);
    await addLock(environment, name, progress);
  }
  const python = own ?? environment!.python;
  const spark = await askSpark(python);
  const java = await chooseJava(environment, progress);
  const jars = await ensureJars(places, java, spark.home, progress);
  const classes = await ensureClasses(places, java, spark.home, progress);
  const jupyterData = environment ? join(environment.prefix, 'share', 'jupyter') : places.jupyter;
  writeKernelspecs(jupyterData);
  const state: EnvironmentState = {
    version: stateVersion,
    lockHash: own ? 'own' : lockHash('build', 'session'),
    python,
    pythonVersion: spark.pythonVersion,
    prefix: environment?.prefix ?? null,
    java: java.executable,
    javaMajor: java.major,
    javaSource: java.source,
    sparkHome: spark.home,
    sparkVersion: spark.version,
    jars,
    classes,
    scalaHash: scalaHash(),
    jupyterData,
  };
  writeState(places, state);
  return state;
}

async function askSpark(python: string): Promise<{ home: string; version: string; pythonVersion: string }> {
  const asked = await runProcess(
    python,
    [
      '-c',
      'import importlib.util as u, platform, importlib.metadata as m; print(u.find_spec("pyspark").origin); print(m.version("pyspark")); print(platform.python_version())',
    ],
    { timeoutMs: 60_000 },
  );
  const [origin = '', version = '', pythonVersion = ''] = asked.stdout.split('\n').map((line) => line.trim());
  if (asked.code !== 0 || origin === '')
    throw new CrossviewError('SPARK_NOT_FOUND', `${python} has no pyspark`, { hint: asked.lastWords });
  return { home: dirname(realpathSync(origin)), version, pythonVersion };
}

async function chooseJava(environment: PythonEnvironment | undefined, progress: Progress): Promise<Java> {
  const found = await findJava();
  if (found) return found;
  if (environment) return jdk4pyJava(environment, progress);
  throw new CrossviewError('JAVA_NOT_FOUND', `no Java ${oldestJava} or newer on the PATH`, {
    hint: 'Set JAVA_HOME, or unset CROSSVIEW_PYTHON and let set-up bring one.',
  });
}
