import {
  ByteReader,
  ByteWriter,
  decimalBytes,
  NotEnoughBytes,
  readTypeInfo,
  readValue,
  type TdsValue,
  TypeId,
  type TypeInfo,
  typeInfo,
  unlimited,
  writeTypeInfo,
  writeValue,
} from '@crossview/tds-wire';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('tds-wire values');

function decimalType(precision: number, scale: number): TypeInfo {
  return typeInfo(TypeId.decimalN, { length: decimalBytes(precision) + 1, precision, scale });
}

export const samples: readonly (readonly [string, TypeInfo, readonly TdsValue[]])[] = [
  ['bit', typeInfo(TypeId.bitN, { length: 1 }), [true, false]],
  ['tinyint', typeInfo(TypeId.intN, { length: 1 }), [0, 255]],
  ['smallint', typeInfo(TypeId.intN, { length: 2 }), [-32768, 32767]],
  ['int', typeInfo(TypeId.intN, { length: 4 }), [-2147483648, 2147483647]],
  ['bigint', typeInfo(TypeId.intN, { length: 8 }), [-9223372036854775808n, 9223372036854775807n]],
  ['real', typeInfo(TypeId.floatN, { length: 4 }), [1.5, -0.25]],
  ['float', typeInfo(TypeId.floatN, { length: 8 }), [Math.PI, -1e300]],
  [
    'money',
    typeInfo(TypeId.moneyN, { length: 8 }),
    [
      { unscaled: -12345678901234n, scale: 4 },
      { unscaled: 1n, scale: 4 },
    ],
  ],
  ['smallmoney', typeInfo(TypeId.moneyN, { length: 4 }), [{ unscaled: -12345n, scale: 4 }]],
  ...[5, 15, 25, 38].map(
    (precision) =>
      [
        `decimal(${precision},2)`,
        decimalType(precision, 2),
        [
          { unscaled: 10n ** BigInt(precision) - 1n, scale: 2 },
          { unscaled: -7n, scale: 2 },
        ],
      ] as const,
  ),
  [
    'date',
    typeInfo(TypeId.dateN),
    [
      { days: 0, ticks: 0 },
      { days: 3652058, ticks: 0 },
    ],
  ],
  ...[0, 3, 7].map(
    (scale) =>
      [
        `time(${scale})`,
        typeInfo(TypeId.timeN, { scale }),
        [
          { days: 0, ticks: 0 },
          { days: 0, ticks: 863_990_000_000 },
        ],
      ] as const,
  ),
  ['datetime2(7)', typeInfo(TypeId.datetime2N, { scale: 7 }), [{ days: 738886, ticks: 123_456_789_012 }]],
  [
    'datetimeoffset(7)',
    typeInfo(TypeId.datetimeOffsetN, { scale: 7 }),
    [{ days: 738886, ticks: 1, offsetMinutes: -330 }],
  ],
  [
    'datetime',
    typeInfo(TypeId.datetimeN, { length: 8 }),
    [
      { days: 738886, ticks: 9_970_000 },
      { days: 700000, ticks: 0 },
    ],
  ],
  ['smalldatetime', typeInfo(TypeId.datetimeN, { length: 4 }), [{ days: 738886, ticks: 600_000_000 }]],
  ['uniqueidentifier', typeInfo(TypeId.guid, { length: 16 }), ['6F9619FF-8B86-D011-B42D-00C04FC964FF']],
  ['nvarchar(40)', typeInfo(TypeId.nVarChar, { length: 80 }), ['', 'æøå 𝄞 \u0000']],
  ['nvarchar(max)', typeInfo(TypeId.nVarChar, { length: unlimited }), ['', 'x'.repeat(70_000)]],
  ['varchar(40)', typeInfo(TypeId.bigVarChar, { length: 40 }), ['', 'é€Žÿ']],
  ['varchar(max)', typeInfo(TypeId.bigVarChar, { length: unlimited }), ['plain']],
  ['nchar(3)', typeInfo(TypeId.nChar, { length: 6 }), ['abc']],
  ['varbinary(8)', typeInfo(TypeId.bigVarBinary, { length: 8 }), [new Uint8Array(0), Uint8Array.of(0, 255)]],
  ['varbinary(max)', typeInfo(TypeId.bigVarBinary, { length: unlimited }), [Uint8Array.of(1, 2, 3)]],
];

function plain(value: TdsValue): unknown {
  return value instanceof Uint8Array ? [...value] : value;
}

for (const [name, type, values] of samples) {
  test(`${name}: values, NULL and type information come back`, () => {
    for (const value of [...values, null]) {
      const writer = new ByteWriter(8);
      writeTypeInfo(writer, type);
      writeValue(writer, type, value);
      const bytes = writer.flush();
      const reader = new ByteReader(bytes);
      const read = readTypeInfo(reader);
      assert.is(read.id, type.id);
      assert.equal(plain(readValue(reader, read)), plain(value));
      assert.is(reader.remaining, 0);
      if (bytes.length > 2000) continue;
      for (let cut = 0; cut < bytes.length; cut++) {
        const short = new ByteReader(bytes.subarray(0, cut));
        assert.throws(
          () => readValue(short, readTypeInfo(short)),
          (error: unknown) => error instanceof NotEnoughBytes,
          `cut at ${cut}`,
        );
      }
    }
  });
}

test('what code page 1252 does not have becomes a question mark', () => {
  const type = typeInfo(TypeId.bigVarChar, { length: 10 });
  const writer = new ByteWriter();
  writeValue(writer, type, 'ж€');
  assert.is(readValue(new ByteReader(writer.flush()), type), '?€');
});

test.run();
