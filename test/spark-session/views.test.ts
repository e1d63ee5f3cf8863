import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArrowParts, CrossviewError } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { runScala, sparkToolchain, testCell, useSpark } from '../support/spark.js';
import { suite } from '../support/suite.js';
import { until } from '../support/until.js';

const test = suite('spark-session views', undefined, { timeout: 90_000 });
const spark = useSpark(test);
let count = 0;

test.before(async () => (await spark()).host.start(), { timeout: 120_000 });

async function freshDirectory(): Promise<string> {
  const directory = join((await spark()).directories.arrow, `views-${++count}`);
  mkdirSync(directory, { mode: 0o700 });
  return directory;
}
async function scala(code: string): Promise<string> {
  const { outcome, results } = await runScala((await spark()).host, code);
  if (outcome.status === 'error') throw new Error(outcome.traceback.join('\n'));
  return results.join();
}
async function failure(promise: Promise<unknown>): Promise<CrossviewError> {
  return promise.then(
    () => {
      throw new Error('nothing failed');
    },
    (error: CrossviewError) => error,
  );
}
/** Runs pyarrow code; `parts(paths)` reads stream files as one table. */
async function pyarrow(code: string): Promise<string> {
  const start = `
import datetime as dt, decimal, glob, sys
import pyarrow as pa
def parts(paths):
    return pa.concat_tables([pa.ipc.open_stream(path).read_all() for path in paths])
def write(path, table, rows=None):
    with pa.ipc.new_stream(path, table.schema) as out:
        out.write_table(table, max_chunksize=rows)
`;
  const { python } = await sparkToolchain();
  return new Promise((resolve, reject) =>
    execFile(python, ['-c', start + code], { maxBuffer: 1 << 24 }, (failed, stdout, stderr) =>
      failed ? reject(new Error(stderr)) : resolve(stdout.trim()),
    ),
  );
}
async function exported(name: string, limit?: number): Promise<ArrowParts> {
  return (await spark()).host.exportTo(name, await freshDirectory(), limit === undefined ? {} : { limit });
}
async function imported(name: string, code: string): Promise<string> {
  const path = join(await freshDirectory(), 'in.arrow');
  await pyarrow(`${code}\nwrite(${JSON.stringify(path)}, table)`);
  return (await spark()).host.importFrom(name, { parts: [path], rows: 0, bytes: 0, totalRows: undefined });
}

test('versions change when a name is bound anew, and only then', async () => {
  const { host } = await spark();
  const version = async (name: string) => (await host.list()).find((view) => view.name === name)?.version;
  await scala('spark.range(1).createOrReplaceTempView("bound")');
  const first = await version('bound');
  await scala('spark.table("bound").count()');
  assert.is(await version('bound'), first);
  await scala('spark.range(1).createOrReplaceTempView("bound")');
  const second = await version('bound');
  assert.is.not(second, first);
  await scala('spark.range(1).createOrReplaceGlobalTempView("shared")');
  const global = (await host.list()).find((view) => view.name === 'global_temp.shared');
  assert.is(global?.scope, 'global');
  await scala('spark.sql("create or replace global temp view shared as select 2")');
  assert.is.not(await version('global_temp.shared'), global?.version);
  assert.is((await exported('global_temp.shared')).rows, 1);
  assert.equal(
    [await host.drop('BOUND'), await host.drop('bound'), await host.drop('global_temp.shared')],
    [true, false, true],
  );
  await scala('spark.range(1).createOrReplaceTempView("bound")');
  assert.ok(![first, second].includes(await version('bound')));
});

test('each task writes a file of its own, in order, for its owner only', async () => {
  await scala(
    'spark.range(0, 300000, 1, 3).selectExpr("id", "cast(id as string) as s").createOrReplaceTempView("wide")',
  );
  const { parts, rows, bytes, totalRows } = await exported('wide');
  assert.equal([parts.length, rows, totalRows], [3, 300_000, 300_000]);
  assert.is(
    bytes,
    parts.reduce((sum, part) => sum + statSync(part).size, 0),
  );
  assert.equal(
    parts.map((part) => statSync(part).mode & 0o777),
    [0o600, 0o600, 0o600],
  );
  const code = `t = parts(${JSON.stringify(parts)}); print(t["id"].to_pylist() == list(range(300000)), t["s"][299999])`;
  assert.is(await pyarrow(code), 'True 299999');
});

