import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type DoorResult, runDoor } from '../support/door.js';
import { root, temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';

const minutes = 60_000;
const test = suite('examples/workspace', undefined, { timeout: 9 * minutes });

/** A copy of the workspace: what a notebook writes must not land in the repository. */
function workspace(label: string): string {
  const folder = temporaryDirectory(label);
  cpSync(join(root, 'examples', 'workspace'), folder, { recursive: true });
  return folder;
}

const here = workspace('workspace');

function crossview(...argv: string[]): DoorResult {
  return runDoor(argv, {}, { timeout: 4 * minutes });
}

/** Runs a notebook as it is, then its conversion into another format and the one back from there. */
function runsInEveryFormat(name: string, converted: string, check: (run: DoorResult) => void): void {
  const original = join(here, name);
  const first = crossview('run', original, '-o', join(here, 'out.ipynb'));
  assert.is(first.code, 0, first.stdout + first.stderr);
  check(first);
  const other = join(here, 'converted', converted);
  const back = join(here, 'back', name);
  mkdirSync(join(here, 'converted'), { recursive: true });
  assert.is(crossview('convert', original, other).code, 0);
  assert.is(crossview('convert', other, back).code, 0);
  assert.is(readFileSync(back, 'utf8'), readFileSync(original, 'utf8'), `${name} comes back as it was`);
  const second = crossview('run', other, '-o', join(here, 'out.html'));
  assert.is(second.code, 0, second.stdout + second.stderr);
  check(second);
  assert.match(readFileSync(join(here, 'out.html'), 'utf8'), /^<!doctype html>/);
}

test('Delta: merge, time travel, OPTIMIZE, VACUUM, in Jupyter’s and in Fabric’s format', () => {
  runsInEveryFormat('Delta.ipynb', 'Delta.py', ({ stdout }) => assert.match(stdout, /now 4, before the merge 3/));
});

test('Lake: Spark, pandas, mssparkutils and COPY INTO reach the mapped account, from Synapse’s and from Jupyter’s format', () => {
  runsInEveryFormat('notebook/Lake.json', 'Lake.ipynb', ({ stdout }) => {
    assert.match(stdout, /\d+ warm days/);
    assert.match(stdout, /read me/);
    assert.match(stdout, /365/);
  });
  assert.ok(existsSync(join(here, 'lake', 'raw', 'weather', 'warm.csv')));
});

test('Chain: %run with parameters, notebook.run, runMultiple, exit', () => {
  runsInEveryFormat('notebook/Chain.json', 'Chain.py', ({ stdout }) => {
    assert.match(stdout, /twenty 20/);
    assert.match(stdout, /Count says 7/);
    assert.match(stdout, /'first': '2', 'second': '3'/);
    assert.match(stdout, /exit value: chained/);
    assert.not.match(stdout, /raise RuntimeError/);
  });
});

test('Scala: Delta, lake and mssparkutils, in Jupyter’s and in Fabric’s format', () => {
  runsInEveryFormat('Scala.ipynb', 'Scala.scala', ({ stdout }) => {
    assert.match(stdout, /6 of 8 readings/);
    assert.match(stdout, /10\.5/);
  });
});

test('Sales: a notebook of Fabric, with parameters of the command line', () => {
  runsInEveryFormat('Sales.Notebook/notebook-content.py', 'Sales.json', ({ stdout }) => {
    assert.match(stdout, /best region: 3/);
    assert.match(stdout, /exit value: 3/);
  });
  const run = crossview(
    'run',
    join(here, 'Sales.Notebook'),
    '-p',
    'regions=2',
    '-q',
    '--junit',
    join(here, 'ci', 'r.xml'),
  );
  assert.is(run.code, 0, run.stderr);
  assert.match(
    readFileSync(join(here, 'ci', 'r.xml'), 'utf8'),
    /<testsuite name="notebook-content.py" tests="5" failures="0"/,
  );
});

test('what a notebook needs is told without running it', () => {
  const found = crossview('run', join(here, 'notebook', 'Lake.json'), '--dry-run');
  assert.is(found.code, 0, found.stdout + found.stderr);
  assert.match(found.stdout, /✓ path abfss:\/\/raw@contosolake/);
  const wrong = crossview('run', join(here, 'Sales.Notebook'), '-p', 'region=2');
  assert.is(wrong.code, 2);
  assert.match(wrong.stderr, /no parameter region.*\n.*regions/);
});

test.run();
