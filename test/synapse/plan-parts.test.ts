import type { Column } from '@crossview/columns';
import * as assert from 'uvu/assert';
import { objectNames, parseOwnName, stagingDirectoryName } from '../../packages/synapse/src/names.js';
import { choice, lengthOption, parseOptions } from '../../packages/synapse/src/options.js';
import { preflight, readsInto } from '../../packages/synapse/src/preflight.js';
import { predicate } from '../../packages/synapse/src/read/filter.js';
import { parseStorageAddress, relativeLocation, type StagingBase } from '../../packages/synapse/src/staging.js';
import type { PoolColumn } from '../../packages/synapse/src/tsql/inspect.js';
import { selectList } from '../../packages/synapse/src/write/plan.js';
import { failure } from '../support/failure.js';
import { suite } from '../support/suite.js';

const test = suite('parts of a plan');

const column = (name: string, type: Column['type'], metadata?: Column['metadata']): Column => ({
  name,
  type,
  nullable: true,
  ...(metadata === undefined ? {} : { metadata }),
});

test('option keys are known in every spelling, and the rest is named', () => {
  const { options, unknown } = parseOptions(
    {
      server: 's',
      Temp_Folder: 'abfss://c@a.dfs.core.windows.net/x',
      DATASOURCE: 'd',
      header: 'true',
      maxStrLength: '100',
    },
    { 'spark.sqlanalyticsconnector.dw.database': 'pool' },
  );
  assert.equal(options, {
    server: 's',
    tempFolder: 'abfss://c@a.dfs.core.windows.net/x',
    dataSource: 'd',
    maxStringLength: '100',
    database: 'pool',
  });
  assert.equal(unknown, ['header']);
  assert.is(lengthOption(options, 'maxStringLength'), 100);
});

test('contradictions and half an authentication are refused', async () => {
  assert.is((await failure(() => parseOptions({ TEMP_FOLDER: 'a', tempDir: 'b' }, {}))).code, 'OPTION_CONFLICT');
  assert.is((await failure(() => parseOptions({ USER: 'a' }, {}))).code, 'OPTION_MISSING');
  assert.is(
    (await failure(() => choice({ writeSemantics: 'bcp' }, 'writeSemantics', ['copy', 'polybase'], 'copy'))).code,
    'OPTION_INVALID',
  );
});

test('our names say session, time and kind, and nothing else is ours', () => {
  const now = new Date('2026-03-04T05:06:07Z');
  const directory = stagingDirectoryName('ab-12:34', now);
  assert.equal(parseOwnName(directory), { session: 'ab1234', time: now, kind: 'directory' });
  assert.equal(parseOwnName(objectNames('ab-12', now)('file_format')), {
    session: 'ab12',
    time: now,
    kind: 'file_format',
  });
  for (const other of ['crossview', 'crossview-x', 'crossview_report_2020', `x${directory}`, `${directory}x`])
    assert.is(parseOwnName(other), undefined, other);
});

test('addresses of storage are read, and the data source has to reach the staging directory', async () => {
  const address = parseStorageAddress('abfss://lake@acct.dfs.core.windows.net/a/b/');
  assert.equal(address, { scheme: 'abfss', account: 'acct', container: 'lake', directory: 'a/b' });
  assert.is((await failure(() => parseStorageAddress('s3://x/y'))).code, 'STORAGE_ADDRESS_INVALID');
  const base: StagingBase = {
    account: { name: 'acct', blobEndpoint: '', credential: undefined, emulator: false },
    container: 'lake',
    directory: 'a/b/run',
    credential: undefined,
  };
  assert.is(relativeLocation(base, address), '/run/');
  assert.is(relativeLocation(base, undefined), '/a/b/run/');
  const elsewhere = parseStorageAddress('abfss://lake@acct.dfs.core.windows.net/a/bc');
  assert.is((await failure(() => relativeLocation(base, elsewhere))).code, 'STAGING_OUTSIDE_DATA_SOURCE');
});

test('every problem of a frame is in one error', async () => {
  const error = await failure(() =>
    preflight(
      [
        column('a', { kind: 'calendarInterval' }),
        column('B', { kind: 'long' }),
        column('b', { kind: 'long' }),
        column('x'.repeat(129), { kind: 'long' }),
        column('v', { kind: 'variant' }),
      ],
      undefined,
      {},
    ),
  );
  assert.is(error.code, 'PREFLIGHT_FAILED');
  assert.is(error.facts.problems, 4);
  assert.match(error.message, /"a" interval \(Parquet none\)/);
  assert.match(error.message, /"b" is "B" but for case/);
  assert.match(error.message, /to_json/);
});

