import { existsSync, readdirSync } from 'node:fs';
import { findClassArchive, makeClassArchive } from '@crossview/spark-session';
import * as assert from 'uvu/assert';
import { temporaryDirectory } from '../support/paths.js';
import { newSpark, runScala, sparkToolchain } from '../support/spark.js';
import { suite } from '../support/suite.js';

const test = suite('spark-session class archive', undefined, { timeout: 120_000 });

test('there is none before it was made', async () => {
  assert.is(await findClassArchive(await sparkToolchain(), temporaryDirectory('archive')), undefined);
});

test('an archive that does not fit is passed over', async () => {
  const classArchive = async () => '/nowhere/at/all.jsa';
  const { host, session } = await newSpark({ classArchive, warm: false });
  await host.start();
  assert.is(host.state, 'ready');
  await host.close();
  await session.close();
});

test.needs(
  'CROSSVIEW_TEST_ARCHIVE',
  'it is made once, and a session with it runs cells',
  async () => {
    const folder = temporaryDirectory('archive');
    const toolchain = await sparkToolchain();
    const archive = await makeClassArchive(toolchain, folder);
    assert.ok(existsSync(archive));
    assert.is(readdirSync(folder).length, 1);
    assert.is(await makeClassArchive(toolchain, folder), archive);
    const conf = { 'spark.driver.memory': '1g', 'spark.driver.extraJavaOptions': '-Xshare:on' };
    const { host, session } = await newSpark({ classArchive: () => findClassArchive(toolchain, folder), conf });
    assert.match((await runScala(host, '1 + 1')).results.join(), 'Int = 2');
    await host.close();
    await session.close();
  },
  { timeout: 240_000 },
);

test.run();
