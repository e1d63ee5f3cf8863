import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CrossviewError } from '@crossview/contracts';
import { ParquetFile } from '@crossview/copy';
import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Field,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  Schema,
  TimestampMicrosecond,
  Utf8,
} from 'apache-arrow';
import * as assert from 'uvu/assert';
import { FileSink } from '../../packages/copy/src/sinks/file-sink.js';
import { localStore } from '../../packages/copy/src/stores/local-store.js';
import { batchOf, buildColumn } from '../../packages/copy/src/values/build-column.js';
import { cellText } from '../../packages/copy/src/values/cell-text.js';
import type { CellValue } from '../../packages/copy/src/values/column-values.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { testToolchain } from '../support/toolchain.js';

const test = suite('copy: Parquet out of Arrow, read by pyarrow', undefined, { timeout: 60_000 });

interface Column {
  readonly type: DataType;
  readonly value: (row: number) => CellValue;
  /** The value as the reader prints it. */
  readonly text: (value: Exclude<CellValue, null>) => string;
}

const columns: Readonly<Record<string, Column>> = {
  boolean: { type: new Bool(), value: (row) => row % 3 === 0, text: (value) => (value ? 'True' : 'False') },
  byte: { type: new Int8(), value: (row) => (row % 256) - 128, text: String },
  short: { type: new Int16(), value: (row) => ((row * 97) % 65_536) - 32_768, text: String },
  int: { type: new Int32(), value: (row) => (row === 1 ? -2_147_483_648 : row * 1_000_003), text: String },
  long: { type: new Int64(), value: (row) => (row === 1 ? -(2n ** 63n) : 2n ** 53n + BigInt(row)), text: String },
  float: { type: new Float32(), value: (row) => row / 4, text: (value) => Number(value).toFixed(2) },
  double: { type: new Float64(), value: (row) => row / 8, text: (value) => Number(value).toFixed(3) },
  day: {
    type: new DateDay(),
    value: (row) => row * 37 - 9_000,
    text: (value) => new Date(Number(value) * 86_400_000).toISOString().slice(0, 10),
  },
  // Moments around 1970 and the ends of what pyarrow's nanoseconds hold.
  moment: {
    type: new TimestampMicrosecond(),
    value: (row) => (row === 1 ? -9_000_000_000_000_001n : BigInt(row) * 86_399_999_999n - 10_000_000_001n),
    text: String,
  },
  text: { type: new Utf8(), value: (row) => (row === 1 ? '' : `ü😀 ${'x'.repeat(row % 50)}`), text: String },
  bytes: {
    type: new Binary(),
    value: (row) => Uint8Array.from({ length: row % 40 }, (_, at) => (at * 7 + row) & 255),
    text: (value) => Buffer.from(value as Uint8Array).toString('hex'),
  },
  small: {
    type: new Decimal(2, 9, 128),
    value: (row) => BigInt(row * 7 - 500),
    text: (v) => cellText(v, 'Decimal', 2),
  },
  middle: {
    type: new Decimal(4, 18, 128),
    value: (row) => BigInt(row) * 999_999_999_999n - 5n,
    text: (v) => cellText(v, 'Decimal', 4),
  },
  large: {
    type: new Decimal(10, 38, 128),
    value: (row) => (row % 2 === 0 ? -1n : 1n) * (10n ** 38n - 1n - BigInt(row)),
    text: (v) => cellText(v, 'Decimal', 10),
  },
};

const schema = new Schema(Object.entries(columns).map(([name, { type }]) => new Field(name, type, true)));
const isNull = (row: number, column: number) => (row * 31 + column * 17) % 5 === 0;

function batch(first: number, rows: number) {
  return batchOf(
    schema,
    Object.values(columns).map(({ type, value }, column) =>
      buildColumn(
        type,
        Array.from({ length: rows }, (_, at) => (isNull(first + at, column) ? null : value(first + at))),
      ),
    ),
    rows,
  );
}

const expected = (rows: number): string[] =>
  Array.from({ length: rows }, (_, row) =>
    Object.values(columns)
      .map(({ value, text }, column) => (isNull(row, column) ? '-' : text(value(row)!)))
      .join('|'),
  );

/** Rows of all files of a folder, by name, each value as text. */
function readByArrow(folder: string): string[] {
  const program = `
import sys, os, datetime, pyarrow.parquet as pq, pyarrow.compute as pc, pyarrow as pa
for name in sorted(os.listdir(sys.argv[1])):
    table = pq.ParquetFile(os.path.join(sys.argv[1], name)).read()
    columns = []
    for field, column in zip(table.schema, table.columns):
        if pa.types.is_timestamp(field.type): column = pc.divide(column.cast(pa.int64()), 1000)
        columns.append((field.name, column.to_pylist()))
    def show(name, value):
        if value is None: return '-'
        if name == 'float': return '%.2f' % value
        if name == 'double': return '%.3f' % value
        if isinstance(value, bytes): return value.hex()
        return format(value, 'f') if type(value).__name__ == 'Decimal' else str(value)
    for row in range(table.num_rows): print('|'.join(show(name, values[row]) for name, values in columns))
`;
  return execFileSync(testToolchain().python, ['-c', program, folder], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONIOENCODING: 'utf8' },
    maxBuffer: 100 * 1024 * 1024,
  })
    .trimEnd()
    .split('\n');
}

for (const codec of ['snappy', 'gzip', 'none'] as const)
  test(`every type, NULLs, several batches, ${codec}`, async () => {
    const folder = temporaryDirectory('parquet');
    const file = await ParquetFile.create(join(folder, 'x.parquet'), schema, codec);
    for (const [first, rows] of [
      [0, 1],
      [1, 8],
      [9, 991],
      [1_000, 0],
      [1_000, 1_000],
    ] as const)
      await file.append(batch(first, rows));
    await file.finish();
    await file.close();
    assert.equal(readByArrow(folder), expected(2_000));
  });

test('batches cut into files of seven rows', async () => {
  const folder = temporaryDirectory('parquet-cut');
  mkdirSync(join(folder, 'out'));
  const sink = new FileSink({
    store: await localStore(join(folder, 'out'), folder),
    folder: '',
    nameOf: (index) => `${String(index).padStart(3, '0')}.parquet`,
    maxRowsPerFile: 7,
    create: (path) => ParquetFile.create(path, schema),
    signal: undefined,
  });
  for (let first = 0; first < 100; first += 20) await sink.append(batch(first, 20));
  const result = await sink.finish();
  assert.equal([result.rows, result.files], [100, 15]);
  assert.is(readdirSync(join(folder, 'out')).length, 15);
  assert.equal(readByArrow(join(folder, 'out')), expected(100));
});

test('a full disk is said as such, and nothing stays', async () => {
  const folder = temporaryDirectory('parquet-full');
  const sink = new FileSink({
    store: await localStore(folder, folder),
    folder: '',
    nameOf: () => 'x.parquet',
    maxRowsPerFile: undefined,
    // The device on which every write finds no room.
    create: () => ParquetFile.create('/dev/full', schema),
    signal: undefined,
  });
  try {
    await sink.append(batch(0, 10));
    assert.unreachable();
  } catch (error) {
    assert.is((error as CrossviewError).code, 'COPY_SINK_FULL');
  }
  await sink.abandon();
  await sink.abandon();
  assert.equal(readdirSync(folder), []);
});

test('no row at all is a file with columns', async () => {
  const folder = temporaryDirectory('parquet-empty');
  const file = await ParquetFile.create(join(folder, 'x.parquet'), schema);
  assert.ok((await file.finish()) > 100);
  assert.equal(readByArrow(folder), ['']);
});

test.run();
