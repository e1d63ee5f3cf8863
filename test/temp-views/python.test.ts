import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataType, TimeUnit, tableFromArrays, tableFromIPC } from 'apache-arrow';
import * as assert from 'uvu/assert';
import { FileViewHolder } from '../support/file-view-holder.js';
import { PythonProcess } from '../support/python-process.js';
import { suite } from '../support/suite.js';
import { until } from '../support/until.js';
import { startViewsSession, type ViewsSession, writeParts } from '../support/views-session.js';

const test = suite('views in Python');
const spark = new FileViewHolder();
let all: ViewsSession;
let python: PythonProcess;

test.before(
  async () => {
    all = await startViewsSession(spark);
    python = new PythonProcess(all.session);
    await python.run(
      'from crossview_views import views\nimport pandas as pd, pyarrow as pa, polars as pl, numpy as np',
    );
  },
  { timeout: 60_000 },
);
test.after(async () => {
  python.close();
  await all.close();
});

async function table(name: string) {
  const { parts } = await all.views.read(name);
  return tableFromIPC(parts.map((part) => readFileSync(part))[0]);
}

test('a view is read as Arrow, pandas and polars', async () => {
  const parts = writeParts(
    await all.views.allocate(),
    tableFromArrays({ n: Int32Array.of(1, 2) }),
    tableFromArrays({ n: Int32Array.of(3) }),
  );
  await all.views.publish('Numbers', parts, 'typescript');
  const read = `
    view = views["numbers"]
    result = [view.name, view.rows, len(view), str(view.schema.field("n").type), view.arrow().to_pydict(),
      view.to_pandas()["n"].tolist(), str(view.to_pandas()["n"].dtype), view.polars()["n"].to_list(),
      [batch.num_rows for batch in view.batches()], view.arrow(limit=2).num_rows, "NUMBERS" in views, list(views)]`;
  assert.equal(await python.run(read), [
    'Numbers',
    3,
    3,
    'int32',
    { n: [1, 2, 3] },
    [1, 2, 3],
    'int32',
    [1, 2, 3],
    [2, 1],
    2,
    true,
    ['Numbers'],
  ]);
  assert.match(
    String(await python.run('result = repr(view) + repr(views)')),
    /view Numbers: 3 rows\n {2}n: Int32Numbers {2}3 rows, made in typescript/,
  );
});

test('Arrow is mapped, not copied', async () => {
  const million = writeParts(await all.views.allocate(), tableFromArrays({ n: new Float64Array(1e6) }));
  await all.views.publish('million', million, 'typescript');
  assert.is(
    await python.run(
      'before = pa.total_allocated_bytes(); t = views["million"].arrow(); result = pa.total_allocated_bytes() - before',
    ),
    0,
  );
});

test('pandas: missing integers and booleans stay what they are', async () => {
  const code = `
    views["nulls"] = pa.table({"i": pa.array([1, None], pa.int64()), "b": pa.array([True, None]), "f": [1.5, None], "full": [1, 2], "s": ["a", None]})
    frame = views["nulls"].to_pandas()
    result = [{name: str(kind) for name, kind in frame.dtypes.items()}, int(frame["i"].sum()), frame["i"].isna().tolist(),
      str(views["nulls"].to_pandas(dtype_backend="pyarrow").dtypes["i"]), str(views["nulls"].to_pandas(dtype_backend="numpy").dtypes["i"])]`;
  assert.equal(await python.run(code), [
    { i: 'Int64', b: 'boolean', f: 'float64', full: 'int64', s: 'object' },
    1,
    [false, true],
    'int64[pyarrow]',
    'float64',
  ]);
});

