// npm test: installs, builds and sets up if need be, then runs every test.
// npm test -- GROUP [FILE]: only the groups whose name starts with GROUP, and there only files with FILE in their name.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root, say } from './lib/prepare.mjs';
import { testEnvironment } from './lib/test-environment.mjs';
import { findGroups, runGroup } from './run-suites.mjs';

const [wanted = '', pattern = ''] = process.argv.slice(2);

/** The tests' own types, as one test of the whole run. */
function checkTypes() {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-b'], { cwd: root, stdio: 'inherit' });
  return { group: 'types', passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0, seconds: 0 };
}

const groups = findGroups(join(root, 'test')).filter((group) => group === wanted || group.startsWith(wanted));
if (groups.length === 0) {
  process.stderr.write(`There is no test group ${wanted}. There is: ${findGroups(join(root, 'test')).join(', ')}\n`);
  process.exit(1);
}

prepare();
const { env, remove } = await testEnvironment();
process.once('exit', remove);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

const results = wanted === '' ? [checkTypes()] : [];
for (const group of groups) {
  say(`\n── ${group}`);
  const started = Date.now();
  const result = await runGroup(root, group, { env, pattern });
  results.push({ ...result, seconds: Math.round((Date.now() - started) / 1000) });
}

say('');
const width = Math.max(...results.map(({ group }) => group.length));
for (const { group, passed, failed, skipped, seconds } of results)
  say(
    `${failed > 0 ? '✗' : '✓'} ${group.padEnd(width)}  ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''} (${seconds} s)`,
  );
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const skipped = sum('skipped');
process.exitCode = sum('failed') === 0 ? 0 : 1;
say(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