test('a limit is exact and tells whether there is more', async () => {
  await scala('spark.range(0, 1000, 1, 7).createOrReplaceTempView("thousand")');
  const seen = async (limit: number) => {
    const { rows, totalRows } = await exported('thousand', limit);
    return [rows, totalRows];
  };
  assert.equal(await seen(10), [10, undefined]);
  assert.equal(await seen(1000), [1000, 1000]);
  assert.equal(await seen(5000), [1000, 1000]);
  assert.equal(await seen(0), [0, undefined]);
});

test('empty views, no columns, odd and equal names', async () => {
  await scala('spark.range(5).where("id > 9").createOrReplaceTempView("empty")');
  const empty = await exported('empty');
  assert.equal([empty.parts.length, empty.rows], [1, 0]);
  assert.is(await pyarrow(`print(parts(${JSON.stringify(empty.parts)}).schema.names)`), "['id']");
  await scala('spark.range(5).select().createOrReplaceTempView("bare")');
  assert.is((await exported('bare')).rows, 5);
  await scala(
    `spark.sql("select 1 as \`a.b\`, 2 as \`a b\`, 3 as \`q'\\"\`, 4 as \`zoë\`, 5 as \`\`, 6 as x, 7 as x").createOrReplaceTempView("\`odd name\`")`,
  );
  const odd = await exported('odd name');
  const names = `print(parts(${JSON.stringify(odd.parts)}).schema.names)`;
  assert.is(await pyarrow(names), `['a.b', 'a b', 'q\\'"', 'zoë', '', 'x', 'x']`);
  const { host } = await spark();
  await host.importFrom('odd back', odd);
  assert.equal(
    (await host.describe('odd back')).map(({ name }) => name),
    ['a.b', 'a b', 'q\'"', 'zoë', '', 'x', 'x'],
  );
  await host.importFrom('bare back', await exported('bare'));
  assert.match(await scala('spark.table("`bare back`").count()'), 'Long = 5');
  await host.importFrom('empty back', empty);
  assert.match(await scala('spark.table("`empty back`").count()'), 'Long = 0');
});

const everyType = `
import itertools
n = [None]
table = pa.table({
  "boolean": pa.array([True, False, None]),
  "int8": pa.array([-128, 127, None], pa.int8()), "int16": pa.array([-32768, 32767, None], pa.int16()),
  "int32": pa.array([-2**31, 2**31-1, None], pa.int32()), "int64": pa.array([-2**63, 2**63-1, None], pa.int64()),
  "float": pa.array([1.5, float("inf"), None], pa.float32()), "double": pa.array([-0.0, 1e300, None], pa.float64()),
  "decimal": pa.array([decimal.Decimal("9"*38), decimal.Decimal("-1"), None], pa.decimal128(38, 0)),
  "money": pa.array([decimal.Decimal("12.345678"), decimal.Decimal("-0.000001"), None], pa.decimal128(20, 6)),
  "string": pa.array(["zoë 😀", "", None]), "binary": pa.array([b"\\x00\\xff", b"", None]),
  "date": pa.array([dt.date(1, 1, 1), dt.date(9999, 12, 31), None]),
  "timestamp": pa.array([dt.datetime(1900, 1, 1, 0, 0, 0, 1), dt.datetime(2026, 3, 29, 2, 30), None], pa.timestamp("us", "UTC")),
  "timestamp_ntz": pa.array([dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59, 999999), None], pa.timestamp("us")),
  "duration": pa.array([-1, 86400000001, None], pa.duration("us")),
  "null": pa.nulls(3),
  "list": pa.array([[1, None], [], None], pa.list_(pa.int64())),
  "struct": pa.array([{"a": 1, "b": "x"}, {"a": None, "b": None}, None], pa.struct([("a", pa.int32()), ("b", pa.string())])),
  "map": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int32())),
  "deep": pa.array([[{"m": [("k", [[1, None], None])]}], [None], None], pa.list_(pa.struct([("m", pa.map_(pa.string(), pa.list_(pa.list_(pa.int32()))))]))),
})`;

test('every type that both have comes back equal', async () => {
  await imported('every type', everyType);
  const { parts } = await exported('every type');
  const code = `${everyType}
back = parts(${JSON.stringify(parts)})
for name in table.schema.names:
    a, b = table[name], back[name]
    same = a.to_pylist() == b.to_pylist() and (str(a.type).replace("field ", "") == str(b.type) or pa.types.is_nested(a.type))
    if not same: print(name, a.type, b.type, a.to_pylist(), b.to_pylist())
print(back.num_rows)`;
  assert.is(await pyarrow(code), '3');
});