test('a pandas frame becomes a view: index, categories, dates, nullable types', async () => {
  const code = `
    frame = pd.DataFrame({"c": pd.Categorical(["x", "y", "x"]), "t": pd.to_datetime(["2013-01-01 05:00:00.123456"] * 3),
      "n": pd.array([1, None, 3], dtype="Int64"), "d": pd.to_timedelta([1, 2, 3], unit="s")})
    views["from_pandas"] = frame
    views["named"] = frame.set_index("c")
    result = [views["from_pandas"].arrow().column_names, views["named"].arrow().column_names]`;
  assert.equal(await python.run(code), [
    ['c', 't', 'n', 'd'],
    ['c', 't', 'n', 'd'],
  ]);
  const read = await table('from_pandas');
  const [c, t, n] = read.schema.fields.map((field) => field.type);
  assert.ok(DataType.isUtf8(c) && DataType.isTimestamp(t) && DataType.isInt(n), String(read.schema));
  assert.is((t as { unit: TimeUnit }).unit, TimeUnit.MICROSECOND);
  assert.equal([...read.getChild('n')!], [1n, null, 3n]);
  assert.equal([...read.getChild('c')!], ['x', 'y', 'x']);
  assert.is((await all.views.list()).find((view) => view.name === 'from_pandas')!.note, undefined);
  assert.is(statSync((await all.views.read('from_pandas')).parts[0]!).mode & 0o777, 0o600);
});

test('nanoseconds that are none are dropped; real ones stay, and Spark is told why it has no such view', async () => {
  await python.run('views["fine"] = pd.DataFrame({"t": pd.to_datetime([1, 2_000, None])})');
  assert.match(
    (await all.views.list()).find((view) => view.name === 'fine')!.note!,
    /column "t" is Timestamp<NANOSECOND>/,
  );
  assert.is(await python.run('result = int(views["fine"].to_pandas()["t"].astype("int64")[0])'), 1);
});

test('frames of every library, readers, duplicates, no columns, no rows', async () => {
  const code = `
    views["a"] = pl.DataFrame({"x": [1, 2], "y": ["p", None]}).lazy()
    views["b"] = pa.record_batch({"x": [1]})
    views["c"] = pa.table({"x": pa.array(["a", "b", "a"]).dictionary_encode()}).to_reader(max_chunksize=2)
    views["d"] = pd.DataFrame([[1, "u"]], columns=["same", "same"])
    views["e"] = pa.table({"x": pa.array([], pa.int64())})
    views["f"] = pd.Series([1.5], name="s")
    views["g"] = pa.table({"s": pa.array(["v"], pa.string_view()), "l": pa.array([[1]], pa.large_list(pa.int8()))})
    views["h"] = pd.DataFrame({1: [1], ("p", 2): [2]})
    result = [views[name].arrow().to_pylist() for name in "abcefgh"] + [views["d"].arrow().column_names, views["d"].to_pandas().shape, views["e"].rows]`;
  assert.equal(await python.run(code), [
    [
      { x: 1, y: 'p' },
      { x: 2, y: null },
    ],
    [{ x: 1 }],
    [{ x: 'a' }, { x: 'b' }, { x: 'a' }],
    [],
    [{ s: 1.5 }],
    [{ s: 'v', l: [1] }],
    [{ 1: 1, "('p', 2)": 2 }],
    ['same', 'same'],
    [1, 2],
    0,
  ]);
});

test('what has no Arrow type is refused by column name, and leaves nothing behind', async () => {
  const before = readdirSync(all.directories.arrow).length;
  const mixed = await python.fails('views["mixed"] = pd.DataFrame({"ok": [1, 2], "odd": [1, "a"]})');
  assert.equal([mixed.type, mixed.code], ['CrossviewError', 'VIEW_TYPE_UNSUPPORTED']);
  assert.match(mixed.text, /Column "odd" of view "mixed"/);
  assert.is((await python.fails('views["x"] = 5')).code, 'VIEW_TYPE_UNSUPPORTED');
  assert.is((await python.fails('views["bad name"] = pa.table({"x": [1]})')).code, 'VIEW_NAME_INVALID');
  assert.is(readdirSync(all.directories.arrow).length, before);
});

test('a view that is not there, and dropping', async () => {
  await python.run('views["flights"] = pa.table({"x": [1]})');
  const error = await python.fails('views["flihgts"]');
  assert.is(error.code, 'VIEW_NOT_FOUND');
  assert.match(error.text, /Did you mean "flights"/);
  assert.equal(await python.run('del views["Flights"]; result = "flights" in views'), false);
  assert.is((await python.fails('del views["flights"]')).code, 'VIEW_NOT_FOUND');
});

