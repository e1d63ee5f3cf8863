// npm run bench -- errors: how long the errors that need no Spark take in a session that has started, and that the session goes on.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { door } from '../support/door.js';
import { root, temporaryDirectory } from '../support/paths.js';
import { testToolchain } from '../support/toolchain.js';

const folder = temporaryDirectory('bench-errors');
const kernel = join(folder, 'kernels', 'bench_errors');
mkdirSync(kernel, { recursive: true });
const argv = [process.execPath, door, 'kernel', '--language', 'pyspark', '--connection-file', '{connection_file}'];
writeFileSync(
  join(kernel, 'kernel.json'),
  JSON.stringify({ argv, display_name: 'bench', language: 'python', interrupt_mode: 'message' }),
);
const script = join(root, 'test', 'bench', 'errors', 'error_times.py');
const child = spawn(testToolchain().python, [script, 'bench_errors'], {
  env: { ...process.env, JUPYTER_PATH: folder },
  stdio: 'inherit',
});
process.exit((await new Promise<number | null>((resolve) => child.once('close', resolve))) ?? 1);
