import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { root } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { importedPackages, manifest, packageNames, packageSources } from './sources.js';

const test = suite('manifests match imports');

for (const name of packageNames()) {
  const sources = packageSources(name);
  const imported = new Set(sources.flatMap(({ text }) => [...importedPackages(text)]));
  const { dependencies, name: own } = manifest(name);

  test(`${name} declares what it imports`, () => {
    const missing = [...imported].filter((wanted) => wanted !== own && !(wanted in dependencies));
    assert.equal(missing, []);
  });

  test(`${name} imports what it declares`, () => {
    // A path handed to a child process or to import.meta.resolve counts as well.
    const quoted = (wanted: string) =>
      sources.some(({ text }) => text.includes(`'${wanted}/`) || text.includes(`'${wanted}'`));
    const unused = Object.keys(dependencies).filter(
      (wanted) =>
        !wanted.startsWith('@types/') && !imported.has(wanted) && !quoted(wanted) && !isOwnFolder(name, wanted),
    );
    assert.equal(unused, []);
  });

  test(`${name} names exact versions`, () => {
    const loose = Object.entries(dependencies).filter(([, version]) => !/^(?:npm:.+@)?\d+\.\d+\.\d+\S*$/.test(version));
    assert.equal(loose, []);
  });

  test(`${name} has one version with the others`, () => {
    const root0 = JSON.parse(readFileSync(join(root, 'lerna.json'), 'utf8')) as { version: string };
    const wrong = Object.entries(dependencies).filter(
      ([other, version]) => other.startsWith('@crossview/') && version !== root0.version,
    );
    assert.equal(wrong, []);
  });
}

/** The door names packages by their folder too (`packageFolder('kernel')`), for their Python and Scala sides. */
function isOwnFolder(name: string, wanted: string): boolean {
  return name === 'crossview' && wanted.startsWith('@crossview/');
}

test.run();
