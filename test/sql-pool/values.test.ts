import {
  ByteWriter,
  type Column,
  PacketType,
  type TdsValue,
  TypeId,
  type TypeInfo,
  typeInfo,
  writeColumnMetadata,
  writeDone,
  writeRow,
} from '@crossview/tds-wire';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { testPool } from '../support/pool.js';
import { RawClient } from '../support/raw-client.js';
import { suite } from '../support/suite.js';

const test = suite('sql-pool values by bulk load and back', undefined, { timeout: 120_000 });

const unlimited = 0xffff;
const day = (least: number, most: number) => fc.integer({ min: least, max: most });
/** Days from the year 1 to 9999. */
const anyDay = day(0, 3_652_058);
const ticks = (digits: number) =>
  fc.integer({ min: 0, max: 86_400 * 10 ** digits - 1 }).map((value) => value * 10 ** (7 - digits));
const withOffset = (scale: number) =>
  fc
    .tuple(day(1, 3_652_057), ticks(scale), fc.integer({ min: -840, max: 840 }))
    .map(([days, value, offsetMinutes]): TdsValue => ({ days, ticks: value, offsetMinutes }));
const decimal = (precision: number, scale: number) =>
  fc
    .bigInt({ min: 1n - 10n ** BigInt(precision), max: 10n ** BigInt(precision) - 1n })
    .map((unscaled): TdsValue => ({ unscaled, scale }));
/** Whole characters, also beyond the first plane; a length counts UTF-16 units. */
const text = (most: number) =>
  fc
    .string({ unit: 'grapheme', maxLength: most >> 1 })
    .filter((value) => value.length <= most && !value.includes('\0'));
const latin = fc.string({ unit: 'binary-ascii', maxLength: 20 }).map((value) => value.replaceAll('\0', ''));

const decimalType = (precision: number, scale: number, bytes: number) =>
  typeInfo(TypeId.decimalN, { length: bytes + 1, precision, scale });

