import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CrossviewError, type Json, type SecretDirectory } from '@crossview/contracts';
import {
  type CopyOutput,
  copyActivity,
  describeRun,
  type LookupOutput,
  lookupActivity,
  parseFactory,
  readFactory,
  runPipeline,
} from '@crossview/copy';
import { createStorageClient } from '@crossview/synapse';
import { tableFromIPC } from 'apache-arrow';
import * as assert from 'uvu/assert';
import { azurite } from '../support/azurite.js';
import { copy, dataset, factory, fileDataset, service, services, sparkDataset } from '../support/copy-factory.js';
import { FileViewHolder } from '../support/file-view-holder.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { serverPassword, serverSql, thriftServer } from '../support/thrift.js';
import { startViewsSession } from '../support/views-session.js';

const test = suite('copy: activities and pipelines', undefined, { timeout: 120_000 });

test.before(
  () =>
    serverSql(
      `CREATE OR REPLACE TEMPORARY VIEW flights AS SELECT id, CONCAT('N', id) AS tailnum, CAST(id % 90 - 30 AS DOUBLE) / 4 AS delay, IF(id % 10 = 0, NULL, DATE_ADD(DATE'2013-01-01', CAST(id % 365 AS INT))) AS day FROM range(0, 25000, 1, 2)`,
    ),
  { timeout: 180_000 },
);

async function failure(work: Promise<unknown>): Promise<CrossviewError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, CrossviewError);
  return error as CrossviewError;
}

const query = 'SELECT id, tailnum, delay, day FROM flights ORDER BY id';
const inBoth = [sparkDataset('In', 'Spark2', { table: 'flights' }), sparkDataset('Old', 'Spark1', {})];

test('the three examples of the documentation run, with host, port and names filled in', async () => {
  const folder = temporaryDirectory('copy-seed');
  for (const kind of ['linkedService', 'dataset', 'pipeline']) mkdirSync(join(folder, kind));
  const write = (path: string, json: Json) => writeFileSync(join(folder, path), JSON.stringify(json, null, 4));
  const typeProperties = {
    host: 'localhost',
    port: String(await thriftServer('http', 'CUSTOM')),
    authenticationType: 'WindowsAzureHDInsightService',
    username: 'ada',
    password: { type: 'SecureString', value: serverPassword },
    httpPath: 'cliservice',
  };
  write('linkedService/SparkLinkedService.json', {
    name: 'SparkLinkedService',
    properties: { type: 'Spark', version: '2.0', typeProperties: { ...typeProperties, enableSsl: false } },
  });
  write('linkedService/SparkOld.json', { name: 'SparkOld', properties: { type: 'Spark', typeProperties } });
  write('linkedService/Disk.json', {
    name: 'Disk',
    properties: { type: 'FileServer', typeProperties: { host: join(folder, 'out') } },
  });
  const pipeline = (input: string) => [
    {
      name: 'CopyFromSpark',
      type: 'Copy',
      inputs: [{ referenceName: input, type: 'DatasetReference' }],
      outputs: [{ referenceName: 'Out', type: 'DatasetReference' }],
      typeProperties: {
        source: { type: 'SparkSource', query: 'SELECT * FROM flights' },
        sink: { type: 'ParquetSink' },
      },
    },
  ];
  for (const [name, linked] of [
    ['SparkDataset', 'SparkLinkedService'],
    ['OldDataset', 'SparkOld'],
  ] as const)
    write(`dataset/${name}.json`, {
      name,
      properties: {
        type: 'SparkObject',
        typeProperties: {},
        schema: [],
        linkedServiceName: { referenceName: linked, type: 'LinkedServiceReference' },
      },
    });
  write('dataset/Out.json', fileDataset('Out', 'Parquet', { fileName: 'flights.parquet' }));
  write('pipeline/New.json', { name: 'New', properties: { activities: pipeline('SparkDataset') } });
  write('pipeline/Old.json', { name: 'Old', properties: { activities: pipeline('OldDataset') } });
  for (const name of ['New', 'Old']) {
    const { factory: all, pipelines } = readFactory(join(folder, 'pipeline', `${name}.json`));
    assert.equal(pipelines, [name]);
    const run = await runPipeline(all, name, { services: await services() });
    assert.is(run.status, 'Succeeded', String(run.activities[0]?.error));
    assert.is((run.activities[0]!.output as CopyOutput).rowsCopied, 25_000);
  }
  assert.ok(existsSync(join(folder, 'out', 'flights.parquet')));
});