test('types that Spark lacks become the next one that loses nothing', async () => {
  await imported(
    'near types',
    `table = pa.table({
  "u8": pa.array([255, None], pa.uint8()), "u16": pa.array([65535, None], pa.uint16()), "u32": pa.array([2**32-1, None], pa.uint32()),
  "u64": pa.array([2**64-1, None], pa.uint64()), "half": pa.array([1.5, None], pa.float16()),
  "s": pa.array([-1, None], pa.timestamp("s")), "ms": pa.array([-1, None], pa.timestamp("ms", "Europe/Berlin")),
  "ns": pa.array([-1000, None], pa.timestamp("ns")), "date64": pa.array([dt.date(1969, 12, 31), None], pa.date64()),
  "duration_s": pa.array([5, None], pa.duration("s")),
  "large": pa.array(["x", None], pa.large_string()), "large_binary": pa.array([b"x", None], pa.large_binary()),
  "view": pa.array(["a long enough string to be out of line", None], pa.string_view()),
  "fixed": pa.array([b"abc", None], pa.binary(3)),
  "large_list": pa.array([[1, 2], None], pa.large_list(pa.uint8())), "fixed_list": pa.array([[1, 2], None], pa.list_(pa.timestamp("ms"), 2)),
  "dictionary": pa.array(["a", None]).dictionary_encode(),
  "nested": pa.array([{"x": [1]}, None], pa.struct([("x", pa.large_list(pa.uint16()))])),
})`,
  );
  const { host } = await spark();
  const types = Object.fromEntries((await host.describe('near types')).map(({ name, type }) => [name, type]));
  assert.equal(types, {
    u8: 'smallint',
    u16: 'int',
    u32: 'bigint',
    u64: 'decimal(20,0)',
    half: 'float',
    s: 'timestamp_ntz',
    ms: 'timestamp',
    ns: 'timestamp_ntz',
    date64: 'date',
    duration_s: 'interval day to second',
    large: 'string',
    large_binary: 'binary',
    view: 'string',
    fixed: 'binary',
    large_list: 'array<smallint>',
    fixed_list: 'array<timestamp_ntz>',
    dictionary: 'string',
    nested: 'struct<x:array<int>>',
  });
  const { parts } = await exported('near types');
  assert.is(
    await pyarrow(`
row, none = parts(${JSON.stringify(parts)}).to_pylist()
print(set(none.values()) == {None})
print([row[k] for k in ("u8", "u16", "u32", "u64", "half", "large", "large_binary", "fixed", "large_list", "dictionary", "nested")])
print(row["s"], row["ms"].isoformat(), row["ns"], row["date64"], row["duration_s"], row["view"], row["fixed_list"])`),
    [
      'True',
      "[255, 65535, 4294967295, Decimal('18446744073709551615'), 1.5, 'x', b'x', b'abc', [1, 2], 'a', {'x': [1]}]",
      '1969-12-31 23:59:59 1969-12-31T23:59:59.999000+00:00 1969-12-31 23:59:59.999999 1969-12-31 0:00:05 a long enough string to be out of line [datetime.datetime(1970, 1, 1, 0, 0, 0, 1000), datetime.datetime(1970, 1, 1, 0, 0, 0, 2000)]',
    ].join('\n'),
  );
});

test('what would lose something is refused by column name', async () => {
  const refused = async (column: string) => {
    const error = await failure(imported('refused', `table = pa.table({"fine": pa.array([1]), "bad": ${column}})`));
    return [error.code, error.facts.column];
  };
  for (const column of [
    'pa.array([decimal.Decimal("1")], pa.decimal256(40, 0))',
    'pa.UnionArray.from_dense(pa.array([0], pa.int8()), pa.array([0], pa.int32()), [pa.array([1])])',
    'pa.array([["a"]], pa.list_(pa.dictionary(pa.int8(), pa.string())))',
  ])
    assert.equal(await refused(column), ['COLUMN_TYPE_UNSUPPORTED', 'bad'], column);
  await imported('too fine', 'table = pa.table({"t": pa.array([1], pa.timestamp("ns"))})');
  assert.match((await failure(exported('too fine'))).message, 'The column `t` holds times finer than a microsecond');
  await scala(`spark.sql("select 1 as fine, parse_json('[1]') as bad").createOrReplaceTempView("variant")`);
  const variant = await failure(exported('variant'));
  assert.equal([variant.code, variant.facts.column], ['COLUMN_TYPE_UNSUPPORTED', 'bad']);
});

test('Spark’s intervals cross', async () => {
  await scala(
    `spark.sql("select interval '1-2' year to month as ym, interval '1 02:03:04.5' day to second as ds, make_interval(1,2,0,3,4,5,6) as c").createOrReplaceTempView("intervals")`,
  );
  const out = await exported('intervals');
  const { host } = await spark();
  await host.importFrom('intervals back', out);
  assert.match(
    await scala('spark.table("intervals").collect().sameElements(spark.table("`intervals back`").collect())'),
    'Boolean = true',
  );
});

