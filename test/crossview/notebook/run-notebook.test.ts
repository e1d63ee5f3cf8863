import { existsSync, readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.js';
import { TestWorkspace } from '../../support/workspace.js';

const minutes = 60_000;
const test = suite('options and exit codes of crossview run', undefined, { timeout: 3 * minutes });
const work = new TestWorkspace('run-options');
work.profile(
  { secrets: { v: { s: { env: 'LOCAL_SECRET' } } } },
  { team: { kind: 'local', lakehouse: 'team', lake: { teamlake: { folder: 'lake' } } } },
);
const python = (text: string) => `%%python\n${text}`;

test('--profile chooses the profile, and one that is not there is refused before anything runs', () => {
  work.notebook('Profile', [python('print("pool", mssparkutils.env.getPoolName())')]);
  assert.match(work.run('Profile.ipynb').stdout, /pool local/);
  assert.match(work.run('Profile.ipynb', '--profile', 'team').stdout, /pool team/);
  const wrong = work.run('Profile.ipynb', '--profile', 'taem');
  assert.is(wrong.code, 2);
  assert.match(wrong.stderr, /there is no profile "taem".*\n?.*local, team/s);
});

test('--timeout ends a cell that takes longer, --junit tells CI, and the exit code is 1', () => {
  work.notebook('Slow', [python('print("quick")'), python('import time\ntime.sleep(300)'), python('print("never")')]);
  const slow = work.run('Slow.ipynb', '--timeout', '20', '--junit', work.path('ci/slow.xml'));
  assert.is(slow.code, 1);
  assert.match(slow.stderr, /cell 2 \(%%python\) took longer than 20 s/);
  const xml = readFileSync(work.path('ci/slow.xml'), 'utf8');
  assert.match(xml, /<testsuite name="Slow.ipynb" tests="2" failures="1"/);
  assert.match(xml, /<failure message="took longer than 20 s/);
  const wrong = work.run('Slow.ipynb', '--timeout', 'soon');
  assert.is(wrong.code, 2);
  assert.match(wrong.stderr, /--timeout soon is no number of seconds/);
});

test('JUnit of a failure has the reason and the traceback; HTML needs no other file', () => {
  work.notebook('Fails', [python('print("<fine>")'), python('raise ValueError("a & b")')]);
  const html = work.path('out/Fails.html');
  const run = work.run('Fails.ipynb', '--junit', work.path('ci/f.xml'), '-o', html);
  assert.is(run.code, 1);
  assert.match(run.stderr, /cell 2 \(%%python\) failed: ValueError: a & b/);
  const xml = readFileSync(work.path('ci/f.xml'), 'utf8');
  assert.match(xml, /<testcase classname="Fails.ipynb" name="cell 2: raise ValueError/);
  assert.match(xml, /message="ValueError: a &amp; b">/);
  assert.match(readFileSync(html, 'utf8'), /&lt;fine&gt;/);
});

test('an error of Spark is told by what happened, not by the method that py4j called', () => {
  work.notebook('Unmapped', ['spark.read.parquet("wasbs://c@unmapped2.blob.core.windows.net/yellow")']);
  const run = work.run('Unmapped.ipynb');
  assert.is(run.code, 1);
  assert.match(run.stderr, /failed: LakeAccountUnknown: The storage account unmapped2 is not mapped to a local lake/);
});

test('exit ends the run with its value and code 0', () => {
  work.notebook('Exit', [python('mssparkutils.notebook.exit("seven")'), python('raise RuntimeError("after")')]);
  const run = work.run('Exit.ipynb');
  assert.is(run.code, 0, run.stderr);
  assert.match(run.stdout, /exit value: seven/);
});

test('--dry-run runs nothing, and says by name what is missing', () => {
  work.notebook('Needs', [
    '%%configure\n{"defaultLakehouse": {"name": "Sales"}}',
    python(`open("touched", "w")
import no_such_module_of_ours, azure.cosmos
spark.read.csv("abfss://raw@unmapped1.dfs.core.windows.net/a.csv")
spark.read.csv("abfss://t@onelake.dfs.fabric.microsoft.com/Sales.Lakehouse/Files/a.csv")
spark.read.csv("Files/a.csv")
mssparkutils.credentials.getSecret("v", "other")
mssparkutils.credentials.getConnectionStringOrCreds("Shop")`),
    '%run /nowhere',
    '%%csharp\nvar x = 1;',
    '%pip install some-package==1.0',
    '%%sql\nselect 1',
  ]);
  const run = work.run('Needs.ipynb', '--dry-run');
  assert.is(run.code, 1);
  for (const line of [
    '✗ path abfss://raw@unmapped1.dfs.core.windows.net — map it: crossview lake map unmapped1 FOLDER',
    '✓ path abfss://t@onelake.dfs.fabric.microsoft.com',
    '✓ path Files/ — default lakehouse Sales',
    '✗ secret v/other',
    '✗ linked service Shop',
    '✗ notebook /nowhere',
    '✗ module no_such_module_of_ours — %pip install no_such_module_of_ours',
    '✓ package some-package==1.0',
    '✓ language sql',
  ])
    assert.ok(run.stdout.includes(line), `${line} in:\n${run.stdout}`);
  assert.match(run.stdout, /✗ module azure — Azure Cosmos DB is not here|✗ module azure/);
  assert.not.ok(existsSync(work.path('touched')));
  work.notebook('Fine', [python('import json\nprint(1)')]);
  const fine = work.run('Fine.ipynb', '--dry-run', '--profile', 'team');
  assert.is(fine.code, 0, fine.stdout + fine.stderr);
  assert.match(fine.stdout, /Nothing is missing/);
});

test('bad notebooks are refused with code 2 and a word on what to do', () => {
  work.file('broken.ipynb', '{ "cells": [');
  work.file('notebook/none.json', '{ "name": "none" }');
  for (const [name, pattern] of [
    ['broken.ipynb', /NOTEBOOK_INVALID|is not a notebook/],
    ['notebook/none.json', /NOTEBOOK_INVALID|is not a notebook/],
    ['missing.ipynb', /NOTEBOOK_NOT_FOUND|there is no notebook/],
  ] as const) {
    const run = work.run(name);
    assert.is(run.code, 2, name);
    assert.match(run.stderr, pattern);
  }
  work.notebook('Language', ['%%pysaprk\n1']);
  const language = work.run('Language.ipynb');
  assert.is(language.code, 1);
  assert.match(language.stderr, /no magic called %%pysaprk/);
});

test.run();
