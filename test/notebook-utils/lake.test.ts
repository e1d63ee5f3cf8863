import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderStore, LakeFiles, Mounts, parseAddress } from '@crossview/notebook-utils';
import * as assert from 'uvu/assert';
import { failure } from '../support/failure.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';

const test = suite('files of the lake');
const root = temporaryDirectory('lake');
mkdirSync(join(root, 'tmp'));
const files = new LakeFiles(
  async (address) => {
    const found = parseAddress(address);
    if (found.kind !== 'storage') throw new Error('only storage here');
    return {
      store: folderStore(join(root, found.container)),
      path: found.path.replace(/\/$/, ''),
      nameOf: (it) => `${found.root}/${it}`,
    };
  },
  join(root, 'tmp'),
);
const at = (path: string, container = 'raw') => `abfss://${container}@a.dfs.core.windows.net/${path}`;

test('addresses of every kind', () => {
  const storage = { kind: 'storage', account: 'a', container: 'c', path: 'd/e' };
  assert.equal(parseAddress('wasbs://c@A.blob.core.windows.net/d/e'), {
    ...storage,
    root: 'wasbs://c@A.blob.core.windows.net',
  });
  assert.equal(parseAddress('https://a.blob.core.windows.net/c/d/e'), {
    ...storage,
    root: 'https://a.blob.core.windows.net/c',
  });
  assert.equal(parseAddress('file:///x y'), { kind: 'local', path: '/x y' });
  assert.equal(parseAddress('Files/a.csv'), { kind: 'local', path: 'Files/a.csv' });
  assert.equal(parseAddress('synfs:/7/data/a'), { kind: 'mount', path: '7/data/a' });
});

test('addresses of other services are refused by name', async () => {
  assert.is((await failure(() => parseAddress('adl://x.azuredatalakestore.net/a'))).code, 'LAKE_PATH');
});

test('put, head, append, list, remove', async () => {
  await files.put(at('d/a.txt'), 'äb', false);
  assert.is((await failure(() => files.put(at('d/a.txt'), 'x', false))).code, 'FILE_EXISTS');
  await files.append(at('d/a.txt'), 'c', false);
  assert.is(await files.head(at('d/a.txt'), 100), 'äbc');
  assert.is(await files.head(at('d/a.txt'), 1), '', 'half a character is none');
  assert.is((await failure(() => files.append(at('d/none'), 'c', false))).code, 'FILE_NOT_FOUND');
  const [entry] = await files.list(at('d'));
  assert.equal([entry?.name, entry?.path, entry?.size, entry?.isFile], ['a.txt', at('d/a.txt'), 4, true]);
  assert.is((await failure(() => files.remove(at('d'), false))).code, 'DIRECTORY_NOT_EMPTY');
  await files.remove(at('d'), true);
  assert.is(await files.stat(at('d')), undefined);
  assert.is((await failure(() => files.list(at('d')))).code, 'FILE_NOT_FOUND');
});

test('copies go into directories, moves replace only when told', async () => {
  await files.put(at('from/a'), '1', false);
  await files.put(at('from/in/b'), '2', false);
  assert.is((await failure(() => files.copy(at('from'), at('to', 'other'), false))).code, 'IS_DIRECTORY');
  await files.copy(at('from'), at('to', 'other'), true);
  assert.is(readFileSync(join(root, 'other/to/in/b'), 'utf8'), '2');
  await files.copy(at('from/a'), at('to', 'other'), false);
  assert.is(
    (await failure(() => files.move(at('from/a'), at('to', 'other'), { createPath: false, overwrite: false }))).code,
    'FILE_EXISTS',
  );
  await files.move(at('from/a'), at('new/place/a'), { createPath: true, overwrite: false });
  assert.ok(existsSync(join(root, 'raw/new/place/a')) && !existsSync(join(root, 'raw/from/a')));
});

test('nothing leads out of a folder', async () => {
  writeFileSync(join(root, 'secret'), 'x');
  assert.is((await failure(() => files.head(at('../secret'), 9))).code, 'LAKE_PATH');
});

test('mounts: the longest name counts, and what is not mounted is named', async () => {
  const mounts = new Mounts('7');
  mounts.add(at(''), '/data');
  mounts.add(at('', 'other'), 'data/in');
  assert.is(mounts.resolve('7/data/x'), at('x'));
  assert.is(mounts.resolve('/data/in/x'), at('x', 'other'));
  assert.is((await failure(() => mounts.resolve('/date'))).code, 'MOUNT_UNKNOWN');
  assert.is((await failure(() => mounts.add(at('z'), '/data'))).code, 'MOUNT_TAKEN');
  assert.ok(mounts.remove('/data') && !mounts.remove('/data'));
});

test.run();
