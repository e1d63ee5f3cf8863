import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import * as assert from 'uvu/assert';
import { root } from '../support/paths.js';
import { suite } from '../support/suite.js';

const test = suite('the strict suite', undefined, { timeout: 60_000 });
const directory = join(root, 'test', 'house', `suite-cases-${process.pid}`);

/** Each of these passes under uvu alone, and must fail here. */
const broken: Record<string, string> = {
  'before throws': `t.before(() => { throw new Error('x') }); t('a', () => {}); t.run();`,
  'after.each throws': `t.after.each(() => { throw new Error('x') }); t('a', () => {}); t.run();`,
  'after throws': `t.after(() => { throw new Error('x') }); t('a', () => {}); t.run();`,
  'a test throws a text': `t('a', () => { throw 'text' }); t.run();`,
  'run() is forgotten': `t('a', () => {});`,
  'a promise never settles': `t('a', () => new Promise(() => {}), { timeout: 200 }); t.run();`,
};

test.before(() => {
  mkdirSync(directory, { recursive: true });
});
test.after(() => rmSync(directory, { recursive: true, force: true }));

for (const [title, body] of Object.entries(broken)) {
  test(`fails when ${title}`, () => {
    const file = join(directory, 'case.ts');
    writeFileSync(file, `import { suite } from '../../support/suite.js';\nconst t = suite('case');\n${body}\n`);
    const run = spawnSync(process.execPath, ['--import', 'tsx', file], { cwd: root, encoding: 'utf8' });
    assert.is.not(run.status, 0, run.stdout + run.stderr);
  });
}

test('passes when everything passes', () => {
  const file = join(directory, 'case.ts');
  writeFileSync(
    file,
    `import { suite } from '../../support/suite.js';\nconst t = suite('case');\nt.before(() => {}); t('a', () => {}); t.run();\n`,
  );
  const run = spawnSync(process.execPath, ['--import', 'tsx', file], { cwd: root, encoding: 'utf8' });
  assert.is(run.status, 0, run.stdout + run.stderr);
});

test('a failure is said once more at the end of a whole run', async () => {
  const { failuresIn } = (await import(pathToFileURL(join(root, 'scripts', 'run-suites.mjs')).href)) as {
    failuresIn(text: string): string[];
  };
  const file = join(directory, 'case.ts');
  writeFileSync(
    file,
    `import { suite } from '../../support/suite.js';\nconst t = suite('case');\nt('well', () => {}); t('ill', () => { throw new Error('fever') }); t.run();\n`,
  );
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', file], { cwd: root, encoding: 'utf8' });
  const failures = failuresIn(stripVTControlCharacters(stdout));
  assert.is(failures.length, 1, stdout);
  assert.match(failures[0] ?? '', /FAIL\s+case\s+"ill"\s+fever/);
});

test.run();