test('delimited text: quoting, NULL, header, several files, nothing left over', async () => {
  const folder = temporaryDirectory('copy-text');
  const all = await factory(folder, [
    ...inBoth,
    fileDataset(
      'Out',
      'DelimitedText',
      { folderPath: 'a/b' },
      { firstRowAsHeader: true, escapeChar: '"', nullValue: 'NULL', rowDelimiter: '\n' },
    ),
  ]);
  const output = await copyActivity(
    copy(
      'C',
      dataset('In'),
      dataset('Out'),
      {
        type: 'DelimitedTextSink',
        formatSettings: {
          type: 'DelimitedTextWriteSettings',
          fileExtension: '.csv',
          maxRowsPerFile: 10_000,
          fileNamePrefix: 'f',
        },
      },
      {},
      `SELECT id, IF(id = 1, 'a,"b"', IF(id = 2, 'NULL', tailnum)) AS t, day, id % 2 = 0 AS even FROM flights ORDER BY id`,
    ),
    all,
    { services: await services() },
  );
  assert.is(output.filesWritten, 3);
  assert.equal(readdirSync(folder), ['a']);
  assert.equal(readdirSync(join(folder, 'a/b')), ['f_00000.csv', 'f_00001.csv', 'f_00002.csv']);
  const lines = readFileSync(join(folder, 'a/b/f_00000.csv'), 'utf8').split('\n');
  assert.equal(lines.slice(0, 5), [
    'id,t,day,even',
    '0,N0,NULL,True',
    '1,"a,""b""",2013-01-02 00:00:00.0000000,False',
    '2,"NULL",2013-01-03 00:00:00.0000000,True',
    '3,N3,2013-01-04 00:00:00.0000000,False',
  ]);
  assert.is(lines.length, 10_002);
});

test('Parquet and gzipped text on Blob storage, with dataset parameters and expressions', async () => {
  const all = await factory(
    temporaryDirectory('copy-lake'),
    [
      sparkDataset('Any', 'Spark2', { schema: '', table: '@dataset().name' }, { name: { type: 'String' } }),
      {
        ...(fileDataset('Out', 'Parquet', {
          fileSystem: 'lake',
          folderPath: "@concat('copied/', dataset().day)",
          fileName: 'x.parquet',
        }) as object),
      },
      fileDataset('Text', 'DelimitedText', { container: 'lake', fileName: 'x.txt.gz' }, { compressionCodec: 'gzip' }),
    ].map((json) => {
      const found = json as { name: string; properties: { [key: string]: Json } };
      return found.name === 'Out'
        ? {
            ...found,
            properties: { ...found.properties, parameters: { day: { type: 'String', defaultValue: 'none' } } },
          }
        : (json as Json);
    }),
    [
      {
        name: 'P',
        properties: {
          parameters: { table: { type: 'string' } },
          activities: [
            copy('First', dataset('Any', { name: '@pipeline().parameters.table' }), dataset('Out', { day: '2024' }), {
              type: 'ParquetSink',
            }),
            {
              ...(copy(
                'Second',
                dataset('Any', { name: 'flights' }),
                dataset('Text'),
                { type: 'DelimitedTextSink' },
                {},
                "SELECT '@{activity('First').output.rowsCopied}' AS n",
              ) as object),
              dependsOn: [{ activity: 'First', dependencyConditions: ['Succeeded'] }],
            },
          ],
        },
      },
    ],
  );
  const run = await runPipeline(all, 'p', { services: await services(), parameters: { table: 'flights' } });
  assert.is(run.status, 'Succeeded', run.activities.map(({ error }) => String(error)).join());
  const storage = await azurite();
  const container = createStorageClient().container(storage.account, 'lake');
  const paths: string[] = [];
  for await (const { path } of container.list('')) paths.push(path);
  assert.equal(paths, ['copied/2024/x.parquet', 'x.txt.gz']);
  const local = join(temporaryDirectory('copy-down'), 'x.gz');
  await container.download('x.txt.gz', local);
  assert.is(gunzipSync(readFileSync(local)).toString(), '25000\r\n');
});

