import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { root } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { packageNames } from './sources.js';

const test = suite('readmes');

for (const name of packageNames())
  test(`${name} has a README with lines that run and what it does not do`, () => {
    const path = join(root, 'packages', name, 'README.md');
    assert.ok(existsSync(path), `packages/${name}/README.md is missing`);
    const text = readFileSync(path, 'utf8');
    assert.match(text, /^# /m);
    assert.match(text, /```/, 'no lines that run');
    assert.match(text, /\b(?:does not|doesn't|not do|never|no )\b/i, 'it does not say what it does not do');
  });

test('links of the README and the docs lead somewhere', () => {
  const guide = readdirSync(join(root, 'docs', 'guide')).flatMap((name) =>
    name.endsWith('.md') ? [`docs/guide/${name}`] : [],
  );
  const broken = ['README.md', 'docs/architecture.md', 'docs/user-guide.md', ...guide]
    .filter((path) => existsSync(join(root, path)))
    .flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)]
        .map(([, target = '']) => join(path, '..', target))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${path} → ${target}`),
    );
  assert.equal(broken, []);
});

test.run();
