import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepReport } from '@crossview/synapse';
import { createStorageClient } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { places } from '../../../packages/crossview/src/places.js';
import { localServices } from '../../../packages/crossview/src/services/client.js';
import { freshHome, runDoor } from '../../support/door.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';

const test = suite('crossview sweep', undefined, { timeout: 120_000 });
const home = freshHome('sweep');
const env = { CROSSVIEW_HOME: home, CROSSVIEW_CONFIG: '', CROSSVIEW_PROFILE: '' };
const services = localServices(places({ CROSSVIEW_HOME: home }));
test.after(() => services.close());

test('it says what there is, and only --remove takes it away', async () => {
  const { storage } = await services.get();
  const account = {
    name: storage.account,
    blobEndpoint: storage.blobEndpoint,
    credential: { kind: 'key', key: storage.key },
    emulator: true,
  } as const;
  const container = createStorageClient().container(account, 'staging');
  await container.ensure();
  const file = join(temporaryDirectory('sweep'), 'file');
  writeFileSync(file, 'left behind');
  const old = `crossview-gone-20200102030405-${randomBytes(8).toString('hex')}`;
  await container.upload(file, `${old}/part-0.parquet`);
  await container.upload(file, 'mine/part-0.parquet');
  const paths = async () => {
    const found: string[] = [];
    for await (const { path } of container.list('')) found.push(path);
    return found;
  };

  // The file is younger than the name says: somebody writes there.
  const young = runDoor(['sweep', '--older-than', '1h'], env);
  assert.is(young.code, 0, young.stderr);
  assert.match(young.stdout, /Nothing of Crossview's is older than 1h/);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const dry = runDoor(['sweep', '--older-than', '0.01m'], env);
  assert.match(dry.stdout, new RegExp(`${old}  1 files, 11 bytes`));
  assert.match(dry.stdout, /Nothing was changed; --remove/);
  assert.is((await paths()).length, 2);
  const removed = runDoor(['sweep', '--older-than', '0.01m', '--remove', '--json'], env);
  assert.is(removed.code, 0, removed.stderr);
  assert.is((JSON.parse(removed.stdout) as SweepReport).directories.length, 1);
  assert.equal(await paths(), ['mine/part-0.parquet']);
});

test('an argument that is no time is refused in words', () => {
  const wrong = runDoor(['sweep', '--older-than', 'soon'], env);
  assert.is(wrong.code, 1);
  assert.match(wrong.stderr, /--older-than soon is no time/);
});

test('the script for a real pool is printed', () => {
  const script = runDoor(['pool', 'init-script', '--user', 'me@example.com', '--schema', 'sales'], env);
  assert.is(script.code, 0, script.stderr);
  assert.match(script.stdout, /CREATE USER \[me@example\.com\] FROM EXTERNAL PROVIDER/);
  assert.match(script.stdout, /GRANT ALTER ON SCHEMA::\[sales\]/);
});

test.run();
