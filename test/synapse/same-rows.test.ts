import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { WireParts } from '@crossview/contracts';
import { createSqlClient } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { failure } from '../support/failure.js';
import { FileViewHolder } from '../support/file-view-holder.js';
import { type KernelSession, startKernelSession } from '../support/kernel-session.js';
import { temporaryDirectory } from '../support/paths.js';
import { PythonProcess } from '../support/python-process.js';
import { suite } from '../support/suite.js';
import { newSynapse, type SynapseSession, usePool } from '../support/synapse.js';
import { startViewsSession, type ViewsSession } from '../support/views-session.js';

const test = suite('one table of all types through the SQL pool', undefined, { timeout: 120_000 });
const open = usePool(test);
const folder = temporaryDirectory('pool-rows');
const database = 'same_rows';
let synapse: SynapseSession;
let kernel: KernelSession;
let all: ViewsSession;
let python: PythonProcess;

test.before(
  async () => {
    const { storage, pool } = await open();
    synapse = await newSynapse(storage, pool, { sessionId: 'pool-rows' });
    kernel = await startKernelSession({ context: { pools: pool.pools, sql: createSqlClient() } });
    all = await startViewsSession(new FileViewHolder());
    python = new PythonProcess(all.session);
    await python.run(`
      from crossview_views import views
      import pyarrow as pa, same_rows
      def read(parts):
          table = pa.concat_tables([pa.ipc.open_stream(pa.memory_map(part)).read_all() for part in parts])
          return table.sort_by(table.column_names[0])
      def column(parts, name):
          found = read(parts).column(name)
          return [same_rows.kind(found.type), same_rows.rows(found)]`);
  },
  { timeout: 120_000 },
);
test.after(async () => {
  python?.close();
  await all?.close();
  await kernel?.close();
  await synapse?.close();
});

async function store(view: string, table: string): Promise<void> {
  const { parts } = await all.views.read(view);
  await synapse.peer.call('synapse.store', {
    table: `${database}.dbo.${table}`,
    tableType: 'INTERNAL',
    location: null,
    mode: 'ErrorIfExists',
    options: {},
    cellId: 'c',
    parts: [...parts],
  });
}

async function fetch(table: string, reader: 'tds' | 'export'): Promise<readonly string[]> {
  const { data } = (await synapse.peer.call('synapse.fetch', {
    source: `${database}.dbo.${table}`,
    options: { reader },
    cellId: 'c',
    columns: null,
    limit: null,
    directory: mkdtempSync(join(folder, 'fetch-')),
  })) as unknown as { data: WireParts };
  return data.parts;
}

async function byCell(table: string): Promise<readonly string[]> {
  const { reply } = await kernel.client.execute(`%%tsql -q -o back\nSELECT * FROM [${database}].dbo.[${table}]`);
  assert.is(reply.content.status, 'ok', JSON.stringify(reply.content));
  return (await kernel.context.views.read('back')).parts;
}

const differences = (parts: readonly string[], expected: string) =>
  python.run(`result = same_rows.differences(read(${JSON.stringify(parts)}).drop_columns(["row"]), ${expected})`);

test('what the pool has no type for is refused by column name', async () => {
  await python.run('views["same"] = same_rows.table()');
  assert.match((await failure(() => store('same', 'whole'))).message, /"(duration|null)"/);
  for (const name of (await python.run('result = list(same_rows.not_in_pool)')) as string[]) {
    await python.run(`views["odd"] = same_rows.table().select(["int32", "${name}"])`);
    assert.match((await failure(() => store('odd', 'refused'))).message, `"${name}"`);
  }
});

test('pyarrow → pool → Arrow: by TDS, by an export, and by %%tsql -o', async () => {
  await python.run(`
    t = same_rows.table().drop_columns(list(same_rows.not_in_pool))
    views["same"] = t.add_column(0, "row", pa.array(range(4)))`);
  await store('same', 'same');
  const roads = { tds: await fetch('same', 'tds'), export: await fetch('same', 'export'), cell: await byCell('same') };
  for (const [road, parts] of Object.entries(roads))
    assert.equal(await differences(parts, 'same_rows.in_pool()'), [], road);
});

test('no rows keep their types', async () => {
  await python.run('views["none"] = views["same"].arrow().slice(0, 0)');
  await store('none', 'none');
  for (const parts of [await fetch('none', 'tds'), await byCell('none')])
    assert.equal(await differences(parts, 'same_rows.in_pool().slice(0, 0)'), []);
});

test('every other type of Arrow becomes what the pool has, or is refused by column name', async () => {
  const wrong: string[] = [];
  for (const kind of (await python.run('result = list(same_rows.others)')) as string[]) {
    const name = JSON.stringify(kind);
    await python.run(
      `import warnings\nwarnings.simplefilter("ignore")\nviews["odd"] = same_rows.other(${name}).rename_columns(["row", "odd one"])`,
    );
    const error = await store('odd', kind).then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    const taken = (await python.run(`result = same_rows.other_in_pool(${name}) is not None`)) as boolean;
    if (error || !taken) {
      if (taken || !error?.message.includes('"odd one"')) wrong.push(`${kind}: ${error?.message ?? 'was taken'}`);
      continue;
    }
    const found = (await differences(await fetch(kind, 'tds'), `same_rows.other_in_pool(${name})`)) as string[];
    wrong.push(...found.map((line) => `${kind}: ${line}`));
  }
  assert.equal(wrong, []);
});

test.run();