test('a temp view of the session', async () => {
  const session = await startViewsSession(new FileViewHolder(), { graceMilliseconds: 150 });
  try {
    const all = await factory(temporaryDirectory('copy-view'), [
      ...inBoth,
      {
        name: 'View',
        properties: { type: 'TempView', linkedServiceName: service('Spark2'), typeProperties: { viewName: 'copied' } },
      },
      {
        name: 'Empty',
        properties: { type: 'TempView', linkedServiceName: service('Spark2'), typeProperties: { viewName: 'empty' } },
      },
    ]);
    const options = { services: await services({ views: session.views }) };
    await copyActivity(copy('C', dataset('In'), dataset('View'), { type: 'TempViewSink' }, {}, query), all, options);
    const { parts, rows } = await session.views.read('copied');
    assert.is(rows, 25_000);
    const table = tableFromIPC(parts.map((part) => readFileSync(part)));
    assert.equal(
      table.schema.fields.map(({ type }) => String(type)),
      ['Int64', 'Utf8', 'Float64', 'Date32<DAY>'],
    );
    assert.is(table.getChild('id')!.get(24_999), 24_999n);
    assert.is(table.getChild('day')!.nullCount, 2_500);
    await copyActivity(
      copy('C', dataset('In'), dataset('Empty'), { type: 'TempViewSink' }, {}, 'SELECT * FROM flights WHERE id < 0'),
      all,
      options,
    );
    assert.is((await session.views.read('empty')).rows, 0);
  } finally {
    await session.close();
  }
});

