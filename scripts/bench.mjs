// npm run bench -- NAME …: runs test/bench/NAME.ts, or all of them.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root, runStep, say } from './lib/prepare.mjs';
import { testEnvironment } from './lib/test-environment.mjs';

const folder = join(root, 'test', 'bench');
const all = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => name.slice(0, -3))
  : [];
const [...wanted] = process.argv.slice(2);
const names = wanted.length === 0 ? all : wanted;
const unknown = names.filter((name) => !all.includes(name));
if (unknown.length > 0 || names.length === 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(', ')}. There is: ${all.join(', ') || 'none yet'}\n`);
  process.exit(1);
}

prepare();
const { env, remove } = await testEnvironment();
process.once('exit', remove);
for (const name of names) {
  say(`\n── ${name}`);
  runStep(`Benchmark ${name}`, process.execPath, ['--import', 'tsx', join(folder, `${name}.ts`)], { env });
}
