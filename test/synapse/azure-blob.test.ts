import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CrossviewError, StoredFile } from '@crossview/contracts';
import { createStorageClient } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { directorySignature } from '../../packages/synapse/src/storages/blob-signature.js';
import { azurite } from '../support/azurite.js';
import { root, temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';

const test = suite('azure-blob');
const directory = temporaryDirectory('azure-blob');
const client = createStorageClient();

async function collect(files: AsyncIterable<StoredFile>): Promise<StoredFile[]> {
  const all: StoredFile[] = [];
  for await (const file of files) all.push(file);
  return all;
}

async function fresh(name: string) {
  const { account } = await azurite();
  const container = client.container(account, name);
  await container.ensure();
  await container.ensure();
  return { account, container };
}

async function failure(run: () => Promise<unknown>): Promise<CrossviewError> {
  try {
    await run();
  } catch (thrown) {
    return thrown as CrossviewError;
  }
  throw new Error('it should have failed');
}

test('a file of several blocks goes up and comes down unchanged', async () => {
  const { container } = await fresh('updown');
  const bytes = randomBytes(20 * 1024 * 1024 + 17);
  const source = join(directory, 'source.bin');
  writeFileSync(source, bytes);
  await container.upload(source, 'a/b/file.bin');
  const target = join(directory, 'target.bin');
  await container.download('a/b/file.bin', target);
  assert.is(Buffer.compare(readFileSync(target), bytes), 0);
  assert.equal(
    (await collect(container.list('a/'))).map(({ path, bytes: size }) => ({ path, size })),
    [{ path: 'a/b/file.bin', size: bytes.length }],
  );
});

test('an empty file goes up and comes down', async () => {
  const { container } = await fresh('empty');
  const source = join(mkdtempSync(join(directory, 'e-')), 'empty');
  writeFileSync(source, '');
  await container.upload(source, 'empty');
  const target = `${source}.back`;
  await container.download('empty', target);
  assert.is(readFileSync(target).length, 0);
});

test('removing a directory takes what is in it, and not its neighbour', async () => {
  const { container } = await fresh('remove');
  const source = join(directory, 'one');
  writeFileSync(source, 'x');
  for (const path of ['run-1/part-0', 'run-1/deep/part-1', 'run-10/part-0']) await container.upload(source, path);
  assert.is(await container.removeDirectory('/run-1/'), 2);
  assert.is(await container.removeDirectory('run-1'), 0);
  assert.equal(
    (await collect(container.list(''))).map(({ path }) => path),
    ['run-10/part-0'],
  );
});

test('a directory of a container that is not there counts no files', async () => {
  const { account } = await azurite();
  assert.is(await client.container(account, 'nowhere').removeDirectory('x'), 0);
});

test('a signature opens its container for what it permits, and no other', async () => {
  const { account, container } = await fresh('signed');
  const source = join(directory, 'signed');
  writeFileSync(source, 'text');
  await container.upload(source, 'file');
  const sas = await container.signature({ permissions: 'rl', expiresInSeconds: 60 });
  const reader = client.container(account, 'signed', { kind: 'sas', sas });
  assert.is((await collect(reader.list(''))).length, 1);
  const refused = await failure(() => reader.upload(source, 'other'));
  assert.is(refused.code, 'STORAGE_FORBIDDEN');
  assert.not.match(JSON.stringify(refused.toJSON()), /sig=/);
  await fresh('private');
  assert.is(
    (await failure(() => collect(client.container(account, 'private', { kind: 'sas', sas }).list('')))).code,
    'STORAGE_FORBIDDEN',
  );
});

test('a wrong key is refused without being shown', async () => {
  const { account } = await azurite();
  const key = randomBytes(64).toString('base64');
  const error = await failure(() => collect(client.container(account, 'signed', { kind: 'key', key }).list('')));
  assert.is(error.code, 'STORAGE_FORBIDDEN');
  assert.not.ok(JSON.stringify(error.toJSON()).includes(key));
});

test('a missing file and a missing container are named', async () => {
  const { account, container } = await fresh('missing');
  const error = await failure(() => container.download('no/such', join(directory, 'x')));
  assert.is(error.code, 'STORAGE_NOT_FOUND');
  assert.is(error.facts.path, 'no/such');
  assert.is((await failure(() => collect(client.container(account, 'nowhere').list('')))).code, 'STORAGE_NOT_FOUND');
});

test('a stopped listing ends as cancelled', async () => {
  const { container } = await fresh('stopped');
  const error = await failure(() => collect(container.list('', { signal: AbortSignal.abort() })));
  assert.is(error.code, 'STORAGE_CANCELLED');
});

test('a proxy for the world outside is not asked for storage on this host', async () => {
  const { account } = await fresh('proxied');
  const program = `const { createStorageClient } = await import('@crossview/synapse');
    const container = createStorageClient({ tries: 1 }).container(${JSON.stringify(account)}, 'proxied');
    for await (const file of container.list('')) console.log(file.path);
    console.log('listed');`;
  const { NO_PROXY: _one, no_proxy: _two, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: join(root, 'test'),
    env: { ...env, HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' },
    timeout: 15_000,
  });
  assert.match(stdout, /listed/);
});

test('where there are directories, a signature is for one of them alone', async () => {
  const account = {
    name: 'lake',
    blobEndpoint: 'https://lake.blob.core.windows.net',
    credential: undefined,
    emulator: false,
  };
  const key = randomBytes(64).toString('base64');
  const query = new URLSearchParams(
    await directorySignature(
      undefined as never,
      account,
      'staging',
      { kind: 'key', key },
      {
        permissions: 'rl',
        directory: 'runs/crossview-1/',
        startsOn: new Date('2026-01-01T00:00:00Z'),
        expiresOn: new Date('2026-01-01T12:00:00Z'),
      },
    ),
  );
  assert.equal(
    ['sr', 'sdd', 'sp', 'spr', 'se'].map((name) => query.get(name)),
    ['d', '2', 'rl', 'https', '2026-01-01T12:00:00Z'],
  );
  assert.ok((query.get('sig') ?? '').length > 20);
});

test.run();
