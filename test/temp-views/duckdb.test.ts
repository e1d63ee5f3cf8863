import * as assert from 'uvu/assert';
import { FileViewHolder } from '../support/file-view-holder.js';
import { PythonProcess } from '../support/python-process.js';
import { suite } from '../support/suite.js';
import { startViewsSession, type ViewsSession } from '../support/views-session.js';

const test = suite('DuckDB over the views');
let all: ViewsSession;
let python: PythonProcess;

test.before(async () => {
  all = await startViewsSession(new FileViewHolder());
  python = new PythonProcess(all.session);
  await python.run(
    'from crossview_views import views, duckdb_sql\nimport pyarrow as pa\nviews["delays"] = pa.table({"carrier": ["AA", "UA", "AA"], "delay": [1, 2, 3]})',
  );
});
test.after(async () => {
  python.close();
  await all.close();
});

test('without the library it says what to do', async () => {
  await python.run('import sys; kept = sys.modules.get("duckdb"); sys.modules["duckdb"] = None');
  const error = await python.fails('duckdb_sql.query("select 1", views)');
  await python.run('sys.modules.pop("duckdb")');
  assert.is(error.code, 'DUCKDB_MISSING');
  assert.match(error.text, /%pip install duckdb/);
});

test('views by name, values by parameter, results as views', async () => {
  assert.equal(
    await python.run(
      `result = duckdb_sql.query('select carrier, sum(delay)::bigint as total, $least as least from Delays where delay >= $least group by carrier order by carrier', views, {"least": 2}).to_pylist()`,
    ),
    [
      { carrier: 'AA', total: 3, least: 2 },
      { carrier: 'UA', total: 2, least: 2 },
    ],
  );
  await python.run('duckdb_sql.run("select carrier from delays order by delay", views, output="carriers", quiet=True)');
  const made = (await all.views.list()).find((view) => view.name === 'carriers')!;
  assert.equal([made.language, made.rows], ['duckdb', 3]);
  // A view that DuckDB made is one for DuckDB too; nothing here has started Spark.
  assert.equal(await python.run('result = duckdb_sql.query("select count(*) n from carriers", views).to_pylist()'), [
    { n: 3 },
  ]);
});

test('errors are DuckDB’s own, with the views at hand', async () => {
  const missing = await python.fails('duckdb_sql.query("select * from delay", views)');
  assert.is(missing.code, 'SQL_FAILED');
  assert.match(missing.text, /delay[\s\S]*The views are .*delays/);
  assert.match((await python.fails('duckdb_sql.query("selec 1", views)')).text, /selec/);
});

test.run();
