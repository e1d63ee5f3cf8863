// npm run bench -- kernel: the kernel beside ipykernel, remote cells, first results of Spark, floods of output. Ways are
// measured in turns and every answer is checked. CROSSVIEW_BENCH_ONLY=cells,remote,first,floods runs some of the parts.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, temporaryDirectory } from '../support/paths.js';
import { testToolchain } from '../support/toolchain.js';
import { remoteCells } from './kernel/remote.js';

const { python, sparkHome } = testToolchain();
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
const ours = (language: string) => [process.execPath, bin, 'kernel', '--language', language];
describe('bench_crossview', [...ours('python'), '--connection-file', '{connection_file}']);
describe('bench_synapse', [...ours('pyspark'), '--connection-file', '{connection_file}']);
describe('bench_ipykernel', [python, '-m', 'ipykernel_launcher', '-f', '{connection_file}']);

async function run(command: string, argv: readonly string[]): Promise<void> {
  const child = spawn(command, argv, { env: { ...process.env, JUPYTER_PATH: specs }, stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${[command, ...argv].join(' ')} ended with ${code}`);
}
const script = (name: string, ...argv: string[]) =>
  run(python, [join(root, 'test', 'bench', 'kernel', `${name}.py`), ...argv]);

const parts: Readonly<Record<string, () => Promise<void>>> = {
  cells: () => script('two_kernels', 'bench_crossview', 'bench_ipykernel'),
  remote: remoteCells,
  async first() {
    // As a user has it after the set-up: with the class archive.
    await run(process.execPath, [bin, 'setup']);
    await script('first_results', 'bench_synapse', join(sparkHome, 'bin', 'spark-shell'));
  },
  floods: () => script('floods', 'bench_crossview'),
};
const wanted = (process.env.CROSSVIEW_BENCH_ONLY ?? Object.keys(parts).join()).split(',');
for (const [name, part] of Object.entries(parts)) if (wanted.includes(name)) await part();
process.exit();