test('a handle reads the rows that the view has then', async () => {
  await python.run('views["now"] = pa.table({"x": [1]}); handle = views["now"]; old = handle.arrow()');
  await python.run('views["now"] = pa.table({"x": [2]})');
  assert.equal(await python.run('result = [handle.arrow().to_pydict(), old.to_pydict()]'), [{ x: [2] }, { x: [1] }]);
});

test('a Spark view is read, and a view of Python is Spark’s before the next Spark cell', async () => {
  spark.define('made_in_spark', writeParts(await all.views.allocate(), tableFromArrays({ n: Int32Array.of(5) })));
  assert.equal(await python.run('result = views["made_in_spark"].arrow().to_pydict()'), { n: [5] });
  await python.run('views["py"] = pa.table({"x": [1]})');
  await all.views.offerToSpark();
  assert.ok(spark.data('py'));
});

test('a large view is written in parts, which are read in their order', async () => {
  await python.run('views["large"] = pa.table({"n": pa.array(range(9_000_000))})');
  const { parts, rows } = await all.views.read('large');
  assert.equal([parts.length, rows], [2, 9_000_000]);
  assert.is(
    await python.run('result = views["large"].arrow().column("n").combine_chunks().equals(pa.array(range(9_000_000)))'),
    true,
  );
  await all.views.drop('large');
});

test('a table that was read is published again without a copy, until its files are gone', async () => {
  const inodes = async (name: string) => (await all.views.read(name)).parts.map((part) => statSync(part).ino);
  await python.run(`
    views["first"] = pa.table({"n": pa.array(range(1000))})
    t = views["first"].arrow()
    views["again"] = t
    views["handle"] = views["again"]
    views["changed"] = t.append_column("m", t["n"])
    views["noted"] = t.replace_schema_metadata({"a": "b"})
    views["first"] = t`);
  const first = await inodes('first');
  for (const name of ['again', 'handle']) assert.equal(await inodes(name), first, name);
  for (const name of ['changed', 'noted']) assert.not.equal(await inodes(name), first, name);
  assert.is(await python.run('result = views["changed"].arrow().num_columns'), 2);
  assert.is(statSync((await all.views.read('again')).parts[0]!).mode & 0o777, 0o600);
  for (const name of ['again', 'handle', 'changed', 'noted', 'first']) await all.views.drop(name);
  const kept = (await all.views.list()).length;
  assert.is(await python.run('result = views["first"].rows if "first" in views else 0'), 0);
  // The mapped rows outlive the file, so that they are written again.
  for (const folder of readdirSync(all.directories.arrow))
    rmSync(join(all.directories.arrow, folder), { recursive: true });
  await python.run('views["again"] = t');
  assert.is(await python.run('result = views["again"].arrow().equals(t)'), true);
  assert.is((await all.views.list()).length, kept + 1);
  await all.views.drop('again');
});

test('files that views share count once against the limit', async () => {
  const small = await startViewsSession(new FileViewHolder(), { memoryLimitBytes: 20_000 });
  const other = new PythonProcess(small.session);
  await other.run(`
    from crossview_views import views
    import pyarrow as pa
    views["a"] = pa.table({"n": pa.array(range(1500))})
    views["b"] = views["a"]`);
  const error = await other.fails('views["c"] = pa.table({"n": pa.array(range(1500))})');
  assert.is(error.code, 'VIEW_MEMORY_FULL');
  assert.equal(await other.run('result = list(views)'), ['a', 'b']);
  other.close();
  await small.close();
});

test('a publisher that dies leaves no files', async () => {
  const other = new PythonProcess(all.session);
  await other.run(
    'from crossview_session import session\nd = session().call("views.allocate")["directory"]\nopen(d + "/part-0.arrows", "wb").write(b"half")\nresult = d',
  );
  const before = readdirSync(all.directories.arrow).length;
  other.kill();
  await until('its files are gone', () => readdirSync(all.directories.arrow).length === before - 1, 10_000);
});

test.run();
