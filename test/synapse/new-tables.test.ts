import type { Json, SynapseWritePlan } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { failure } from '../support/failure.js';
import { writeRequest } from '../support/fault-scenarios.js';
import { parquetFile, stage } from '../support/staged-parquet.js';
import { suite } from '../support/suite.js';
import { newSynapse, type SynapseSession, sql, usePool } from '../support/synapse.js';

const test = suite('what a write makes and tells', undefined, { timeout: 60_000 });
const open = usePool(test);
const database = 'newtables';
const rows = 300;
let session: SynapseSession;

test.before(async () => {
  const { storage, pool } = await open();
  session = await newSynapse(storage, pool, { sessionId: 'makes' });
});
test.after(() => session?.close());

/** The columns of the staged files; the name has what a test wants of it. */
const schema = (metadata: Json, type: Json = 'string') =>
  JSON.stringify({
    type: 'struct',
    fields: [
      { name: 'id', type: 'long', nullable: true, metadata: {} },
      { name: 'name', type, nullable: true, metadata },
    ],
  });

interface Asked {
  readonly mode?: string;
  readonly options?: Record<string, string>;
  readonly schema?: string;
  readonly lengths?: Record<string, number>;
  readonly files?: readonly string[];
  readonly strays?: readonly string[];
}

async function write(table: string, asked: Asked = {}): Promise<{ metrics: Record<string, Json>; summary: string }> {
  const { mode = 'ErrorIfExists', options = {}, lengths, files } = asked;
  const request = {
    ...writeRequest(database, mode, options, false),
    table: `${database}.dbo.${table}`,
    schema: asked.schema ?? schema({}),
    conf: { 'spark.app.id': 'app-1', 'spark.app.name': 'notebook' },
  };
  const plan = (await session.peer.call(
    'synapse.write.plan',
    request as unknown as Json,
  )) as unknown as SynapseWritePlan;
  await stage(session.storage, plan, [parquetFile(0, rows), ...(asked.strays ?? [])]);
  return (await session.peer.call('synapse.write.load', {
    planId: plan.planId,
    rows,
    stagingMilliseconds: 7,
    ...(lengths === undefined ? {} : { lengths }),
    ...(files === undefined ? {} : { files: [...files] }),
  })) as unknown as { metrics: Record<string, Json>; summary: string };
}

const ask = async (text: string) => sql((await open()).pool, database, text);

async function lengthOf(table: string): Promise<unknown> {
  const [row] = await ask(
    `SELECT CAST(max_length AS int) AS l FROM sys.columns WHERE object_id = OBJECT_ID('dbo.${table}') AND name = 'name'`,
  );
  return row?.l;
}

test('the metrics map has every documented key of the connector', async () => {
  const { metrics } = await write('metered');
  const texts = {
    SparkApplicationId: 'app-1',
    SparkApplicationName: 'notebook',
    ThreePartFullyQualifiedTargetTableName: `${database}.dbo.metered`,
    SaveModeRequested: 'ErrorIfExists',
    SaveModeApplied: 'CREATE',
    status: 'Completed',
  };
  for (const [key, value] of Object.entries(texts)) assert.is(metrics[key], value, key);
  assert.match(String(metrics.command), /^COPY INTO \[dbo\]\./);
  assert.match(String(metrics.request_id), /^QID\d+$/);
  assert.is(metrics.rows_processed, rows);
  assert.is(metrics.NumberOfRecordsStagedForSQLCommit, rows);
  assert.is(metrics.DataStagingSparkJobDurationInMilliseconds, 7);
  const durations = [
    'SQLStatementExecutionDurationInMilliseconds',
    'StagingDataFileSystemCheckDurationInMilliseconds',
    'StagingFolderConfigurationCheckDurationInMilliseconds',
    'SchemaInferenceCheckDurationInMilliseconds',
    'DurationInMillisecondsToValidateFileFormat',
    'DurationInMillisecondsTakenToGenerateWriteSQLStatements',
  ];
  for (const key of durations) assert.ok(Number(metrics[key]) >= 0 && Number(metrics[key]) < 60_000, key);
  const moments = [
    'WriteRequestReceivedAtEPOCH',
    'JDBCConfigurationsSetupAtEPOCH',
    'SchemaInferenceAssertionCompletedAtEPOCH',
    'FileFormatValidationsCompletedAtEPOCHTime',
    'StagingFolderConfigurationCheckCompletedAtEPOCH',
    'DataStagingSparkJobEndedAtEPOCH',
    'WriteRequestProcessedAtEPOCH',
  ].map((key) => Number(metrics[key]));
  assert.equal(
    moments.toSorted((a, b) => a - b),
    moments,
    'in the order in which they come',
  );
  assert.ok(Number(metrics.DataStagingSparkJobStartedAtEPOCH) <= Number(metrics.DataStagingSparkJobEndedAtEPOCH));
});

