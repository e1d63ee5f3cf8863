import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, extname, join, resolve } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { formats } from '@crossview/kernel/notebooks';
import { loadProfile } from '../config/load-config.js';
import { ensureEnvironment } from '../environment/ensure.js';
import type { EnvironmentState } from '../environment/state.js';
import { packageFile } from '../places.js';
import { startsSpark } from '../session/starts-spark.js';
import { kernels, kernelspec } from '../setup/kernelspecs.js';
import { readJsonFile } from '../system/json-file.js';
import type { Progress } from '../system/progress.js';
import { tellError } from '../system/tell-error.js';
import { junitXml, type RunReport } from './junit.js';
import { lakehouseOf, tellLakehouse } from './notebook-lakehouse.js';
import { openNotebook } from './open-notebook.js';
import { chooseKernel, prepareDocument } from './prepare.js';
import { languagesOf, languagesVariable, readLanguages } from './run-languages.js';
import { injectParameters, readParameters } from './run-parameters.js';

export interface RunNotebookOptions {
  readonly output?: string;
  readonly kernel?: string;
  /** Seconds for each cell. */
  readonly timeout?: string;
  readonly allowErrors?: boolean;
  readonly quiet?: boolean;
  /** `name=value`, each. */
  readonly parameter?: readonly string[];
  readonly profile?: string;
  /** Where a report for CI goes. */
  readonly junit?: string;
  readonly dryRun?: boolean;
}

/** Documented in the user's guide: 0 passed, 1 a cell failed, 2 nothing could be run, 130 stopped. */
const cannotRun = 2;

/** Where the executed notebook goes unless the user says otherwise. */
export function executedPath(notebook: string): string {
  return join(dirname(notebook), `${basename(notebook, extname(notebook))}.executed.ipynb`);
}

/** The environment for programs of Jupyter: our kernelspecs are found before any other. */
export function jupyterEnvironment(jupyterData: string): NodeJS.ProcessEnv {
  const path = [jupyterData, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter);
  return { ...process.env, JUPYTER_PATH: path, PYDEVD_DISABLE_FILE_VALIDATION: '1', PYTHONUNBUFFERED: '1' };
}

/**
 * Runs a notebook of any format and shows on standard output what each cell gave.
 * @returns the exit code: 0 when every cell passed or the notebook ended itself, 1 when one failed, 2 when nothing could be
 *   run, 130 after Ctrl+C.
 * @throws what set-up throws.
 */
export async function runNotebook(notebook: string, options: RunNotebookOptions, progress: Progress): Promise<number> {
  let work: string | undefined;
  try {
    if (options.timeout !== undefined && !(Number(options.timeout) > 0))
      throw new CrossviewError('RUN_ARGUMENTS', `--timeout ${options.timeout} is no number of seconds`);
    const { path, document } = openNotebook(notebook);
    if (options.profile) process.env.CROSSVIEW_PROFILE = options.profile;
    // A broken configuration is told at once, not by a kernel that does not start.
    loadProfile(dirname(path));
    tellLakehouse(lakehouseOf(document) ?? {});
    if (options.dryRun) {
      const { dryRun } = await import('./dry-run.js');
      return await dryRun(path, document, progress);
    }
    const chosen = chooseKernel(document, options.kernel);
    const values = readParameters(options.parameter ?? []);
    const given = injectParameters(document, values, chosen.language ?? 'pyspark');
    const prepared = prepareDocument(given, chosen);
    process.env[languagesVariable] = languagesOf(prepared);
    delete process.env[startsSpark];
    if (readLanguages().spark) process.env[startsSpark] = '1';
    const state = await ensureEnvironment(progress);
    work = mkdtempSync(join(tmpdir(), 'crossview-run-'));
    const input = join(work, `${basename(path, extname(path))}.ipynb`);
    writeFileSync(input, formats.ipynb.write(prepared, input));
    return await execute({ path, input, work, kernel: chosen.kernel, state, options });
  } catch (error) {
    if (!(error instanceof CrossviewError)) throw error;
    console.error(tellError(error));
    return cannotRun;
  } finally {
    if (work !== undefined) rmSync(work, { recursive: true, force: true });
  }
}

interface Execution {
  readonly path: string;
  readonly input: string;
  readonly work: string;
  readonly kernel: string;
  readonly state: EnvironmentState;
  readonly options: RunNotebookOptions;
}

async function execute({ path, input, work, kernel, state, options }: Execution): Promise<number> {
  const output = resolve(options.output ?? executedPath(path));
  const html = /\.html?$/i.test(output);
  const executed = html ? join(work, 'executed.ipynb') : output;
  const report = join(work, 'report.json');
  const argv = ['-m', 'crossview_run', input, '--output', executed, '--shown', output];
  argv.push('--directory', dirname(path), '--report', report, '--kernel', kernel);
  const own = kernels.find(({ name }) => name === kernel);
  if (own) argv.push('--start', JSON.stringify(kernelspec(own).argv));
  if (options.timeout) argv.push('--timeout', options.timeout);
  if (options.allowErrors) argv.push('--allow-errors');
  if (options.quiet) argv.push('--quiet');
  const code = await runChild(state, argv, path);
  const cells = readJsonFile<RunReport>(report);
  if (options.junit && cells) {
    mkdirSync(dirname(resolve(options.junit)), { recursive: true });
    writeFileSync(resolve(options.junit), junitXml(basename(path), cells));
  }
  if (html && cells) {
    const { notebookHtml } = await import('./html/notebook-html.js');
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, notebookHtml(formats.ipynb.read(readFileSync(executed, 'utf8'), executed), basename(path)));
  }
  if (cells?.exitValue != null && !options.quiet) console.log(`exit value: ${cells.exitValue}`);
  return code;
}

async function runChild(state: EnvironmentState, argv: readonly string[], path: string): Promise<number> {
  const env = jupyterEnvironment(state.jupyterData);
  const pythonPath = [packageFile('python'), process.env.PYTHONPATH].filter(Boolean).join(delimiter);
  const child = spawn(state.python, argv, {
    // Standard input stays open as long as we live: the runner ends its kernel when it closes.
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...env, PYTHONPATH: pythonPath, CROSSVIEW_NOTEBOOK: path },
  });
  // The runner hears Ctrl+C too, and ends the kernel properly; we wait for it.
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGTERM', pass);
  process.on('SIGHUP', pass);
  try {
    return await new Promise<number>((done, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 143)));
    });
  } finally {
    process.off('SIGINT', ignore);
    process.off('SIGTERM', pass);
    process.off('SIGHUP', pass);
  }
}
