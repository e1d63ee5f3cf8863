import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { checkJars } from '../../../packages/crossview/src/setup/jars.js';
import { root, temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';
import { testToolchain } from '../../support/toolchain.js';

const test = suite('jars');

function folderWith(files: Record<string, string>): string {
  const folder = join(temporaryDirectory('jars'), 'jars');
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const record = (files: Record<string, string>) => ({
  packages: [],
  files: Object.entries(files).map(([name, text]) => ({
    name,
    bytes: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  })),
});

function codeOf(action: () => void): string {
  try {
    action();
  } catch (error) {
    return error instanceof CrossviewError ? `${error.code} ${error.message}` : String(error);
  }
  return 'none';
}

test('the recorded files pass', () => {
  const files = { 'a.jar': 'one', 'b.jar': 'two' };
  assert.is(
    codeOf(() => checkJars(folderWith(files), record(files))),
    'none',
  );
});

test('a changed, a missing and an unexpected file are each named', () => {
  const wanted = record({ 'a.jar': 'one', 'b.jar': 'two' });
  assert.match(
    codeOf(() => checkJars(folderWith({ 'a.jar': 'one', 'b.jar': 'three' }), wanted)),
    /JAR_CHANGED b\.jar/,
  );
  assert.match(
    codeOf(() => checkJars(folderWith({ 'a.jar': 'one' }), wanted)),
    /JAR_MISSING .*b\.jar/,
  );
  const more = folderWith({ 'a.jar': 'one', 'b.jar': 'two', 'c.jar': 'x' });
  assert.match(
    codeOf(() => checkJars(more, wanted)),
    /JAR_UNEXPECTED .*c\.jar/,
  );
});

test('the jars that tests use are the recorded ones', () => {
  const { jars } = testToolchain();
  const text = readFileSync(join(root, 'packages', 'crossview', 'jars.json'), 'utf8');
  checkJars(join(jars[0]!, '..'), JSON.parse(text));
});

test.run();
