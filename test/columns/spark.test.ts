import { type Column, fromSparkSchema, sparkTypeName, toSparkSchema } from '@crossview/columns';
import type { CrossviewError } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('spark schemas');

const field = (name: string, type: unknown, nullable = true, metadata = {}) => ({ name, type, nullable, metadata });

test('every plain type and its parameters survive the way there and back', () => {
  const names = [
    'void',
    'boolean',
    'byte',
    'short',
    'integer',
    'long',
    'float',
    'double',
    'decimal(38,18)',
    'string',
    'binary',
    'date',
    'timestamp',
    'timestamp_ntz',
    'interval year to month',
    'interval day to second',
    'interval',
    'variant',
    'time(6)',
  ];
  const text = JSON.stringify({ type: 'struct', fields: names.map((name, index) => field(`c${index}`, name)) });
  assert.is(toSparkSchema(fromSparkSchema(text)), text);
});

test('nested types, nullability and metadata survive', () => {
  const inner = { type: 'struct', fields: [field('x', 'double', false)] };
  const text = JSON.stringify({
    type: 'struct',
    fields: [
      field('list', { type: 'array', elementType: inner, containsNull: false }, false, { maxlength: 12 }),
      field('map', { type: 'map', keyType: 'string', valueType: 'long', valueContainsNull: true }),
    ],
  });
  const columns = fromSparkSchema(text);
  assert.is(toSparkSchema(columns), text);
  assert.is(sparkTypeName((columns[0] as Column).type), 'array<struct<x:double>>');
  assert.is(sparkTypeName((columns[1] as Column).type), 'map<string,bigint>');
});

test('a user defined type is what it is made of, and varchar keeps its length', () => {
  const columns = fromSparkSchema(
    JSON.stringify({
      type: 'struct',
      fields: [field('u', { type: 'udt', class: 'x.Y', sqlType: 'integer' }), field('v', 'varchar(10)')],
    }),
  );
  assert.equal(
    columns.map(({ type }) => type),
    [{ kind: 'integer' }, { kind: 'string', length: 10 }],
  );
});

test('an unknown type is refused with the path of its column', () => {
  const text = JSON.stringify({
    type: 'struct',
    fields: [field('a', { type: 'struct', fields: [field('b', 'geography')] })],
  });
  try {
    fromSparkSchema(text);
    assert.unreachable();
  } catch (thrown) {
    const error = thrown as CrossviewError;
    assert.is(error.code, 'COLUMN_TYPE_UNSUPPORTED');
    assert.is(error.facts.column, 'a.b');
  }
});

test.run();
