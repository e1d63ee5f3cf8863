import { readFileSync } from 'node:fs';
import { Table, tableFromArrays, tableFromIPC } from 'apache-arrow';
import * as assert from 'uvu/assert';
import { echo } from '../support/echo-language.js';
import { type JupyterServer, startJupyterServer } from '../support/jupyter-server.js';
import { textOn } from '../support/kernel-client.js';
import { type KernelSession, startKernelSession } from '../support/kernel-session.js';
import { suite } from '../support/suite.js';
import { writeParts } from '../support/views-session.js';

// Each road is a session of its own: a kernel keeps the one that it was started with.
for (const road of ['files', 'comm', 'server'] as const) {
  const test = suite(`views in %%kernel, by ${road}`, undefined, { timeout: 60_000 });
  let session: KernelSession;
  let server: JupyterServer | undefined;
  test.before(async () => {
    if (road === 'comm') process.env.CROSSVIEW_VIEWS_ROAD = road;
    if (road === 'server') server = await startJupyterServer('token-of-the-tests');
    const context = { jupyterServer: () => server! };
    session = await startKernelSession({ defaultLanguage: 'echo', languages: [echo], context });
    assert.is(textOn(await cell('print(type(views._road).__name__)')), road === 'files' ? 'FilesRoad\n' : 'CommRoad\n');
  });
  test.after(async () => {
    delete process.env.CROSSVIEW_VIEWS_ROAD;
    await session?.close();
    server?.close();
  });

  const where = road === 'server' ? 'python3 --server work' : 'python3';
  const cell = (code: string, options = '') => session.client.execute(`%%kernel ${where} ${options}\n${code}`);
  const printed = async (expression: string) => {
    const run = await cell(`print((${expression}))`);
    assert.is(run.reply.content.status, 'ok', JSON.stringify(run.reply.content));
    return textOn(run).trim();
  };
  const publish = async (name: string, ...tables: Table[]) => {
    const { views } = session.context;
    await views.publish(name, writeParts(await views.allocate(), ...tables), 'test');
  };
  const numbers = (from: number, count: number) =>
    tableFromArrays({ n: Float64Array.from({ length: count }, (_, index) => from + index) });

  test('what it publishes is there for the others, in all its parts', async () => {
    assert.is(
      (await cell('import pyarrow as pa\nviews["made"] = pa.table({"n": range(3_000_000), "t": ["x"] * 3_000_000})'))
        .reply.content.status,
      'ok',
    );
    const { parts, rows } = await session.context.views.read('made');
    assert.is(rows, 3_000_000);
    const table = new Table(parts.flatMap((part) => tableFromIPC(readFileSync(part)).batches));
    assert.is(table.getChild('n')!.get(2_999_999), 2_999_999n);
    assert.ok(table.batches.length > 5, 'large batches are cut');
    const listed = (await session.context.views.list()).find(({ name }) => name === 'made')!;
    assert.equal([listed.rows, listed.fields?.map(({ name }) => name)], [3_000_000, ['n', 't']]);
  });

  test('it reads views of several parts and many chunks, whole, by batch, and the first rows', async () => {
    await publish('large', numbers(0, 2_000_000), numbers(2_000_000, 1_000_000));
    assert.is(await printed('views["large"].to_pandas()["n"].sum()'), '4499998500000.0');
    assert.is(await printed('sum(batch.num_rows for batch in views.stream("large"))'), '3000000');
    assert.is(await printed('views["LARGE"].arrow(limit=2).to_pydict()'), "{'n': [0.0, 1.0]}");
    assert.is(
      await printed('views["large"].schema.names, views["large"].rows, len(views["large"].polars())'),
      "(['n'], 3000000, 3000000)",
    );
  });

  test('a stream that is left in the middle gives up the rest', async () => {
    assert.is(await printed('next(views.stream("large")).num_rows > 0'), 'True');
    assert.is(await printed('"large" in views, sorted(views)'), "(True, ['large', 'made'])");
  });

  test('a view that is replaced while it is read in batches is read to its own end', async () => {
    await cell('batches = views.stream("large"); first = next(batches)');
    await publish('large', numbers(0, 5));
    assert.is(await printed('first.num_rows + sum(batch.num_rows for batch in batches)'), '3000000');
    assert.is(await printed('views["large"].rows'), '5');
  });

  test('errors name the view, and change nothing', async () => {
    const { content } = (await cell('views["larg"]')).reply;
    assert.is(content.ename, 'CrossviewError');
    assert.match(String(content.evalue), /There is no view "larg".*\nDid you mean "large"/);
    const failed = (await cell('views["made"] = pa.table({"n": [1]}).to_batches()')).reply.content;
    assert.match(String(failed.evalue), /cannot be made a view/);
    const broken = (
      await cell(
        'def rows():\n    yield from pa.table({"n": range(10)}).to_batches()\n    raise ValueError("in the middle")\nviews["made"] = pa.RecordBatchReader.from_batches(pa.schema([("n", pa.int64())]), rows())',
      )
    ).reply.content;
    assert.match(String(broken.evalue), /in the middle/);
    assert.is(await printed('views["made"].rows'), '3000000');
  });

  test('-i and -o carry views over a cell', async () => {
    const run = await cell('doubled = large * 2\nfirst = large.head(1)', '-i large -o doubled,first');
    assert.is(run.reply.content.status, 'ok', JSON.stringify(run.reply.content));
    assert.is(await printed('views["doubled"].to_pandas()["n"].tolist()'), '[0.0, 2.0, 4.0, 6.0, 8.0]');
    assert.is((await session.context.views.read('first')).rows, 1);
    for (const name of ['doubled', 'first']) await session.context.views.drop(name);
    const missing = (await cell('print("ran")', '-i nothing')).reply.content;
    assert.is(missing.ename, 'VIEW_NOT_FOUND');
    const odd = (await cell('1', '-o größe')).reply.content;
    assert.is(odd.ename, 'VIEW_NAME_INVALID');
    const unmade = (await cell('1', '-o unmade')).reply.content;
    assert.is(unmade.ename, 'NameError');
  });

  test('dropping drops everywhere', async () => {
    await cell('del views["made"]');
    assert.equal(
      (await session.context.views.list()).map(({ name }) => name),
      ['large'],
    );
    assert.match(String((await cell('del views["made"]')).reply.content.evalue), /no view "made"/);
  });

  test('no rows, no columns, and more than a share of the memory', async () => {
    await cell('views["none"] = pa.table({"n": pa.array([], pa.int32())})\nviews["bare"] = pa.table({})');
    assert.is(await printed('views["none"].arrow().schema, views["bare"].arrow().num_columns'), '(n: int32, 0)');
    await cell('import os\nos.environ["CROSSVIEW_READ_SHARE"] = "0.0000000001"');
    assert.match(String((await cell('views["large"].to_pandas()')).reply.content.evalue), /large=True/);
    assert.is(await printed('len(views["large"].to_pandas(large=True))'), '5');
    await cell('del os.environ["CROSSVIEW_READ_SHARE"]');
  });

  test.run();
}
