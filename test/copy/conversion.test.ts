import type { CrossviewError } from '@crossview/contracts';
import { Field, Schema } from 'apache-arrow';
import * as assert from 'uvu/assert';
import { ColumnMapping, type SkippedRow } from '../../packages/copy/src/activities/mapping.js';
import { type InterimType, sourceColumns } from '../../packages/copy/src/columns/column.js';
import { batchOf, buildColumn } from '../../packages/copy/src/values/build-column.js';
import { type CellValue, columnReader } from '../../packages/copy/src/values/column-values.js';
import { type ConversionSettings, canConvert, convertValue } from '../../packages/copy/src/values/convert.js';
import { suite } from '../support/suite.js';

const test = suite('copy: mappings and conversions');

const settings: ConversionSettings = {
  allowDataTruncation: true,
  treatBooleanAsNumber: false,
  timeZone: 'America/New_York',
  dateTime: undefined,
};

const convert = (
  value: Exclude<CellValue, null>,
  from: InterimType,
  to: InterimType,
  more: Partial<ConversionSettings> = {},
  fromScale = 2,
) =>
  convertValue(
    value,
    { interim: from, scale: from === 'Decimal' ? fromScale : 0 },
    { interim: to, scale: to === 'Decimal' ? 4 : 0, precision: 10 },
    { ...settings, ...more },
  );

test('numbers, exactly or not at all', () => {
  assert.is(convert('9007199254740993', 'String', 'Int64'), 9_007_199_254_740_993n);
  assert.is(convert(12_345n, 'Decimal', 'Int32'), 123);
  assert.is(convert(-12_355n, 'Decimal', 'Double'), -123.55);
  assert.is(convert(1.5, 'Double', 'Int16'), 1);
  assert.is(convert('1.5', 'String', 'Decimal'), 15_000n);
  assert.is(convert(1e-7, 'Double', 'Decimal'), 0n);
  assert.is(convert(7, 'Int32', 'Decimal'), 70_000n);
  assert.is(convert(3, 'Int16', 'Boolean'), true);
  assert.is(convert(true, 'Boolean', 'Int32', { treatBooleanAsNumber: true }), 1);
  const refused: [Exclude<CellValue, null>, InterimType, InterimType, RegExp][] = [
    [70_000, 'Int32', 'Int16', /70000 is too large for Int16/],
    [2n ** 40n, 'Int64', 'Int32', /too large/],
    ['1,5', 'String', 'Double', /is no number/],
    ['', 'String', 'Int32', /is no whole number/],
    [Number.NaN, 'Double', 'Int32', /is no whole number/],
    ['99999999', 'String', 'Decimal', /more than 10 digits/],
    ['yes', 'String', 'Boolean', /neither true nor false/],
    ['2021-02-30x', 'String', 'DateTime', /no date and time/],
  ];
  for (const [value, from, to, text] of refused) assert.throws(() => convert(value, from, to), text);
  assert.throws(() => convert(1.5, 'Double', 'Int16', { allowDataTruncation: false }), /would be lost/);
});

test('moments between clocks, zones and text', () => {
  const utc = (text: string) => BigInt(Date.parse(text)) * 1_000n;
  const moment = utc('2021-11-07T06:30:00Z');
  assert.is(convert(moment, 'DateTimeOffset', 'DateTime'), utc('2021-11-07T01:30:00Z'));
  assert.is(convert(utc('2021-07-01T12:00:00Z'), 'DateTime', 'DateTimeOffset'), utc('2021-07-01T16:00:00Z'));
  assert.is(convert('2021-07-01 12:00:00.5 +02:00', 'String', 'DateTimeOffset'), utc('2021-07-01T10:00:00.5Z'));
  assert.is(convert('2021-07-01', 'String', 'DateTime'), utc('2021-07-01T00:00:00Z'));
  assert.is(convert(moment, 'DateTimeOffset', 'String'), '2021-11-07 01:30:00.0000000 -05:00');
  assert.is(convert(Uint8Array.of(1, 255), 'Byte[]', 'String'), 'Af8=');
});