test('mapping, conversion, rows that are left out, and their log', async () => {
  const folder = temporaryDirectory('copy-skip');
  const all = await factory(folder, [...inBoth, fileDataset('Out', 'DelimitedText', { fileName: 'out.csv' })]);
  const translator = {
    type: 'TabularTranslator',
    mappings: [
      { source: { name: 'word' }, sink: { name: 'number', type: 'Int32' } },
      { source: { ordinal: 1 }, sink: { name: 'key', type: 'String' } },
    ],
  };
  const words = "SELECT id, IF(id % 1000 = 7, CONCAT('x,', id), CAST(id AS STRING)) AS word FROM flights ORDER BY id";
  const log = {
    logSettings: {
      enableCopyActivityLog: true,
      logLocationSettings: { linkedServiceName: service('Disk'), path: 'logs' },
    },
  };
  const output = await copyActivity(
    copy(
      'Skip',
      dataset('In'),
      dataset('Out'),
      { type: 'DelimitedTextSink' },
      { translator, enableSkipIncompatibleRow: true, ...log },
      words,
    ),
    all,
    { services: await services() },
  );
  assert.is(output.rowsRead, 25_000);
  assert.is(output.rowsSkipped, 25);
  assert.is(output.rowsCopied, 24_975);
  assert.match(output.logFilePath!, /^logs\/copyactivity-logs\/Skip\/[0-9a-f-]{36}\/[0-9a-f-]{36}\.csv$/);
  const lines = readFileSync(join(folder, output.logFilePath!), 'utf8').trim().split('\r\n');
  assert.is(lines[0], 'Timestamp,Level,OperationName,OperationItem,Message');
  assert.is(lines.length, 26);
  assert.match(
    lines[1]!,
    /,Warning,TabularRowSkip,"""x,7"",7","Column 'word' cannot be converted from String to Int32: ""x,7"" is no whole number"/,
  );
  assert.is(readFileSync(join(folder, 'out.csv'), 'utf8').split('\r\n')[7], '8,8');

  assert.equal(readdirSync(folder).sort(), ['logs', 'out.csv']);
  const strict = await failure(
    copyActivity(
      copy('Strict', dataset('In'), dataset('Out'), { type: 'DelimitedTextSink' }, { translator }, words),
      all,
      {
        services: await services(),
      },
    ),
  );
  assert.is(strict.code, 'COPY_VALUE_INCOMPATIBLE');
  assert.equal([strict.facts.column, strict.facts.row], ['word', 8]);
  assert.equal(readdirSync(folder).sort(), ['logs', 'out.csv'], 'nothing is left of the copy that failed');
  assert.match(readFileSync(join(folder, 'out.csv'), 'utf8'), /^0,0\r\n/, 'and the file before it is as it was');
});

test('additional columns: the same text in every row, and a copy of a column', async () => {
  const folder = temporaryDirectory('copy-additional');
  const all = await factory(folder, [...inBoth, fileDataset('Out', 'DelimitedText', { fileName: 'out.csv' })]);
  const activity = copy('C', dataset('In'), dataset('Out'), { type: 'DelimitedTextSink' }) as {
    typeProperties: { source: { [key: string]: Json } };
  };
  const source = activity.typeProperties.source;
  source.query = 'SELECT id, tailnum FROM flights ORDER BY id';
  source.additionalColumns = [
    { name: 'where', value: "@concat('New', ' York')" },
    { name: 'again', value: '$$COLUMN:tailnum' },
  ];
  await copyActivity(activity as unknown as Json, all, { services: await services() });
  const lines = readFileSync(join(folder, 'out.csv'), 'utf8').split('\r\n');
  assert.equal([lines[0], lines[24_999]], ['0,N0,New York,N0', '24999,N24999,New York,N24999']);
  source.additionalColumns = [{ name: 'x', value: '$$FILEPATH' }];
  assert.match(
    (await failure(copyActivity(activity as unknown as Json, all, { services: await services() }))).message,
    /source\.additionalColumns\[0\]\.value: speaks of files/,
  );
});

test('Lookup: the first row, all rows up to 5,000, and 4 MB', async () => {
  const all = await factory(temporaryDirectory('copy-lookup'), inBoth);
  const look = async (text: string, firstRowOnly?: boolean): Promise<LookupOutput> =>
    lookupActivity(
      {
        name: 'Look',
        type: 'Lookup',
        typeProperties: {
          source: { type: 'SparkSource', query: text },
          dataset: dataset('In'),
          ...(firstRowOnly === undefined ? {} : { firstRowOnly }),
        },
      },
      all,
      { services: await services() },
    );
  const first = await look(
    "SELECT id, tailnum, day, 9007199254740993L AS big, TIMESTAMP'2021-11-07 05:30:00.5Z' AS t, 1.50 AS d FROM flights WHERE id = 3",
  );
  assert.equal((first as { firstRow: Json }).firstRow, {
    id: 3,
    tailnum: 'N3',
    day: '2013-01-04T00:00:00Z',
    big: '9007199254740993',
    t: '2021-11-07T01:30:00.5-04:00',
    d: '1.50',
  });
  const many = (await look(query, false)) as unknown as { count: number; value: Json[] };
  assert.is(many.count, 5_000);
  assert.is(many.value.length, 5_000);
  assert.is((await failure(look("SELECT REPEAT('x', 2000) AS x FROM flights", false))).code, 'COPY_LOOKUP_TOO_LARGE');
  assert.is((await failure(look("SELECT X'00' AS x"))).code, 'COPY_LOOKUP_BYTES');
  assert.equal(((await look('SELECT * FROM flights WHERE id < 0')) as { firstRow: Json }).firstRow, {});
});

test('a Key Vault reference is looked up by the vault’s address', async () => {
  const asked: string[] = [];
  const secrets: SecretDirectory = {
    async get(vault, name) {
      asked.push(`${vault} ${name}`);
      return serverPassword;
    },
  };
  const all = parseFactory(
    JSON.stringify({
      linkedServices: [
        {
          name: 'Vault',
          properties: { type: 'AzureKeyVault', typeProperties: { baseUrl: 'https://v.vault.azure.net/' } },
        },
        {
          name: 'Spark',
          properties: {
            type: 'Spark',
            typeProperties: {
              host: 'localhost',
              port: await thriftServer('binary', 'CUSTOM'),
              authenticationType: 'UsernameAndPassword',
              username: 'ada',
              password: { type: 'AzureKeyVaultSecret', store: service('Vault'), secretName: 'spark-password' },
            },
            connectVia: { referenceName: 'ir', type: 'IntegrationRuntimeReference' },
          },
        },
      ],
      datasets: [sparkDataset('In', 'Spark', { tableName: 'flights' })],
    }),
    'the test',
  );
  const activity = {
    name: 'L',
    type: 'Lookup',
    typeProperties: { source: { type: 'SparkSource' }, dataset: dataset('In') },
  };
  const output = await lookupActivity(activity, all, { services: await services({ secrets }) });
  assert.ok('firstRow' in output);
  assert.equal(asked, ['https://v.vault.azure.net/ spark-password']);
  assert.is(
    (await failure(lookupActivity(activity, all, { services: await services() }))).code,
    'COPY_SECRET_UNAVAILABLE',
  );
});

test('everything that is wrong is said at once, by document and path', async () => {
  const all = parseFactory(
    JSON.stringify({
      linkedServices: [
        {
          name: 'S',
          properties: {
            type: 'Spark',
            version: '2.0',
            typeProperties: { port: 'x', authenticationType: 'Kerberos', hots: 'h' },
          },
        },
        { name: 'Disk', properties: { type: 'FileServer', typeProperties: { host: '/tmp' } } },
      ],
      datasets: [
        sparkDataset('In', 'S', {}),
        fileDataset('Out', 'Parquet', { fileName: 'x' }, { compressionCodec: 'lzo' }),
        { name: 'Odd', properties: { type: 'Json', linkedServiceName: service('Disk'), typeProperties: {} } },
      ],
      pipelines: [
        {
          name: 'P',
          properties: {
            activities: [
              copy('A', dataset('In'), dataset('Out'), {
                type: 'ParquetSink',
                formatSettings: { type: 'ParquetWriteSettings', rows: 1 },
              }),
              copy(
                'B',
                dataset('Nowhere'),
                dataset('Odd'),
                { type: 'JsonSink' },
                { translater: {} },
                'SELECT @{foo()}',
              ),
              { name: 'C', type: 'ForEach', typeProperties: {} },
              {
                ...(copy('D', dataset('In'), dataset('Out'), { type: 'SqlDWSink' }) as object),
                dependsOn: [{ activity: 'E', dependencyConditions: ['Succeeded'] }],
              },
            ],
          },
        },
      ],
    }),
    'the test',
  );
  const error = await failure(runPipeline(all, 'P', { services: await services() }));
  assert.is(error.code, 'COPY_DEFINITION_INVALID');
  for (const expected of [
    'linkedService "S": properties.typeProperties.host: is missing',
    'linkedService "S": properties.typeProperties.port: must be a whole number',
    'linkedService "S": properties.typeProperties.authenticationType: must be Anonymous or UsernameAndPassword or WindowsAzureHDInsightService',
    'linkedService "S": properties.typeProperties.hots: is not a known property',
    'dataset "Out": properties.typeProperties.compressionCodec: is lzo; none, snappy and gzip can be written',
    'pipeline "P": properties.activities[0].typeProperties.sink.formatSettings.rows: is not a known property',
    'pipeline "P": properties.activities[1].typeProperties.source.query: the expression SELECT @{foo()} cannot be evaluated: the function foo is not supported',
    'pipeline "P": properties.activities[2].type: is "ForEach"; Copy and Lookup are run here',
    'pipeline "P": properties.activities[3].dependsOn[0].activity: there is no activity E',
  ])
    assert.ok(error.message.includes(expected), `${expected}\nis not in\n${error.message}`);
});

test('a failed activity: those behind it are skipped, those for the failure run', async () => {
  const folder = temporaryDirectory('copy-failed');
  const after = (name: string, condition: string): Json => ({
    ...(copy(name, dataset('In'), dataset('Out'), { type: 'ParquetSink' }) as object),
    dependsOn: [{ activity: 'Fails', dependencyConditions: [condition] }],
  });
  const all = await factory(
    folder,
    [...inBoth, fileDataset('Out', 'Parquet', { fileName: 'out.parquet' })],
    [
      {
        name: 'P',
        properties: {
          activities: [
            copy(
              'Fails',
              dataset('In'),
              dataset('Out'),
              { type: 'ParquetSink' },
              {},
              "SELECT IF(id = 24999, raise_error('late'), id) AS id FROM flights",
            ),
            after('Behind', 'Succeeded'),
            after('Instead', 'Failed'),
          ],
        },
      },
    ],
  );
  const run = await runPipeline(all, 'P', { services: await services() });
  assert.equal(
    run.activities.map(({ name, status }) => [name, status]),
    [
      ['Fails', 'Failed'],
      ['Behind', 'Skipped'],
      ['Instead', 'Succeeded'],
    ],
  );
  assert.is(run.status, 'Succeeded');
  assert.match(run.activities[0]!.error!.message, /late/);
  const text = describeRun(run);
  assert.match(text, /^✗ Fails \(Copy, [\d.]+ s\): the Spark server says: .*late/m);
  assert.match(text, /^– Behind \(Copy\): skipped$/m);
  assert.match(text, /^✓ Instead \(Copy, [\d.]+ s\): 25,000 rows, [\d.]+ MB in 1 file$/m);
  assert.match(text, /P: succeeded$/);
});

test('a sink that cannot be written to', async () => {
  const folder = temporaryDirectory('copy-closed');
  writeFileSync(join(folder, 'file'), '');
  const all = await factory(join(folder, 'file'), [
    ...inBoth,
    fileDataset('Out', 'Parquet', { fileName: 'x.parquet' }),
  ]);
  const error = await failure(
    copyActivity(copy('C', dataset('In'), dataset('Out'), { type: 'ParquetSink' }), all, {
      services: await services(),
    }),
  );
  assert.is(error.code, 'COPY_SINK_FAILED');
});

test('cancel in the middle: no file, no growing file', async () => {
  const folder = temporaryDirectory('copy-cancel');
  const all = await factory(folder, [...inBoth, fileDataset('Out', 'Parquet', { fileName: 'x.parquet' })]);
  const stop = new AbortController();
  const error = await failure(
    copyActivity(
      copy('C', dataset('In'), dataset('Out'), { type: 'ParquetSink' }, {}, 'SELECT id FROM range(3000000)'),
      all,
      {
        services: await services(),
        signal: stop.signal,
        onProgress: ({ rowsRead }) => {
          if (rowsRead > 0) stop.abort();
        },
      },
    ),
  );
  assert.is(error.code, 'COPY_CANCELLED');
  assert.equal(readdirSync(folder), []);
});

test.run();
