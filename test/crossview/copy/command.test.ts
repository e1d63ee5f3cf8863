import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { dataset, fileDataset, sparkDataset } from '../../support/copy-factory.js';
import { freshHome, runDoorBeside, startDoor } from '../../support/door.js';
import { root, temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';
import { serverSql, thriftServer } from '../../support/thrift.js';
import { until } from '../../support/until.js';

const minutes = 60_000;
const test = suite('crossview copy', undefined, { timeout: 4 * minutes });
const env = { CROSSVIEW_HOME: freshHome('copy-command') };
let port = 0;

test.before(
  async () => {
    await serverSql(
      `CREATE OR REPLACE TEMPORARY VIEW flights AS SELECT IF(id % 3 = 0, 'JFK', 'EWR') AS origin, 'LAX' AS dest, CONCAT('C', id % 16) AS carrier, CAST(id AS INT) AS flight, TIMESTAMP'2013-01-01 05:00:00' + MAKE_DT_INTERVAL(0, CAST(id AS INT)) AS time_hour FROM range(3000)`,
    );
    port = await thriftServer('http', 'NONE');
  },
  { timeout: 4 * minutes },
);

interface Report {
  status: string;
  parameters: Json;
  activities: {
    activityName: string;
    status: string;
    output?: { [key: string]: Json };
    error?: { errorCode: string; message: string };
  }[];
}

/** Runs in a folder of its own, because relative places start there. */
const runIn = (cwd: string, argv: readonly string[]) => runDoorBeside(argv, env, { cwd });

/** A repository with one pipeline `P` of these activities, beside the linked services to a server of the tests and to `out`. */
function repository(label: string, activities: readonly Json[]): { folder: string; file: string; out: string } {
  const folder = temporaryDirectory(label);
  const out = join(folder, 'out');
  const file = join(folder, 'all.json');
  const typeProperties = { host: 'localhost', port, authenticationType: 'Anonymous', enableSsl: false };
  writeFileSync(
    file,
    JSON.stringify({
      linkedServices: [
        {
          name: 'Spark2',
          properties: { type: 'Spark', version: '2.0', typeProperties: { ...typeProperties, httpPath: 'cliservice' } },
        },
        { name: 'Disk', properties: { type: 'FileServer', typeProperties: { host: out } } },
      ],
      datasets: [
        sparkDataset('In', 'Spark2', { table: 'flights' }),
        fileDataset('Out', 'Parquet', { fileName: 'x.parquet' }),
      ],
      pipelines: [{ name: 'P', properties: { activities } }],
    }),
  );
  return { folder, file, out };
}

/** A copy of the query into a Parquet file. */
const copyOf = (query: string): Json => ({
  name: 'C',
  type: 'Copy',
  inputs: [dataset('In')],
  outputs: [dataset('Out')],
  typeProperties: { source: { type: 'SparkSource', query }, sink: { type: 'ParquetSink' } },
});

test('the example: a lookup, a text file, and a table of the local pool; the run as JSON', async () => {
  const folder = temporaryDirectory('copy-example');
  cpSync(join(root, 'examples', 'copy-from-spark'), folder, { recursive: true });
  const run = await runIn(folder, ['copy', 'pipeline/CopyFlights.json', '-p', `port=${port}`, '-p', 'origin=JFK']);
  assert.is(run.code, 0, run.stderr);
  const report = JSON.parse(run.stdout) as Report;
  assert.is(report.status, 'Succeeded');
  assert.equal(report.parameters, { origin: 'JFK', port });
  const byName = Object.fromEntries(report.activities.map((activity) => [activity.activityName, activity]));
  assert.equal(byName.CountFlights?.output?.firstRow, { flights: 1_000 });
  assert.is(byName.CopyToText?.output?.rowsCopied, 1_000);
  assert.is(byName.CopyToPool?.output?.rowsCopied, 3_000);
  assert.is(byName.CopyToPool?.output?.sqlDwPolyBase, false);
  for (const field of ['dataRead', 'dataWritten', 'rowsRead', 'throughput', 'copyDuration', 'usedParallelCopies'])
    assert.type(byName.CopyToPool?.output?.[field], 'number', field);
  const text = readFileSync(join(folder, 'copied', 'flights', 'jfk.csv'), 'utf8').split('\r\n');
  assert.equal(text.slice(0, 2), [
    'carrier,flight,origin,dest,time_hour,of',
    'C0,0,JFK,LAX,2013-01-01 05:00:00.0000000 -05:00,1000',
  ]);
  assert.match(run.stderr, /✓ CopyToPool \(Copy, [\d.]+ s\): 3,000 rows/);
  assert.match(run.stderr, /CopyFlights: succeeded/);
  const again = await runIn(folder, [
    'copy',
    'pipeline/CopyFlights.json',
    '-p',
    `port=${port}`,
    '-q',
    '-o',
    'run.json',
  ]);
  assert.equal([again.code, again.stdout], [0, ''], again.stderr);
  assert.is((JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Report).status, 'Succeeded');
});

test('an activity that fails: exit code 1, the server’s words, no file', async () => {
  const { folder, file, out } = repository('copy-fails', [copyOf('SELECT nope FROM flights')]);
  const run = await runIn(folder, ['copy', file]);
  assert.is(run.code, 1);
  const { status, activities } = JSON.parse(run.stdout) as Report;
  assert.equal([status, activities[0]?.status], ['Failed', 'Failed']);
  assert.is(activities[0]?.error?.errorCode, 'COPY_QUERY_FAILED');
  assert.match(activities[0]!.error!.message, /UNRESOLVED_COLUMN/);
  assert.match(run.stderr, /✗ C \(Copy, [\d.]+ s\): the Spark server says: .*nope/);
  assert.equal(existsSync(out) ? readdirSync(out) : [], []);
});

test('what cannot be read is told in words, with exit code 1 and nothing on standard output', async () => {
  const folder = temporaryDirectory('copy-refused');
  const said = async (name: string, text: string, ...more: string[]) => {
    writeFileSync(join(folder, name), text);
    const run = await runIn(folder, ['copy', name, ...more]);
    assert.equal([run.code, run.stdout], [1, ''], run.stderr);
    return run.stderr;
  };
  assert.match((await runIn(folder, ['copy', 'none.json'])).stderr, /there is no file .*COPY_FILE_NOT_FOUND/);
  assert.match(await said('a.json', '{"name": "P" "x"}'), /a\.json, line 1, column 14: a comma is expected/);
  assert.match(
    await said('b.json', '{"name": "D", "properties": {"type": "SparkObject", "linkedServiceName": {}}}'),
    /holds no pipeline/,
  );
  const two = { pipelines: ['P', 'Q'].map((name) => ({ name, properties: { activities: [] } })) };
  assert.match(await said('c.json', JSON.stringify(two)), /holds 2 pipelines[\s\S]*--pipeline P, --pipeline Q/);
  assert.match(await said('d.json', JSON.stringify(two), '--pipeline', 'R'), /there is no pipeline R/);
  assert.match(await said('e.json', JSON.stringify(two), '--pipeline', 'P', '-p', 'x'), /"x" is no parameter/);
  const wrong = { pipelines: [{ name: 'P', properties: { activities: [copyOf('SELECT 1')] } }] };
  const all = await said('f.json', JSON.stringify(wrong), '-p', 'x=1');
  assert.match(all, /3 things are wrong/);
  assert.match(all, /activities\[0\]\.inputs\[0\]\.referenceName: there is no dataset "In"/);
  assert.match(all, /parameters\.x: is not declared/);
});

test('Ctrl+C cancels: exit code 130, the query ends on the server, no file', async () => {
  const { file, out } = repository('copy-stopped', [
    copyOf('SELECT id FROM range(0, 60000000000, 1, 2) WHERE hash(id, rand()) = 1'),
  ]);
  const child = startDoor(['copy', file], env);
  let text = '';
  let said = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await until('the copy runs', () => said.includes('C …'), 60_000);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  child.kill('SIGINT');
  await until('the command ends', () => child.exitCode !== null, 30_000);
  assert.is(child.exitCode, 130, said);
  assert.is((JSON.parse(text) as Report).status, 'Cancelled');
  assert.equal(existsSync(out) ? readdirSync(out) : [], []);
  // Two cores: were the query still running, this would wait for it.
  const began = Date.now();
  await serverSql('SELECT COUNT(*) FROM range(0, 1000, 1, 8)');
  assert.ok(Date.now() - began < 30_000);
});

test.run();
