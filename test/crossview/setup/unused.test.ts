import { mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { places } from '../../../packages/crossview/src/places.js';
import { makeSessionDirectories } from '../../../packages/crossview/src/session/directories.js';
import { removeUnused } from '../../../packages/crossview/src/setup/unused.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';

const test = suite('what set-up made and no longer needs');
const dayMs = 24 * 60 * 60 * 1000;

function made(ages: Readonly<Record<string, number>>) {
  const here = places({ CROSSVIEW_HOME: temporaryDirectory('home') });
  for (const [name, days] of Object.entries(ages)) {
    const folder = join(here.classes, name);
    mkdirSync(folder, { recursive: true });
    const at = (Date.now() - days * dayMs) / 1000;
    utimesSync(folder, at, at);
  }
  return here;
}

test('stays for a week after its last use, so that two checkouts can take turns', () => {
  const here = made({ mine: 0, yours: 2, old: 9 });
  removeUnused(here, here.classes, 'mine');
  assert.equal(readdirSync(here.classes).sort(), ['mine', 'yours']);
});

test('is renewed by use', () => {
  const here = made({ mine: 20, yours: 6 });
  removeUnused(here, here.classes, 'mine');
  removeUnused(here, here.classes, 'yours');
  assert.equal(readdirSync(here.classes).sort(), ['mine', 'yours']);
});

test('stays while any session lives', () => {
  const here = made({ mine: 0, old: 9 });
  makeSessionDirectories(here);
  removeUnused(here, here.classes, 'mine');
  assert.equal(readdirSync(here.classes).sort(), ['mine', 'old']);
});

test.run();