test('several parts, compressed batches and an early end of the files', async () => {
  const directory = await freshDirectory();
  const paths = ['a', 'b', 'c'].map((name) => join(directory, `${name}.arrow`));
  await pyarrow(`
for i, path in enumerate(${JSON.stringify(paths)}):
    t = pa.table({"n": range(i * 1000, i * 1000 + 1000), "s": ["x%d" % (j % 7) for j in range(1000)]})
    if i == 1: t = t.set_column(1, "s", t["s"])
    with pa.ipc.new_stream(path, t.schema, options=pa.ipc.IpcWriteOptions(compression=[None, "zstd", "lz4"][i])) as out:
        out.write_table(t, max_chunksize=100)`);
  const { host } = await spark();
  await host.importFrom('parts', { parts: paths, rows: 3000, bytes: 0, totalRows: 3000 });
  rmSync(directory, { recursive: true });
  assert.match(
    await scala('spark.table("parts").agg(count(lit(1)), sum($"n"), countDistinct($"s")).head().toString'),
    '[3000,4498500,7]',
  );
  assert.match(await scala('spark.table("parts").count()'), 'Long = 3000');
  assert.match(
    await scala(
      'System.gc(); spark.table("parts").where($"n" % 2 === 0).join(spark.table("parts").select($"n"), "n").count()',
    ),
    'Long = 1500',
  );
});

test('files that are no Arrow are refused by name', async () => {
  const { host } = await spark();
  const directory = await freshDirectory();
  const path = join(directory, 'bad.arrow');
  const refused = async () =>
    (await failure(host.importFrom('bad', { parts: [path], rows: 0, bytes: 0, totalRows: 0 }))).code;
  writeFileSync(path, 'not arrow at all, but long enough to look at');
  assert.is(await refused(), 'ARROW_FILE_INVALID');
  await pyarrow(
    `write(${JSON.stringify(path)}, pa.table({"n": range(1000)}))\nd = open(${JSON.stringify(path)}, "rb").read()\nopen(${JSON.stringify(path)}, "wb").write(d[:3000])`,
  );
  assert.is(await refused(), 'ARROW_FILE_INVALID');
  rmSync(path);
  assert.is(await refused(), 'ARROW_FILE_INVALID');
});

test('a plan that fails in one task names the view, leaves nothing, and the session goes on', async () => {
  await scala(
    'spark.range(0, 200, 1, 200).selectExpr("1 / (id - 7) as x", "assert_true(id <> 7) as y").createOrReplaceTempView("fails")',
  );
  const directory = await freshDirectory();
  const error = await failure((await spark()).host.exportTo('fails', directory, {}));
  assert.is(error.code, 'VIEW_EXPORT_FAILED');
  assert.match(error.message, 'The view fails could not be read');
  await until('nothing is left', () => readdirSync(directory).length === 0, 10_000);
  assert.is((await exported('thousand')).rows, 1000);
});

test('a directory that is gone or closed is an error that names the view', async () => {
  const { host } = await spark();
  const gone = await failure(host.exportTo('thousand', '/nowhere/at/all', {}));
  assert.equal([gone.code, gone.facts.name], ['VIEW_EXPORT_FAILED', 'thousand']);
  if (process.getuid?.() !== 0) {
    const closed = await freshDirectory();
    chmodSync(closed, 0o500);
    assert.is((await failure(host.exportTo('thousand', closed, {}))).code, 'VIEW_EXPORT_FAILED');
  }
});

test('an export that is stopped says so, and leaves nothing', async () => {
  const { host } = await spark();
  await scala('spark.range(0, 1000000000000L, 1, 4).createOrReplaceTempView("endless")');
  const directory = await freshDirectory();
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 1500);
  const begun = Date.now();
  const error = await failure(host.exportTo('endless', directory, { signal: stop.signal }));
  assert.is(error.code, 'CANCELLED');
  assert.ok(Date.now() - begun < 15_000, `${Date.now() - begun} ms`);
  await until('nothing is left', () => readdirSync(directory).length === 0, 10_000);
});

test('a view that is replaced while it is read is read as it was', async () => {
  const { host } = await spark();
  await scala('spark.range(0, 4, 1, 4).map { i => Thread.sleep(400); i }.createOrReplaceTempView("moving")');
  const directory = await freshDirectory();
  const reading = host.exportTo('moving', directory, {});
  await until('the reading begins', () => readdirSync(directory).length > 0, 20_000);
  const { cell } = testCell('create or replace temp view moving as select 100 as value');
  await host.sql(cell, { headRows: 1 });
  const [before, after] = [await reading, await exported('moving')];
  assert.equal([before.rows, after.rows], [4, 1]);
});

