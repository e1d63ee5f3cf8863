import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { root } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { importedPackages, manifest, packageNames, packageSources } from './sources.js';

const test = suite('the arrows between packages');

/** Package → the packages it may import, from the table in docs/architecture.md. */
function allowedArrows(): Map<string, Set<string>> {
  const allowed = new Map<string, Set<string>>();
  const text = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
  const table = text.split('\n').filter((line) => /^\| `/.test(line));
  for (const line of table) {
    const cells = line.split('|').map((cell) => cell.trim());
    const imports = cells[3] ?? '';
    for (const [, name = ''] of (cells[1] ?? '').matchAll(/`([^`]+)`/g))
      allowed.set(name, new Set(imports === 'nothing' ? [] : imports.split(',').map((part) => part.trim())));
  }
  return allowed;
}

const allowed = allowedArrows();

function ownPackages(names: Iterable<string>): string[] {
  return [...names].filter((name) => name.startsWith('@crossview/')).map((name) => name.slice('@crossview/'.length));
}

test('every package stands in the table, and the table names no other', () => {
  assert.equal([...allowed.keys()].sort(), packageNames().sort());
});

for (const name of packageNames()) {
  const may = allowed.get(name) ?? new Set<string>();
  const forbidden = (other: string) => other !== name && !may.has('all') && !may.has(other);

  test(`${name} imports only what the table allows`, () => {
    const wrong = packageSources(name).flatMap(({ path, text }) =>
      ownPackages(importedPackages(text))
        .filter(forbidden)
        .map((other) => `${path} imports ${other}`),
    );
    assert.equal(wrong, []);
  });

  test(`${name} reaches into no other package by a path`, () => {
    const wrong = packageSources(name)
      .filter(
        ({ text }) =>
          /\bfrom\s+['"](?:\.\.\/)+packages\//.test(text) || /['"](?:\.\.\/){2,}[\w-]+\/(?:src|dist)\//.test(text),
      )
      .map(({ path }) => path);
    assert.equal(wrong, []);
  });

  test(`${name} declares and references only what the table allows`, () => {
    assert.equal(ownPackages(Object.keys(manifest(name).dependencies)).filter(forbidden), []);
    const config = JSON.parse(readFileSync(join(root, 'packages', name, 'tsconfig.json'), 'utf8')) as {
      references?: { path: string }[];
    };
    const others = (config.references ?? []).filter(({ path }) => !path.startsWith('./'));
    const referenced = others.map(({ path }) => path.replace(/^\.\.\//, ''));
    assert.equal(referenced.filter(forbidden), []);
  });
}

test.run();
