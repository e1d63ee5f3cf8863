import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { readDag } from '../../../packages/kernel/src/notebook/dag.js';
import { findNotebookFile } from '../../../packages/kernel/src/notebook/find-notebook.js';
import { assignments, parameterNames } from '../../../packages/kernel/src/notebook/parameters.js';
import { failure } from '../../support/failure.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';

const test = suite('notebooks by name, parameters, DAGs');
const root = temporaryDirectory('find');
function file(path: string): string {
  const full = join(root, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, path);
  return full;
}

test('a notebook is found beside its caller, in the workspace, and by its name alone', async () => {
  const beside = file('team/Same.ipynb');
  const synapse = file('notebook/Daily.json');
  const fabric = file('reports/Sales.Notebook/notebook-content.py');
  const script = file('team/builtin/tool.py');
  const find = async (name: string) => (await findNotebookFile([join(root, 'team')], root, name)).path;
  assert.is(await find('Same'), beside);
  assert.is(await find('./Same.ipynb'), beside);
  assert.is(await find('/Folder of Synapse/Daily'), synapse);
  assert.is(await find('Sales'), fabric);
  assert.is(await find('tool.py'), script);
  file('a/Twice.ipynb');
  file('b/Twice.ipynb');
  assert.is((await failure(() => find('Twice'))).code, 'NOTEBOOK_AMBIGUOUS');
  const missing = await failure(() => find('Nowhere'));
  assert.is(missing.code, 'FILE_NOT_FOUND');
  assert.match(missing.message, /Nowhere/);
});

test('parameters become lines of Python and Scala', () => {
  const values = { n: 3, text: 'a"$b', yes: true, none: null };
  assert.is(assignments('pyspark', values).code, 'n = 3\ntext = "a\\"$b"\nyes = True\nnone = None');
  assert.is(assignments('spark', values).code, 'var n = 3\nvar text = "a\\"$b"\nvar yes = true\nvar none = null');
  assert.equal(parameterNames('a = 1\nval b: Int = 2\n  c=3 # x\nif a == 1:\n'), ['a', 'b', 'c']);
});

test('a DAG is read with defaults, and every problem is told at once', async () => {
  const list = readDag(['a', 'b', 'a']);
  assert.equal(
    list.activities.map(({ name }) => name),
    ['a', 'b', 'a (2)'],
  );
  const [only] = readDag({
    activities: [{ name: 'x', path: 'p', args: { q: 1 }, retry: 2 }],
    concurrency: 3,
  }).activities;
  assert.equal([only?.timeoutPerCell, only?.retry, only?.args], [90, 2, { q: 1 }]);
  const error = await failure(() =>
    readDag({
      activities: [
        { name: 'a', path: 'p', dependencies: ['b', 'z'] },
        { name: 'b', path: 'p', dependencies: ['a'], typo: 1 },
        { name: 'c' },
        { name: 'c', path: 'p' },
      ],
    }),
  );
  assert.is(error.code, 'DAG_INVALID');
  for (const part of ['unknown key typo', 'has no path', 'called c', 'z, which is not there', 'circle: a → b → a'])
    assert.ok(error.hint?.includes(part), `${part} in ${error.hint}`);
});

test.run();