test('a scan that gives columns is written as it lies, and is the same as by rows', async () => {
  const folder = await freshDirectory();
  await scala(`
    spark.range(0, 150000, 1, 3).selectExpr("id", "if(id % 3 = 0, null, id % 2 = 0) as b", "cast(id % 127 as byte) as i8",
      "if(id % 7 = 0, null, cast(id % 30000 as short)) as i16", "cast(id as int) as i32", "cast(id / 3 as float) as f", "if(id % 5 = 0, null, id / 7.0D) as d",
      "cast(id / 100 as decimal(9,2)) as small", "if(id % 11 = 0, null, cast(-id as decimal(18,4))) as large",
      "if(id % 13 = 0, null, concat('größe ', id % 50)) as word", "repeat(cast(id as string), cast(id % 40 as int)) as text", "cast('' as string) as nothing",
      "if(id % 17 = 0, null, cast(concat('b', id) as binary)) as bytes", "date_add(date'1969-12-01', cast(id % 90 as int)) as day",
      "timestamp_micros(id * 1000003 - 5000000000) as at", "if(id % 4 = 0, null, cast(timestamp_micros(id) as timestamp_ntz)) as local", "cast(null as int) as never",
      "cast(id % 3 as int) as part").write.partitionBy("part").parquet("${folder}/scan")
    val scanned = spark.read.parquet("${folder}/scan")
    scanned.createOrReplaceTempView("by_columns")
    spark.createDataFrame(scanned.rdd, scanned.schema).createOrReplaceTempView("by_rows")
    spark.table("by_columns").cache().createOrReplaceTempView("by_cache")
    spark.table("by_columns").where("id < 0").createOrReplaceTempView("none_by_columns")`);
  const [columns, rows, cached, none] = [
    await exported('by_columns'),
    await exported('by_rows'),
    await exported('by_cache'),
    await exported('none_by_columns'),
  ];
  assert.equal([columns.rows, none.rows], [150_000, 0]);
  const said = await pyarrow(`
def sorted_by_id(paths):
    return parts(paths).sort_by("id").combine_chunks()
rows = sorted_by_id(${JSON.stringify(rows.parts)})
for paths in (${JSON.stringify(columns.parts)}, ${JSON.stringify(cached.parts)}):
    found = sorted_by_id(paths)
    found.validate(full=True)
    print(found.schema.equals(rows.schema), found.equals(rows), [n for n in rows.column_names if not found[n].equals(rows[n])], found["word"].null_count)
print(parts(${JSON.stringify(none.parts)}).schema.equals(rows.schema))`);
  assert.is(said, 'True True [] 11539\nTrue True [] 11539\nTrue');
});

test('texts and binaries that Parquet keeps as dictionaries, another one for each group of rows', async () => {
  const folder = await freshDirectory();
  await scala(`
    spark.range(0, 300000, 1, 1).selectExpr("id", "if(id % 7 = 0, null, concat('wört ', id div 30000 * 40 + id % 40)) as word",
      "if(id % 5 = 0, null, cast(concat('b', id div 20000, '-', id % 30) as binary)) as bytes", "cast(id as string) as plain")
      .write.option("parquet.block.size", 65536).option("parquet.page.size", 4096).parquet("${folder}/coded")
    spark.read.parquet("${folder}/coded").createOrReplaceTempView("coded")`);
  const { parts, rows } = await exported('coded');
  assert.is(rows, 300_000);
  const mark = await pyarrow(`
import pyarrow.parquet as pq
sent = parts(${JSON.stringify(parts)}).sort_by("id")
kept = pq.read_table(${JSON.stringify(`${folder}/coded`)}).sort_by("id").cast(sent.schema)
groups = sum(pq.ParquetFile(path).metadata.num_row_groups for path in glob.glob(${JSON.stringify(`${folder}/coded/*.parquet`)}))
print(groups > 3, sent.equals(kept))`);
  assert.is(mark, 'True True');
});

test('two readers at once', async () => {
  const both = await Promise.all([exported('wide'), exported('wide'), exported('wide', 5)]);
  assert.equal(
    both.map(({ rows }) => rows),
    [300_000, 300_000, 5],
  );
});

test('a view that does not exist', async () => {
  const { host } = await spark();
  assert.is((await failure(exported('no such view'))).code, 'VIEW_NOT_FOUND');
  assert.is((await failure(host.describe('nope'))).code, 'VIEW_NOT_FOUND');
  assert.is(existsSync('/nowhere'), false);
});

test.run();
