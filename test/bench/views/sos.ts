import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { root, temporaryDirectory } from '../../support/paths.js';
import { testToolchain } from '../../support/toolchain.js';
import type { Measured } from './session.js';

const packages = ['sos==0.25.2', 'sos-notebook==0.24.7', 'sos-python==0.20.3', 'pandas', 'pyarrow', 'ipykernel'];

export interface Sos {
  /** `%get` of the rows of a Parquet file, from one Python kernel to another. */
  get(path: string): Promise<Measured>;
  /** `undefined` when it took longer than this; it is not waited for and is of no use then. */
  get(path: string, seconds: number): Promise<Measured | undefined>;
  close(): void;
}

/** SoS Notebook in an environment of its own, thrown away afterwards. `undefined` when it cannot be had. */
export async function startSos(): Promise<Sos | undefined> {
  const folder = process.env.CROSSVIEW_BENCH_SOS ?? temporaryDirectory('sos');
  const python = join(folder, 'bin', 'python');
  try {
    if (process.env.CROSSVIEW_BENCH_SOS === undefined) {
      const { python: own } = testToolchain();
      execFileSync(own, ['-m', 'venv', folder], { stdio: 'ignore' });
      execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...packages, 'setuptools<81'], { stdio: 'ignore' });
      execFileSync(python, ['-m', 'sos_notebook.install', '--sys-prefix'], { stdio: 'ignore' });
      execFileSync(python, ['-m', 'ipykernel', 'install', '--sys-prefix', '--name', 'python3'], { stdio: 'ignore' });
    }
  } catch (error) {
    console.log(`SoS Notebook could not be installed, so that its rows are missing: ${(error as Error).message}`);
    return undefined;
  }
  const child = spawn(python, [join(root, 'test/bench/views/sos_get.py')], {
    env: {
      ...process.env,
      JUPYTER_PATH: join(folder, 'share', 'jupyter'),
      JUPYTER_DATA_DIR: join(folder, 'data'),
      PYTHONPATH: '',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error('SoS Notebook ended');
      // Kernels of SoS write to the same stream.
      if (String(value).startsWith('{"')) return JSON.parse(String(value)) as Measured;
    }
  };
  await next();
  const get = (path: string, seconds?: number): Promise<Measured | undefined> => {
    child.stdin.write(`${JSON.stringify({ path })}\n`);
    if (seconds === undefined) return next();
    // The longest that is told is what `%get` took: what the kernel has to read before is known from the smaller table.
    return Promise.race([next(), sleep(seconds * 1000, undefined)]);
  };
  return {
    get: get as Sos['get'],
    close: () => void child.kill('SIGTERM'),
  };
}