test('too wide a row and too many columns are told before anything is staged', async () => {
  const strings = Array.from({ length: 126 }, (_, index) => column(`c${index}`, { kind: 'string' }));
  assert.match((await failure(() => preflight(strings, undefined, {}))).message, /1,008,000 bytes/);
  assert.is(preflight(strings, undefined, { stringLength: 100 }).length, 126);
  const many = Array.from({ length: 1025 }, (_, index) => column(`c${index}`, { kind: 'integer' }));
  assert.match((await failure(() => preflight(many, undefined, {}))).message, /1025/);
});

const existing = (name: string, type: string, more: Partial<PoolColumn> = {}): PoolColumn => ({
  name,
  type,
  maxLength: 0,
  precision: 0,
  scale: 0,
  nullable: true,
  identity: false,
  ...more,
});

test('columns go to those of the table by name, whatever the order and case', async () => {
  const target = [existing('Id', 'bigint', { nullable: false }), existing('Text', 'nvarchar', { maxLength: 40 })];
  const loads = preflight([column('text', { kind: 'string' }), column('id', { kind: 'long' })], target, {});
  assert.equal(
    loads.map(({ name }) => name),
    ['Text', 'Id'],
  );
  const error = await failure(() => preflight([column('other', { kind: 'long' })], target, {}));
  assert.match(error.message, /"other" is not a column of the table/);
  assert.match(error.message, /"Id" is NOT NULL/);
});

test('what the reader of the pool converts is little', () => {
  assert.ok(readsInto('nvarchar(4000)', existing('c', 'varchar')));
  assert.ok(readsInto('decimal(10,2)', existing('c', 'numeric', { precision: 10, scale: 2 })));
  assert.not.ok(readsInto('decimal(10,2)', existing('c', 'decimal', { precision: 12, scale: 2 })));
  assert.not.ok(readsInto('bigint', existing('c', 'int')));
  assert.ok(readsInto('datetime2(7)', existing('c', 'datetime2', { scale: 3 })));
});

test('the select list is empty when the frame can be written as it is', () => {
  assert.equal(selectList([column('a', { kind: 'long' })]), []);
  assert.equal(selectList([column('a`b', { kind: 'long' }), column('s', { kind: 'struct', fields: [] })]), [
    '`a``b` AS `a``b`',
    'to_json(`s`) AS `s`',
  ]);
});

test('pushed filters are built from checked values', async () => {
  const columns = [
    column('n', { kind: 'long' }),
    column("s]'", { kind: 'string' }),
    column('t', { kind: 'timestamp' }),
  ];
  const text = (filter: Parameters<typeof predicate>[0]) =>
    predicate(filter, columns, ({ name }) => `[${name.replaceAll(']', ']]')}]`);
  assert.is(text({ op: '>', column: 'n', value: { type: 'bigint', value: '-5' } }), "([n] > CAST('-5' AS bigint))");
  assert.is(
    text({ op: '=', column: "s]'", value: { type: 'string', value: "x'; DROP--" } }),
    "([s]]'] = N'x''; DROP--')",
  );
  assert.is(
    text({
      op: 'and',
      left: { op: 'isNull', column: 'n' },
      right: { op: 'not', child: { op: 'isNotNull', column: 'n' } },
    }),
    '(([n] IS NULL) AND (NOT ([n] IS NOT NULL)))',
  );
  assert.is(
    text({ op: 'in', column: 't', values: [{ type: 'timestamp', value: '2020-01-02 03:04:05.000006' }] }),
    "([t] IN (CAST('2020-01-02 03:04:05.000006' AS datetime2(7))))",
  );
  assert.is(
    text({ op: 'startsWith', column: "s]'", value: { type: 'string', value: '1%' } }),
    "([s]]'] LIKE N'1\\%%' ESCAPE '\\')",
  );
  for (const value of ['1; DROP TABLE t', '1 OR 1=1', '', '0x10'])
    assert.is(
      (await failure(() => text({ op: '=', column: 'n', value: { type: 'bigint', value } }))).code,
      'FILTER_INVALID',
    );
});

test.run();
