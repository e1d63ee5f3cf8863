// npm test: installs, builds and sets up if need be, then runs every test.
// Everything runs in two lanes where there are two cores; CROSSVIEW_TEST_LANES=1 says each line as it comes.
// npm test -- GROUP [FILE]: only the groups whose name starts with GROUP, and there only files with FILE in their name.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { prepare, root, say } from './lib/prepare.mjs';
import { testEnvironment } from './lib/test-environment.mjs';
import { findGroups, hasFiles, runGroup } from './run-suites.mjs';

const [wanted = '', pattern = ''] = process.argv.slice(2);

/** The tests' own types, as one test of the whole run. */
function checkTypes() {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-b'], { cwd: root, stdio: 'inherit' });
  return { group: 'types', passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0, seconds: 0 };
}

const groups = findGroups(join(root, 'test')).filter(
  (group) => group.startsWith(wanted) && hasFiles(join(root, 'test'), group, pattern),
);
if (groups.length === 0) {
  process.stderr.write(
    `There is no test group ${wanted}${pattern && ` with a file ${pattern}`}. There is: ${findGroups(join(root, 'test')).join(', ')}\n`,
  );
  process.exit(1);
}

// One lane says each line as it comes. Two run two groups at once, each lane with a data directory of its own, and say a group when it has ended.
const usual = wanted === '' && availableParallelism() > 1 ? 2 : 1;
const lanes = Math.min(groups.length, Number(process.env.CROSSVIEW_TEST_LANES ?? usual));

prepare();
const environments = [];
process.once('exit', () => {
  for (const { remove } of environments) remove();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
while (environments.length < lanes) environments.push(await testEnvironment());

const results = wanted === '' ? [checkTypes()] : [];
const waiting = [...groups];

async function runLane({ env }) {
  for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
    const started = Date.now();
    const lines = [];
    const tell = lanes > 1 ? (text) => lines.push(text) : (text) => process.stdout.write(text);
    tell(`\n── ${group}\n`);
    const result = await runGroup(root, group, { env, pattern, say: tell });
    results.push({ ...result, seconds: Math.round((Date.now() - started) / 1000) });
    process.stdout.write(lines.join(''));
  }
}

await Promise.all(environments.map(runLane));
results.sort((a, b) => (a.group < b.group ? -1 : 1));

say('');
const width = Math.max(...results.map(({ group }) => group.length));
for (const { group, passed, failed, skipped, seconds } of results)
  say(
    `${failed > 0 ? '✗' : '✓'} ${group.padEnd(width)}  ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''} (${seconds} s)`,
  );
// Once more, where it is found: a run prints thousands of lines, and a CI's page often keeps its end only.
for (const { group, failures = [] } of results) for (const failure of failures) say(`\n✗ ${group}\n${failure}`);
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const skipped = sum('skipped');
process.exitCode = sum('failed') === 0 ? 0 : 1;
say(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
