import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createStorageClient } from '@crossview/synapse';
import { loadProfile, localServices, places, storageDirectory } from 'crossview';
import * as assert from 'uvu/assert';
import { type ForeignClient, startForeignClient } from '../support/jupyter-client.js';
import { markedProcesses } from '../support/marked-processes.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { until } from '../support/until.js';

const test = suite('a kernel that is killed', undefined, { timeout: 4 * 60_000 });
const mark = 'CROSSVIEW_TEST_MARK';
const services = localServices(places());
const clients: ForeignClient[] = [];
test.after(async () => {
  for (const client of clients) await client.close();
  services.close();
});

/** Where the sessions of this data directory keep their Arrow files; others on this machine have theirs. */
function arrowDirectories(): string[] {
  const { sessions } = places();
  if (!existsSync(sessions)) return [];
  return readdirSync(sessions)
    .map((id) => join(sessions, id, 'owner.json'))
    .filter((file) => existsSync(file))
    .map((file) => (JSON.parse(readFileSync(file, 'utf8')) as { arrow: string }).arrow);
}

async function stagedFiles(): Promise<string[]> {
  const account = await storageDirectory(loadProfile('/'), services).account('devstoreaccount1');
  const container = createStorageClient().container(account, 'staging');
  await container.ensure();
  const paths: string[] = [];
  for await (const file of container.list('')) paths.push(file.path);
  return paths;
}

async function open(value: string): Promise<ForeignClient> {
  const client = await startForeignClient('synapse_pyspark', temporaryDirectory('death'), { [mark]: value });
  clients.push(client);
  return client;
}

test('leaves no process after ten seconds, and nothing else after the next start', async () => {
  const value = randomUUID();
  const before = { staged: await stagedFiles(), arrow: arrowDirectories() };
  const kernel = await open(value);
  for (const cell of [
    '%%pyspark\nspark.range(10).createOrReplaceTempView("numbers")',
    '%%typescript\n(await views.get("numbers")).numRows',
    '%%python\nlen(views["numbers"].to_pandas())',
    // What cells start watches nobody by itself.
    '%%python\nimport subprocess\nsubprocess.Popen(["sleep", "600"])',
    '%%typescript\nimport { spawn } from "node:child_process";\nspawn("sleep", ["600"]).pid! > 0',
  ]) {
    const answer = await kernel.execute(cell);
    assert.is(answer.status, 'ok', `${cell}: ${answer.evalue}`);
  }
  // A write that is in the middle of staging: some tasks have written their file, others have not begun.
  void kernel
    .execute(
      `%%spark
spark.range(0, 64, 1, 64).map { n => Thread.sleep(500); n.longValue }.toDF("id").write.synapsesql("databaseName.dbo.never_complete")`,
    )
    .catch(() => {});
  for (let tries = 0; (await stagedFiles()).length <= before.staged.length; tries += 1) {
    assert.ok(tries < 100, 'the write began to stage files');
    await pause(300);
  }

  const running = markedProcesses(mark, value);
  assert.ok(
    running.some(({ command }) => command.includes('java')),
    'Spark runs',
  );
  assert.is(running.filter(({ command }) => command.includes('sleep')).length, 2);
  const arrow = arrowDirectories().filter((path) => !before.arrow.includes(path));
  assert.is(arrow.length, 1);
  process.kill(kernel.pid, 'SIGKILL');
  kernel.kill();
  clients.pop();
  const alive = () => markedProcesses(mark, value);
  await until('all of its processes have ended', () => alive().length === 0, 10_000).catch((error: Error) => {
    throw new Error(`${error.message}: ${alive().map(({ command }) => command)}`);
  });

  const next = await open(randomUUID());
  const answer = await next.execute('%%spark\nspark.read.synapsesql("databaseName.dbo.never_complete")');
  assert.is(answer.status, 'error');
  assert.match(`${answer.evalue}`, /never_complete/);
  const left = async () => (await stagedFiles()).filter((path) => !before.staged.includes(path));
  await until('what was staged is swept', async () => (await left()).length === 0, 20_000);
  await next.close();
  assert.equal(
    arrow.filter((path) => existsSync(path)),
    [],
  );
});

test.run();
