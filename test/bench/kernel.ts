// Speed of the kernel beside ipykernel: start to kernel_info_reply, and the round trip of a delegated cell.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, temporaryDirectory } from '../support/paths.js';
import { testToolchain } from '../support/toolchain.js';

const { python } = testToolchain();
const specs = temporaryDirectory('bench');
const describe = (name: string, argv: readonly string[]) => {
  const folder = join(specs, 'kernels', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'kernel.json'),
    JSON.stringify({ argv, display_name: name, language: 'python', interrupt_mode: 'message' }),
  );
};
const bin = join(root, 'packages', 'crossview', 'bin', 'crossview.mjs');
describe('bench_crossview', [
  process.execPath,
  bin,
  'kernel',
  '--language',
  'python',
  '--connection-file',
  '{connection_file}',
]);
describe('bench_ipykernel', [python, '-m', 'ipykernel_launcher', '-f', '{connection_file}']);

const child = spawn(
  python,
  [join(root, 'test', 'support', 'python', 'bench_kernels.py'), 'bench_crossview', 'bench_ipykernel'],
  {
    env: { ...process.env, JUPYTER_PATH: specs },
    stdio: 'inherit',
  },
);
process.exitCode = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