test('tableOptions go to the letter: distribution, index, partitions; an overwrite keeps them', async () => {
  const tableOptions = 'DISTRIBUTION = HASH(id), HEAP, PARTITION (id RANGE RIGHT FOR VALUES (100, 200))';
  await write('parted', { options: { tableOptions } });
  const about = async () =>
    (
      await ask(`SELECT CAST(p.partition_number AS int) AS part, CAST(p.rows AS int) AS n, d.distribution_policy_desc AS spread, i.type_desc AS kind
FROM sys.partitions AS p JOIN sys.pdw_table_distribution_properties AS d ON d.object_id = p.object_id
JOIN sys.indexes AS i ON i.object_id = p.object_id AND i.index_id = p.index_id
WHERE p.object_id = OBJECT_ID('dbo.parted') ORDER BY p.partition_number`)
    ).map(({ part, n, spread, kind }) => [part, n, spread, kind]);
  const expected = [1, 2, 3].map((part) => [part, 100, 'HASH', 'HEAP']);
  assert.equal(await about(), expected);
  const { metrics } = await write('parted', { mode: 'Overwrite' });
  // A partitioned table is not switched as a whole.
  assert.is(metrics.SaveModeApplied, 'OVERWRITE_RENAME');
  assert.equal(await about(), expected);
});

test('the length of a text: its own metadata, its declared type, one for all, or the longest', async () => {
  await write('by_default');
  assert.is(await lengthOf('by_default'), 8000);
  await write('by_metadata', { schema: schema({ maxlength: 12 }), options: { maxStringLength: '99' } });
  assert.is(await lengthOf('by_metadata'), 24);
  await write('by_type', { schema: schema({ __CHAR_VARCHAR_TYPE_STRING: 'varchar(33)' }) });
  assert.is(await lengthOf('by_type'), 66);
  await write('by_option', { options: { maxStrLength: '50' } });
  assert.is(await lengthOf('by_option'), 100);
  await write('by_max', { options: { maxStringLength: 'max' } });
  assert.is(await lengthOf('by_max'), -1);
  await write('by_measure', { options: { maxStringLength: 'measured' }, lengths: { name: 5 } });
  assert.is(await lengthOf('by_measure'), 16);
});

test('files of attempts that failed are not loaded, and one that is missing is an error', async () => {
  const { metrics } = await write('strayless', { files: ['part-0.snappy.parquet'], strays: [parquetFile(900, 3)] });
  assert.is(metrics.StagedFiles, 1);
  assert.equal(await ask('SELECT COUNT(*) AS n, CAST(MAX(id) AS int) AS m FROM dbo.strayless'), [
    { n: rows, m: rows - 1 },
  ]);
  const error = await failure(() => write('lost', { files: ['part-0.snappy.parquet', 'part-1.snappy.parquet'] }));
  assert.is(error.code, 'STAGING_INCOMPLETE');
  assert.equal(await ask("SELECT name FROM sys.tables WHERE name = 'lost' OR name LIKE 'crossview%'"), []);
});

test.run();
