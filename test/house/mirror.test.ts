import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { root } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { packageNames } from './sources.js';

const test = suite('tests mirror packages');

/** Folders under test/ that are no package: what tests share, and tests of several packages together. */
const shared = new Set(['support', 'fixtures', 'bench', 'house', 'contracts', 'transcripts', 'foreign', 'examples']);

function foldersIn(path: string): string[] {
  return readdirSync(path).filter(
    (name) => statSync(join(path, name)).isDirectory() && !name.startsWith('suite-cases-'),
  );
}

test('a folder under test/ is a package or one of the shared ones', () => {
  const known = new Set([...shared, ...packageNames()]);
  assert.equal(
    foldersIn(join(root, 'test')).filter((name) => !known.has(name)),
    [],
  );
});

for (const name of packageNames().filter((name) => existsSync(join(root, 'test', name)) && !shared.has(name)))
  test(`the folders of test/${name} are folders of the package`, () => {
    const packageRoot = join(root, 'packages', name);
    const unknown = foldersIn(join(root, 'test', name)).filter(
      (folder) => !existsSync(join(packageRoot, 'src', folder)) && !existsSync(join(packageRoot, folder)),
    );
    assert.equal(unknown, []);
  });

test('a test file ends in .test.ts', () => {
  const strays = packageNames()
    .filter((name) => existsSync(join(root, 'test', name)))
    .flatMap((name) =>
      readdirSync(join(root, 'test', name), { recursive: true, encoding: 'utf8' }).filter((file) =>
        /(?:_test|\.spec|-test)\.ts$/.test(file),
      ),
    );
  assert.equal(strays, []);
});

test.run();