test('the matrix of what may become what', () => {
  const allowed = (from: InterimType, to: InterimType) => canConvert(from, to, settings);
  assert.ok(allowed('Int32', 'String') && allowed('String', 'Byte[]') && allowed('Double', 'Decimal'));
  assert.not.ok(allowed('Byte[]', 'Int32') || allowed('DateTime', 'Int64') || allowed('Boolean', 'Int32'));
  assert.ok(canConvert('Boolean', 'Int32', { ...settings, treatBooleanAsNumber: true }));
});

const columns = sourceColumns(
  [
    { name: 'id', type: 'bigint' },
    { name: 'Word', type: 'string' },
  ],
  { version: '2.0', destination: 'interim', timeZone: 'UTC' },
);
const schema = new Schema(columns.map(({ name, arrow }) => new Field(name, arrow, true)));
const batch = batchOf(
  schema,
  [buildColumn(columns[0]!.arrow, [1n, 2n, null, 4n]), buildColumn(columns[1]!.arrow, ['10', 'x', '30', null])],
  4,
);

test('the three spellings of a mapping mean the same', () => {
  for (const more of [
    {
      mappings: [
        { source: { name: 'Word' }, sink: { name: 'w' } },
        { source: { ordinal: 1 }, sink: { name: 'i' } },
      ],
    },
    { columnMappings: 'Word: w, id: i' },
    { schemaMapping: { Word: 'w', id: 'i' } },
  ]) {
    const mapping = new ColumnMapping(columns, { type: 'TabularTranslator', ...more }, 'UTC');
    assert.equal(
      mapping.columns.map(({ name, from }) => [name, from]),
      [
        ['w', 1],
        ['i', 0],
      ],
    );
  }
  const all = new ColumnMapping(columns, undefined, 'UTC');
  assert.is(all.apply(batch, 0, undefined).data.children[0], batch.data.children[0], 'columns are not copied');
});

test('rows that cannot be converted are left out, NULLs stay', () => {
  const mapping = new ColumnMapping(
    columns,
    { type: 'TabularTranslator', mappings: [{ source: { name: 'Word' }, sink: { name: 'n', type: 'Int32' } }] },
    'UTC',
  );
  const skipped: SkippedRow[] = [];
  const mapped = mapping.apply(batch, 100, (row) => skipped.push(row));
  const read = columnReader(mapped.data.children[0]!);
  assert.equal([0, 1, 2].map(read), [10, 30, null]);
  assert.equal(
    skipped.map(({ values }) => values),
    [['x']],
  );
  try {
    mapping.apply(batch, 100, undefined);
    assert.unreachable();
  } catch (error) {
    assert.equal((error as CrossviewError).facts, { column: 'Word', row: 102 });
  }
});

test('mappings that cannot be are listed', () => {
  try {
    new ColumnMapping(
      columns,
      {
        type: 'TabularTranslator',
        mappings: [
          { source: { name: 'word' }, sink: { name: 'a' } },
          { source: { name: 'id' }, sink: { name: 'a', type: 'Colour' } },
          { source: { name: 'id' }, sink: { name: 'b', type: 'DateTime' } },
          { source: { name: 'id' }, sink: { name: 'c' } },
          { source: { ordinal: 2 }, sink: { name: 'c' } },
        ],
      },
      'UTC',
    );
    assert.unreachable();
  } catch (error) {
    const { code, message } = error as CrossviewError;
    assert.is(code, 'COPY_MAPPING_INVALID');
    for (const expected of [
      'but Word: names are case-sensitive',
      'Colour is no interim type',
      'Int64 (column id) cannot become DateTime',
      'two columns are to be named c',
    ])
      assert.ok(message.includes(expected), message);
  }
});

test.run();