/** Each type: how it is declared, how it goes over the wire, its values. */
const types: Readonly<Record<string, readonly [type: TypeInfo, values: fc.Arbitrary<TdsValue>]>> = {
  bit: [typeInfo(TypeId.bitN, { length: 1 }), fc.boolean()],
  tinyint: [typeInfo(TypeId.intN, { length: 1 }), fc.integer({ min: 0, max: 255 })],
  smallint: [typeInfo(TypeId.intN, { length: 2 }), fc.integer({ min: -32_768, max: 32_767 })],
  int: [typeInfo(TypeId.intN, { length: 4 }), fc.integer()],
  bigint: [typeInfo(TypeId.intN, { length: 8 }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  real: [typeInfo(TypeId.floatN, { length: 4 }), fc.float({ noNaN: true, noDefaultInfinity: true })],
  float: [typeInfo(TypeId.floatN, { length: 8 }), fc.double({ noNaN: true, noDefaultInfinity: true })],
  'decimal(4,2)': [decimalType(4, 2, 4), decimal(4, 2)],
  'decimal(9,0)': [decimalType(9, 0, 4), decimal(9, 0)],
  'decimal(18,4)': [decimalType(18, 4, 8), decimal(18, 4)],
  'decimal(19,0)': [decimalType(19, 0, 8), decimal(19, 0)],
  'decimal(28,10)': [decimalType(28, 10, 12), decimal(28, 10)],
  'decimal(38,10)': [decimalType(38, 10, 16), decimal(38, 10)],
  money: [
    typeInfo(TypeId.moneyN, { length: 8 }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((unscaled): TdsValue => ({ unscaled, scale: 4 })),
  ],
  smallmoney: [
    typeInfo(TypeId.moneyN, { length: 4 }),
    fc.integer().map((value): TdsValue => ({ unscaled: BigInt(value), scale: 4 })),
  ],
  date: [typeInfo(TypeId.dateN), anyDay.map((days): TdsValue => ({ days, ticks: 0 }))],
  'time(0)': [typeInfo(TypeId.timeN, { scale: 0 }), ticks(0).map((value): TdsValue => ({ days: 0, ticks: value }))],
  'time(6)': [typeInfo(TypeId.timeN, { scale: 6 }), ticks(6).map((value): TdsValue => ({ days: 0, ticks: value }))],
  'time(7)': [typeInfo(TypeId.timeN, { scale: 7 }), ticks(7).map((value): TdsValue => ({ days: 0, ticks: value }))],
  'datetime2(3)': [
    typeInfo(TypeId.datetime2N, { scale: 3 }),
    fc.tuple(anyDay, ticks(3)).map(([days, value]): TdsValue => ({ days, ticks: value })),
  ],
  'datetime2(6)': [
    typeInfo(TypeId.datetime2N, { scale: 6 }),
    fc.tuple(anyDay, ticks(6)).map(([days, value]): TdsValue => ({ days, ticks: value })),
  ],
  'datetime2(7)': [
    typeInfo(TypeId.datetime2N, { scale: 7 }),
    fc.tuple(anyDay, ticks(7)).map(([days, value]): TdsValue => ({ days, ticks: value })),
  ],
  smalldatetime: [
    typeInfo(TypeId.datetimeN, { length: 4 }),
    fc
      .tuple(day(693_595, 693_595 + 65_000), fc.integer({ min: 0, max: 1439 }))
      .map(([days, minutes]): TdsValue => ({ days, ticks: minutes * 600_000_000 })),
  ],
  'datetimeoffset(3)': [typeInfo(TypeId.datetimeOffsetN, { scale: 3 }), withOffset(3)],
  'datetimeoffset(7)': [typeInfo(TypeId.datetimeOffsetN, { scale: 7 }), withOffset(7)],
  uniqueidentifier: [typeInfo(TypeId.guid, { length: 16 }), fc.uuid().map((value) => value.toUpperCase())],
  'nvarchar(20)': [typeInfo(TypeId.nVarChar, { length: 40 }), text(20)],
  'nvarchar(max)': [typeInfo(TypeId.nVarChar, { length: unlimited }), text(300)],
  'varchar(20)': [typeInfo(TypeId.bigVarChar, { length: 20 }), latin],
  'varbinary(20)': [typeInfo(TypeId.bigVarBinary, { length: 20 }), fc.uint8Array({ maxLength: 20 })],
  'varbinary(max)': [typeInfo(TypeId.bigVarBinary, { length: unlimited }), fc.uint8Array({ maxLength: 300 })],
};
const columns = Object.values(types).map(([type], index): Column => ({ name: `c${index}`, type, nullable: true }));
const row = fc.tuple(...Object.values(types).map(([, values]) => fc.option(values, { freq: 6 })));

/** What `assert.equal` compares: bytes as bytes, -0 as 0. */
const plain = (value: TdsValue | undefined) =>
  value instanceof Uint8Array ? [...value] : Object.is(value, -0) ? 0 : value;

test('40 loads of rows of every type come back as they went', async () => {
  const { port } = await testPool();
  const client = await RawClient.open(port, 'values');
  await client.run(
    `CREATE TABLE dbo.kinds (n int, ${Object.keys(types)
      .map((name, index) => `c${index} ${name}`)
      .join(', ')})`,
  );
  const all = [{ name: 'n', type: typeInfo(TypeId.intN, { length: 4 }), nullable: true }, ...columns];
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (rows) => {
      await client.run('TRUNCATE TABLE dbo.kinds');
      await client.run(
        `INSERT BULK dbo.kinds (n int, ${Object.keys(types)
          .map((name, index) => `c${index} ${name}`)
          .join(', ')})`,
      );
      const writer = new ByteWriter();
      writeColumnMetadata(writer, all);
      rows.forEach((values, index) => {
        writeRow(writer, all, [index, ...values]);
      });
      writeDone(writer, { kind: 'done', status: 0, command: 0, rows: 0n });
      await client.ask(PacketType.bulkLoad, writer.flush());
      const answer = await client.run('SELECT * FROM dbo.kinds ORDER BY n');
      const found = answer.flatMap((token) => (token.token === 'row' ? [token.values.slice(1).map(plain)] : []));
      assert.equal(
        found,
        rows.map((values) => values.map(plain)),
      );
    }),
    { numRuns: 40 },
  );
  client.close();
});

test('texts around the length that DuckDB keeps in place, several thousand in a chunk, in every order', async () => {
  const { port } = await testPool();
  const client = await RawClient.open(port, 'values');
  await client.run('CREATE TABLE dbo.texts (n int, t nvarchar(max))');
  const all = [
    { name: 'n', type: typeInfo(TypeId.intN, { length: 4 }), nullable: true },
    { name: 't', type: typeInfo(TypeId.nVarChar, { length: unlimited }), nullable: true },
  ];
  const rows = Array.from({ length: 5000 }, (_, index) =>
    index % 11 === 0 ? null : `${'ž'.repeat(index % 3)}${String(index).repeat(1 + (index % 7))}`.slice(0, index % 40),
  );
  await client.run('INSERT BULK dbo.texts (n int, t nvarchar(max))');
  const writer = new ByteWriter();
  writeColumnMetadata(writer, all);
  rows.forEach((value, index) => {
    writeRow(writer, all, [index, value]);
  });
  writeDone(writer, { kind: 'done', status: 0, command: 0, rows: 0n });
  await client.ask(PacketType.bulkLoad, writer.flush());
  for (const order of ['n', 'n DESC', 't, n', 'LEN(t) DESC, n'])
    for (const token of await client.run(`SELECT n, t FROM dbo.texts ORDER BY ${order}`))
      if (token.token === 'row') assert.is(token.values[1], rows[Number(token.values[0])], order);
  client.close();
});

test.run();
