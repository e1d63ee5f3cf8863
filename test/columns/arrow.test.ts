import { type Column, columnKinds, fromArrowSchema, toArrowSchema } from '@crossview/columns';
import type { CrossviewError } from '@crossview/contracts';
import { Dictionary, Field, Float16, Int32, LargeUtf8, Schema, SparseUnion, Uint8, Uint64, Utf8 } from 'apache-arrow';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('arrow schemas');

const column = (name: string, type: Column['type']): Column => ({ name, type, nullable: true });

test('what Arrow has survives the way there and back', () => {
  const columns: Column[] = [
    column('null', { kind: 'null' }),
    column('boolean', { kind: 'boolean' }),
    column('byte', { kind: 'byte' }),
    column('short', { kind: 'short' }),
    column('integer', { kind: 'integer' }),
    column('long', { kind: 'long' }),
    column('float', { kind: 'float' }),
    column('double', { kind: 'double' }),
    column('decimal', { kind: 'decimal', precision: 38, scale: 10 }),
    column('string', { kind: 'string' }),
    column('binary', { kind: 'binary' }),
    column('date', { kind: 'date' }),
    column('time', { kind: 'time', scale: 6 }),
    column('timestamp', { kind: 'timestamp' }),
    column('timestampNtz', { kind: 'timestampNtz' }),
    column('yearMonthInterval', { kind: 'yearMonthInterval', fields: 'year to month' }),
    column('dayTimeInterval', { kind: 'dayTimeInterval', fields: 'day to second' }),
    column('array', { kind: 'array', element: { kind: 'integer' }, containsNull: false }),
    column('struct', { kind: 'struct', fields: [column('inside', { kind: 'string' })] }),
    column('map', { kind: 'map', key: { kind: 'string' }, value: { kind: 'long' }, valueContainsNull: true }),
  ];
  assert.equal(fromArrowSchema(toArrowSchema(columns)), columns);
  assert.equal(
    columnKinds.filter((kind) => !columns.some(({ type }) => type.kind === kind)),
    ['calendarInterval', 'variant'],
  );
});

test('the other Arrow types take the next one that holds them', () => {
  const schema = new Schema([
    new Field('u8', new Uint8(), true),
    new Field('u64', new Uint64(), true),
    new Field('half', new Float16(), true),
    new Field('large', new LargeUtf8(), true),
    new Field('dictionary', new Dictionary(new Utf8(), new Int32()), true),
  ]);
  assert.equal(
    fromArrowSchema(schema).map(({ type }) => type),
    [
      { kind: 'short' },
      { kind: 'decimal', precision: 20, scale: 0 },
      { kind: 'float' },
      { kind: 'string' },
      { kind: 'string' },
    ],
  );
});

test('a union and an interval without a unit are refused by column', () => {
  for (const [path, run] of [
    [
      'u',
      () => fromArrowSchema(new Schema([new Field('u', new SparseUnion([0], [new Field('a', new Int32())]), true)])),
    ],
    ['i', () => toArrowSchema([column('i', { kind: 'calendarInterval' })])],
  ] as const) {
    try {
      run();
      assert.unreachable();
    } catch (thrown) {
      assert.is((thrown as CrossviewError).code, 'COLUMN_TYPE_UNSUPPORTED');
      assert.is((thrown as CrossviewError).facts.column, path);
    }
  }
});

test.run();
