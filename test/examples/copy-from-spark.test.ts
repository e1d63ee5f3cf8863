import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type ForeignClient, startForeignClient, textOf } from '../support/jupyter-client.js';
import { readNotebook, sourceOf } from '../support/notebook.js';
import { root, temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';

const minutes = 60_000;
const test = suite('examples/copy-from-spark.ipynb', undefined, { timeout: 5 * minutes });
const folder = temporaryDirectory('copy-notebook');
const notebook = join(root, 'examples', 'copy-from-spark.ipynb');
cpSync(join(root, 'examples', 'copy-from-spark'), join(folder, 'copy-from-spark'), { recursive: true });

let client: ForeignClient | undefined;
const kernel = async () => {
  client ??= await startForeignClient('synapse_pyspark', folder);
  return client;
};
test.after(() => client?.close());

/** Runs a cell of the notebook, or this text, and wants it to pass. */
async function run(cell: string): Promise<string> {
  const code = cell.includes('\n') ? cell : sourceOf(readNotebook(notebook), cell);
  const answer = await (await kernel()).execute(code, { timeout: 180 });
  assert.is(answer.status, 'ok', `${cell}: ${answer.ename}: ${answer.evalue}`);
  return textOf(answer);
}

test('a Thrift server in the notebook’s own JVM serves its temp view to the pipeline of the repository', async () => {
  await run('flights');
  await run('server');
  const said = await run('pipeline');
  assert.match(said, /✓ CountFlights \(Lookup, [\d.]+ s\): one row/);
  assert.match(said, /✓ CopyToText \(Copy, [\d.]+ s\): 111,279 rows/);
  assert.match(said, /✓ CopyToPool \(Copy, [\d.]+ s\): 336,776 rows/);
  assert.match(said, /"flights": 111279/);
  const text = readFileSync(join(folder, 'copied', 'flights', 'jfk.csv'), 'utf8');
  assert.is(text.split('\r\n').length, 111_279 + 2);
  assert.match(await run('pool'), /336,?776.*16/);
});

test('rows as a view, and the same pipeline from TypeScript', async () => {
  assert.match(await run('view'), /✓ Carriers \(Copy, [\d.]+ s\): 16 rows/);
  assert.match(await run('view-in-spark'), /UA.*58,?665/);
  assert.match(await run('typescript'), /Succeeded 104662 flights from LGA/);
  const activity = `{ name: 'L', type: 'Lookup', typeProperties: { source: { type: 'SparkSource', query: 'SELECT COUNT(DISTINCT carrier) AS n FROM flights' }, dataset: { referenceName: 'SparkDataset', type: 'DatasetReference', parameters: { table: 'flights', port: parameters.port } } } }`;
  assert.match(await run(`%%typescript\n(await copy.lookup(${activity})).firstRow`), /n: 16/);
  const copied = await run(`%%typescript
let steps = 0;
const source = { type: 'SparkSource', query: 'SELECT DISTINCT dest FROM flights' };
const inputs = [{ referenceName: 'SparkDataset', type: 'DatasetReference', parameters: { table: 'flights', port: parameters.port } }];
const { rowsCopied } = await copy.view('destinations', { name: 'D', type: 'Copy', inputs, typeProperties: { source } }, { onProgress: () => { steps += 1; } });
const table = await views.get('destinations');
console.log(rowsCopied, table.numRows, steps > 0);`);
  assert.match(copied, /105 105 true/);
});

test('what is wrong is the cell’s error, and the session goes on', async () => {
  const wrong = await (await kernel()).execute(
    '%%copy\n{"name": "P", "properties": {"activities": [{"name": "C", "type": "Wait"}]}}',
  );
  assert.is(wrong.ename, 'COPY_DEFINITION_INVALID');
  assert.match(`${wrong.evalue}`, /activities\[0\]\.type: is "Wait"; Copy and Lookup are run here/);
  const broken = await (await kernel()).execute('%%copy\n{"name": ');
  assert.match(`${broken.evalue}`, /the cell, line 1, column \d+: a value is expected/);
  const typed = await (await kernel()).execute(`%%typescript\nawait copy.pipeline('no-such-file.json')`);
  assert.match(`${typed.ename} ${typed.evalue}`, /no-such-file\.json/);
});

for (const [language, cell] of [
  ['%%copy', (query: string) => `%%copy -p port={port}\n${JSON.stringify(slowPipeline(query))}`],
  [
    '%%typescript',
    (query: string) =>
      `%%typescript\nawait copy.pipeline(${JSON.stringify(slowPipeline(query))}, { parameters: { port: parameters.port } });`,
  ],
] as const)
  test(`Stop in ${language} cancels the query on the server, and leaves no file`, async () => {
    const open = await kernel();
    const began = Date.now();
    const running = open.execute(cell('SELECT id FROM range(0, 60000000000, 1, 2) WHERE hash(id, rand()) = 1'));
    // What runs is asked of Spark itself once it is there; a cell cannot be asked while another runs.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    open.interrupt();
    const answer = await running;
    assert.is(answer.ename, 'KeyboardInterrupt', `${answer.ename}: ${answer.evalue}`);
    assert.ok(Date.now() - began < 60_000);
    const active = await run(`%%pyspark
import time
for _ in range(100):
    jobs = list(sc.statusTracker().getActiveJobsIds())
    if not jobs: break
    time.sleep(0.2)
print("active", jobs)`);
    assert.match(active, /active \[\]/);
    assert.not.ok(existsSync(join(folder, 'copied', 'flights', 'slow.csv')));
  });

function slowPipeline(query: string): object {
  const parameters = { table: 'flights', port: '@pipeline().parameters.port' };
  return {
    name: 'Slow',
    properties: {
      parameters: { port: { type: 'Int' } },
      activities: [
        {
          name: 'Slow',
          type: 'Copy',
          inputs: [{ referenceName: 'SparkDataset', type: 'DatasetReference', parameters }],
          outputs: [{ referenceName: 'FlightsText', type: 'DatasetReference', parameters: { origin: 'slow' } }],
          typeProperties: { source: { type: 'SparkSource', query }, sink: { type: 'DelimitedTextSink' } },
        },
      ],
    },
  };
}

test('the server ends', async () => {
  await run('end');
});

test.run();
