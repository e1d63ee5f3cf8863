import * as assert from 'uvu/assert';
import { readDate, readTimestamp, writeTimestamp } from '../../packages/copy/src/columns/date-text.js';
import { writeDecimal } from '../../packages/copy/src/columns/decimal-text.js';
import { parseSparkType } from '../../packages/copy/src/columns/spark-type.js';
import { cellText, dateTimeText, zoneOffset } from '../../packages/copy/src/values/cell-text.js';
import { suite } from '../support/suite.js';

const test = suite('copy: values out of text and into text');

/** Both ways of reading must agree. */
function timestamp(text: string): bigint | undefined {
  const bytes = Buffer.from(text);
  const values = new BigInt64Array(1);
  const written = writeTimestamp(bytes, 0, bytes.length, values, new Int32Array(values.buffer), 0);
  const read = readTimestamp(bytes, 0, bytes.length);
  assert.is(written ? values[0] : undefined, read, text);
  return read;
}
const date = (text: string) => readDate(Buffer.from(text), 0, text.length);

test('timestamps keep their microseconds, far from 1970 too', () => {
  assert.is(timestamp('1970-01-01 00:00:00'), 0n);
  assert.is(timestamp('2021-11-07 01:30:00.123456'), BigInt(Date.UTC(2021, 10, 7, 1, 30)) * 1_000n + 123_456n);
  assert.is(timestamp('2021-11-07T01:30:00.1'), BigInt(Date.UTC(2021, 10, 7, 1, 30)) * 1_000n + 100_000n);
  assert.is(timestamp('1969-12-31 23:59:59.999999'), -1n);
  assert.is(timestamp('9999-12-31 23:59:59.999999'), 253_402_300_799_999_999n);
  assert.is(timestamp('0001-01-01 00:00:00'), -62_135_596_800_000_000n);
  assert.is(timestamp('+10000-01-01 00:00:00'), 253_402_300_800_000_000n);
  for (const wrong of [
    '',
    '2021-13-01 00:00:00',
    '2021-01-01 24:00:00',
    '2021-01-01 00:00:00.1234567',
    'null',
    '2021-01-01x',
  ])
    assert.is(timestamp(wrong), undefined, wrong);
});

test('dates', () => {
  for (const text of ['1970-01-01', '2000-02-29', '1900-03-01', '1582-10-15', '9999-12-31', '0001-01-01'])
    assert.is(date(text), Math.round(Date.parse(`${text}T00:00:00Z`) / 86_400_000), text);
  assert.is(date('2020-01-01 '), undefined);
});

test('decimals are exact in 128 bits, both signs, zeros filled up', () => {
  const read = (text: string, scale: number) => {
    const words = new Uint32Array(4);
    if (!writeDecimal(Buffer.from(text), 0, text.length, scale, words, 0)) return undefined;
    return BigInt.asIntN(
      128,
      words.reduceRight((value, word) => (value << 32n) | BigInt(word), 0n),
    );
  };
  assert.is(read('-12345678901234567890123456789012345678', 0), -12345678901234567890123456789012345678n);
  assert.is(read('99999999999999999999999999999999999999', 0), 10n ** 38n - 1n);
  assert.is(read('1.5', 4), 15_000n);
  assert.is(read('-0.0001', 4), -1n);
  assert.is(read('7', 2), 700n);
  assert.is(read('7.1000', 2), 710n);
  assert.is(read('0', 38), 0n);
  assert.is(read('-4294967296', 0), -(2n ** 32n));
  for (const wrong of ['', '-', '.', '1e5', '1.005', '1.2.3', 'NaN']) assert.is(read(wrong, 2), undefined, wrong);
  for (let trial = 0; trial < 500; trial += 1) {
    const digits = Array.from({ length: 1 + (trial % 38) }, () => Math.floor(Math.random() * 10)).join('');
    assert.is(read(`-${digits}`, 0), -BigInt(digits));
    const fraction = digits.slice(0, trial % 7);
    const point = fraction === '' ? '' : `.${fraction}`;
    const expected = BigInt(`${digits.slice(0, 30)}${fraction.padEnd(7, '0')}`);
    assert.is(read(`${digits.slice(0, 30)}${point}`, 7), expected);
  }
});

test('Spark’s types by their names', () => {
  assert.equal(parseSparkType('decimal(18,2)'), { kind: 'decimal', precision: 18, scale: 2 });
  assert.is(parseSparkType('interval day to second').kind, 'day-time interval');
  assert.is(parseSparkType('interval month').kind, 'year-month interval');
  assert.is(parseSparkType('interval').kind, 'other');
  assert.is(parseSparkType('struct<a:int>').kind, 'struct');
  assert.is(parseSparkType('varchar(10)').kind, 'string');
  assert.is(parseSparkType('timestamp_ntz').kind, 'timestamp_ntz');
});

test('moments with the offset of their zone, also in the hour that a zone has twice', () => {
  const first = BigInt(Date.UTC(2021, 10, 7, 5, 30)) * 1_000n;
  const formats = { timeZone: 'America/New_York' };
  assert.is(cellText(first, 'DateTimeOffset', 0, formats), '2021-11-07 01:30:00.0000000 -04:00');
  assert.is(cellText(first + 3_600_000_000n, 'DateTimeOffset', 0, formats), '2021-11-07 01:30:00.0000000 -05:00');
  assert.is(zoneOffset(0n, '+05:30'), 330);
  assert.is(dateTimeText(-1n), '1969-12-31 23:59:59.9999990');
  assert.is(cellText(-5n, 'Decimal', 3), '-0.005');
  assert.is(cellText(Math.fround(0.1), 'Single', 0), '0.1');
});

test.run();
