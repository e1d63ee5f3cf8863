import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderFrame } from '@crossview/kernel';
import {
  Binary,
  Bool,
  DateDay,
  Decimal,
  Field,
  Int32,
  Int64,
  List,
  makeData,
  Struct,
  Table,
  TimestampMicrosecond,
  tableToIPC,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import * as assert from 'uvu/assert';
import { summarize } from '../../packages/kernel/dist/frames/summary.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';

const test = suite('frames');
const directory = temporaryDirectory('frames');
let files = 0;

function partsOf(tables: readonly Table[], totalRows?: number) {
  const parts = tables.map((table) => {
    files += 1;
    const path = join(directory, `${files}.arrow`);
    writeFileSync(path, tableToIPC(table, 'stream'));
    return path;
  });
  const rows = tables.reduce((sum, table) => sum + table.numRows, 0);
  return { parts, rows, bytes: 0, totalRows };
}

/** Exact ticks, which the library's own builder would round. */
const moments = () =>
  new Vector([
    makeData({
      type: new TimestampMicrosecond(),
      length: 3,
      nullCount: 1,
      nullBitmap: Uint8Array.of(0b011),
      data: BigInt64Array.of(1_357_016_400_123_456n, -1n, 0n),
    }),
  ]);

const resource = (data: Readonly<Record<string, unknown>>) =>
  data['application/vnd.dataresource+json'] as {
    data: Record<string, unknown>[];
    schema: { fields: { name: string; type: string }[] };
  };

test('every kind of value keeps its meaning', async () => {
  const list = new List(new Field('item', new Int32(), true));
  const struct = new Struct<{ a: Int32 }>([new Field('a', new Int32(), true)]);
  const table = new Table({
    big: vectorFromArray([2n ** 62n, 5n, null], new Int64()),
    price: vectorFromArray(
      [new Uint32Array([150, 0, 0, 0]), new Uint32Array([0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]), null],
      new Decimal(2, 38, 128),
    ),
    day: vectorFromArray([new Date('2013-01-01'), new Date('1969-12-31'), null], new DateDay()),
    moment: moments(),
    bytes: vectorFromArray([new Uint8Array([1, 255]), new Uint8Array(), null], new Binary()),
    flag: vectorFromArray([true, false, null], new Bool()),
    text: vectorFromArray(['<b>&', '', null], new Utf8()),
    items: vectorFromArray([[1, null], [], null], list),
    inner: vectorFromArray([{ a: 1 }, { a: null }, null], struct),
  } as never);
  const { data } = await renderFrame(partsOf([table], 3));
  assert.equal(resource(data).data[0], {
    big: (2n ** 62n).toString(),
    price: '1.50',
    day: '2013-01-01',
    moment: '2013-01-01 05:00:00.123456',
    bytes: '0x01ff',
    flag: true,
    text: '<b>&',
    items: [1, null],
    inner: { a: 1 },
  });
  assert.is(resource(data).data[1]?.price, '-0.01');
  assert.is(resource(data).data[1]?.moment, '1969-12-31 23:59:59.999999');
  assert.ok(Object.values(resource(data).data[2]!).every((value) => value === null));
  assert.match(String(data['text/html']), '&lt;b&gt;&amp;');
  assert.match(String(data['text/plain']), /3 rows$/);
});

test('says how many of how many rows, over several parts', async () => {
  const part = () =>
    new Table({
      n: vectorFromArray(
        Array.from({ length: 700 }, (_, at) => at),
        new Int32(),
      ),
    } as never);
  const parts = partsOf([part(), part()], 336_776);
  const { data } = await renderFrame(parts);
  assert.match(String(data['text/html']), '1,000 of 336,776 rows');
  assert.match(String(data['text/plain']), '20 of 336,776 rows');
  // A sum over the rows shown is no sum over the frame.
  assert.match(String(data['text/html']), 'Drawn from 1,000 of 336,776 rows');
  const all = await renderFrame(partsOf([part()], 700));
  assert.not.match(String(all.data['text/html']), 'Drawn from');
  assert.is(resource(data).data.length, 1000);
  assert.is(resource(data).data[700]?.n, 0);
});

test('rows of long texts are fewer, and it is said', async () => {
  const long = new Table({
    t: vectorFromArray(
      Array.from({ length: 10 }, () => 'x'.repeat(1_500_000)),
      new Utf8(),
    ),
  } as never);
  const { data } = await renderFrame(partsOf([long], 10));
  assert.match(String(data['text/html']), '2 of 10 rows');
  assert.match(String(data['text/plain']), /2 of 10 rows$/);
});

test('an empty frame has its columns', async () => {
  const table = new Table({ a: vectorFromArray([], new Utf8()) } as never);
  const { data } = await renderFrame(partsOf([table], 0));
  assert.is(data['text/plain'], 'a\n-\n0 rows');
});

test('two columns of one name are both shown', async () => {
  const one = new Table({ a: vectorFromArray([1], new Int32()), b: vectorFromArray([2], new Int32()) } as never);
  const { data } = await renderFrame(partsOf([one], 1));
  assert.equal(
    resource(data).schema.fields.map((it) => it.name),
    ['a', 'b'],
  );
});

const numbers = () =>
  new Table({ n: vectorFromArray([3, 1, 2], new Int32()), t: vectorFromArray(['a', null, 'b'], new Utf8()) } as never);

test('the chart is drawn from the table, by a script that no name can end', async () => {
  const { data } = await renderFrame(partsOf([numbers()], 3), { chart: { key: 't', values: ['n'] } });
  const html = String(data['text/html']);
  assert.match(html, /<th data-kind="number"[^>]*>n</);
  assert.match(html, /<td data-null[^>]*>null</);
  assert.is(html.match(/<script>/g)?.length, 1);
  assert.not.match(html, /^(?:import|export) /m);
  const one = new Table({ '</script><b>': vectorFromArray([1], new Int32()) } as never);
  const named = await renderFrame(partsOf([one], 1), { chart: { values: ['</script><b>'] } });
  assert.is(String(named.data['text/html']).match(/<\/script>/g)?.length, 1);
  const plain = await renderFrame(partsOf([one], 1));
  assert.not.match(String(plain.data['text/html']), /<script>/);
});

test('a summary has one row for each column', () => {
  const list = new List(new Field('item', new Int32(), true));
  const table = new Table({
    n: vectorFromArray([3, 1, null, 2, 2], new Int32()),
    price: vectorFromArray([new Uint32Array([150, 0, 0, 0]), null, null, null, null], new Decimal(2, 38, 128)),
    moment: vectorFromArray(['b', 'a', 'b', null, ''], new Utf8()),
    items: vectorFromArray([[1], [], null, [2], [3]], list),
    nothing: vectorFromArray([null, null, null, null, null], new Int32()),
  } as never);
  const summary = summarize(table);
  const rows = Array.from(summary, (row) => (row as { toJSON(): Record<string, unknown> }).toJSON());
  const picked = (at: number) => {
    const { column, count, missing, distinct, mean, min, max } = rows[at]!;
    return [column, count, missing, distinct, mean, min, rows[at]!['50%'], max];
  };
  assert.equal(picked(0), ['n', 4, 1, 3, 2, '1', 2, '3']);
  assert.equal(picked(1), ['price', 1, 4, 1, 1.5, '1.5', 1.5, '1.5']);
  assert.equal(picked(2), ['moment', 4, 1, 3, null, '', null, 'b']);
  assert.equal(picked(3), ['items', 4, 1, null, null, null, null, null]);
  assert.equal(picked(4), ['nothing', 0, 5, 0, null, null, null, null]);
});

test('a chart of what is not there is refused by name', async () => {
  const refused = async (chart: object) => {
    const error = await renderFrame(partsOf([numbers()], 3), { chart }).then(
      () => undefined,
      (thrown: unknown) => thrown as { code: string; hint: string },
    );
    return [error?.code, error?.hint];
  };
  assert.equal(await refused({ key: 'nobody' }), ['CHART_COLUMN_UNKNOWN', 'Its columns are n, t.']);
  assert.is((await refused({ type: 'gantt' }))[0], 'CHART_OPTION_UNKNOWN');
});

test.run();
