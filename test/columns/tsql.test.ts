import {
  type Column,
  definedWidth,
  fromSqlColumn,
  loadableExpression,
  loadableType,
  type SqlColumn,
  sqlColumnText,
  toParquetType,
  toSqlType,
} from '@crossview/columns';
import type { CrossviewError } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('T-SQL types');

const sql = (type: Column['type'], metadata?: Column['metadata']) =>
  toSqlType({ name: 'c', type, nullable: true, ...(metadata === undefined ? {} : { metadata }) });

test('each kind has its T-SQL type', () => {
  assert.is(sql({ kind: 'boolean' }), 'bit');
  assert.is(sql({ kind: 'byte' }), 'smallint');
  assert.is(sql({ kind: 'long' }), 'bigint');
  assert.is(sql({ kind: 'decimal', precision: 38, scale: 6 }), 'decimal(38,6)');
  assert.is(sql({ kind: 'string' }), 'nvarchar(4000)');
  assert.is(sql({ kind: 'timestampNtz' }), 'datetime2(7)');
  assert.is(sql({ kind: 'array', element: { kind: 'long' }, containsNull: true }), 'nvarchar(4000)');
});

test('lengths come from the metadata, the type, the caller, in this order', () => {
  assert.is(sql({ kind: 'string', length: 20 }, { maxlength: 12 }), 'nvarchar(12)');
  assert.is(sql({ kind: 'string' }, { __CHAR_VARCHAR_TYPE_STRING: 'varchar(7)' }), 'nvarchar(7)');
  assert.is(sql({ kind: 'string', length: 20 }), 'nvarchar(20)');
  assert.is(sql({ kind: 'string' }, { maxlength: 'MAX' }), 'nvarchar(max)');
  assert.is(sql({ kind: 'string' }, { maxlength: 4001 }), 'nvarchar(max)');
  assert.is(toSqlType({ name: 'c', type: { kind: 'string' }, nullable: true }, { stringLength: 99 }), 'nvarchar(99)');
  assert.throws(
    () => sql({ kind: 'string' }, { maxlength: 'many' }),
    (error: CrossviewError) => error.code === 'COLUMN_LENGTH_INVALID',
  );
});

test('what the pool does not have is refused by column', () => {
  for (const kind of ['null', 'calendarInterval', 'variant'] as const)
    assert.throws(
      () => sql({ kind }),
      (error: CrossviewError) => error.facts.column === 'c',
    );
});

test('what Parquet cannot carry to the pool is made to fit', () => {
  assert.is(loadableExpression('`c`', { kind: 'string' }), undefined);
  assert.is(loadableExpression('`c`', { kind: 'struct', fields: [] }), 'to_json(`c`)');
  assert.match(loadableExpression('`c`', { kind: 'timestampNtz' }) ?? '', /^timestamp_micros\(/);
  assert.equal(loadableType({ kind: 'timestampNtz' }), { kind: 'timestamp' });
  assert.equal(
    loadableType({ kind: 'map', key: { kind: 'string' }, value: { kind: 'string' }, valueContainsNull: true }),
    {
      kind: 'string',
    },
  );
  assert.is(toParquetType({ kind: 'timestamp' }), 'INT96');
  assert.is(toParquetType({ kind: 'decimal', precision: 38, scale: 0 }), 'FIXED_LEN_BYTE_ARRAY(16) (DECIMAL(38,0))');
});

const described = (type: string, maxLength = 0, precision = 0, scale = 0): SqlColumn => ({
  name: 'c',
  type,
  maxLength,
  precision,
  scale,
  nullable: true,
});

test('columns of the pool are read as columns', () => {
  assert.equal(fromSqlColumn(described('nvarchar', 20)), { kind: 'string', length: 10 });
  assert.equal(fromSqlColumn(described('nvarchar', -1)), { kind: 'string' });
  assert.equal(fromSqlColumn(described('tinyint')), { kind: 'short' });
  assert.equal(fromSqlColumn(described('float', 8, 53)), { kind: 'double' });
  assert.equal(fromSqlColumn(described('money')), { kind: 'decimal', precision: 19, scale: 4 });
  assert.throws(
    () => fromSqlColumn(described('geography')),
    (error: CrossviewError) => error.facts.column === 'c',
  );
  assert.is(sqlColumnText(described('nvarchar', -1)), 'nvarchar(max)');
  assert.is(sqlColumnText(described('decimal', 9, 18, 2)), 'decimal(18,2)');
});

test('the width of a row is the width of its definitions', () => {
  assert.is(definedWidth('nvarchar(4000)'), 8000);
  assert.is(definedWidth('varbinary(8000)'), 8000);
  assert.is(definedWidth('nvarchar(max)'), undefined);
  assert.is(definedWidth('decimal(38,6)'), 17);
  assert.is(definedWidth('bigint'), 8);
});

test.run();
