import * as assert from 'uvu/assert';
import { contents, kinds, textOn } from '../support/kernel-client.js';
import { kernelOnSpark } from '../support/kernel-on-spark.js';
import { suite } from '../support/suite.js';

const test = suite('cells on Spark', undefined, { timeout: 90_000 });
const kernel = kernelOnSpark(test);

const run = (code: string) => kernel.session.client.execute(code);

test('silent cells and probes of a front end never start Spark', async () => {
  const { client } = kernel.session;
  await client.execute('import sys', { silent: true });
  await client.execute('%%sql\nSELECT 1', { silent: true });
  await client.execute('%%spark\n1', { silent: true });
  await client.ask('complete_request', { code: '%%spark\nsp', cursor_pos: 10 });
  await client.ask('is_complete_request', { code: 'x = (' });
  assert.is(kernel.spark.host.state, 'stopped');
});

test(
  'PySpark, Scala and SQL cells share one session',
  async () => {
    const python = await run(
      'df = spark.range(5).selectExpr("id", "id * 1.5 as price")\ndf.createOrReplaceTempView("numbers")\nprint(df.count())',
    );
    assert.is(textOn(python), '5\n');
    const scala = await run(
      '%%spark\nprintln(spark.table("numbers").count)\nspark.range(3).createOrReplaceTempView("three")',
    );
    assert.match(textOn(scala), /^5\n/);
    const sql = await run('%%sql\nSELECT count(*) AS n FROM numbers JOIN three USING (id)');
    assert.equal(kinds(sql), ['busy', 'execute_input', 'execute_result', 'idle']);
    const data = contents(sql, 'execute_result')[0]?.data as Record<string, unknown>;
    assert.is(data['text/plain'], 'n\n-\n3\n1 row');
  },
  { timeout: 240_000 },
);

test('-o and NAME << keep the whole result as a view, rows shown stay few', async () => {
  const shown = await run('%%sql -n 2 -o kept\nSELECT id FROM range(10)');
  const data = contents(shown, 'execute_result')[0]?.data as Record<string, unknown>;
  assert.match(String(data['text/plain']), /2 (of 10 )?rows$/);
  assert.is(textOn(await run('print(spark.table("kept").count())')), '10\n');
  await run('%%sql -q\nalso << SELECT id FROM range(4)');
  assert.is(textOn(await run('print(spark.table("also").count())')), '4\n');
});

test('what a SQL cell names is a variable of the Python cells after it, and _sqldf is its last result', async () => {
  await run('%%sql\nSELECT id * 2 AS twice FROM range(3)');
  assert.is(textOn(await run('print([row.twice for row in _sqldf.collect()])')), '[0, 2, 4]\n');
  await run('%%sql\nCREATE OR REPLACE TEMP VIEW nothing AS SELECT 1 AS one');
  assert.is(textOn(await run('print(_sqldf.columns)')), "['twice']\n");
  assert.is(textOn(await run('%%python\nprint(_sqldf["twice"].tolist(), views["_sqldf"].rows)')), '[0, 2, 4] 3\n');
  await run('%%sql -o named\nSELECT id FROM range(4)');
  assert.is(textOn(await run('named = named.filter("id > 1")\nprint(named.count())')), '2\n');
  assert.is(textOn(await run('print(named.count())')), '2\n');
  // Given anew by a SQL cell, it is that again.
  await run('%%sql -q\nnamed << SELECT id FROM range(9)');
  assert.is(textOn(await run('print(named.count())')), '9\n');
  assert.is(textOn(await run('named = 1\nprint(named)')), '1\n');
  assert.is(textOn(await run('%%python\nprint(len(named))')), '9\n');
});

test('{name} is a value of Python, bound and never text', async () => {
  await run(
    'import datetime, decimal\nname = "O\'Brien \\\\ {x}"\nn = 2**60\nday = datetime.date(2013, 1, 1)\nprice = decimal.Decimal("-1.50")\nratio = 0.1',
  );
  const answer = await run(
    "%%sql\nSELECT {name} AS name, {n} AS n, {day} AS day, 0-{price} AS price, {ratio} AS ratio, '{name}' AS text",
  );
  const data = contents(answer, 'execute_result')[0]?.data as {
    'application/vnd.dataresource+json': { data: object[] };
  };
  assert.equal(data?.['application/vnd.dataresource+json'].data, [
    { name: "O'Brien \\ {x}", n: (2n ** 60n).toString(), day: '2013-01-01', price: '1.50', ratio: 0.1, text: '{name}' },
  ]);
  const unknown = await run('%%sql\nSELECT {nobody}');
  assert.is(unknown.reply.content.ename, 'PARAMETER_UNKNOWN');
});

test('one line of SQL may go to a variable, tables and functions of Spark complete', async () => {
  const few = await run('few = %sql SELECT id FROM range(3)\nprint(few.count())');
  assert.is(textOn(few), '3\n', JSON.stringify(few.reply.content));
  const pandas = await run('%%python\nmore = %sql SELECT id FROM range(4)\nprint(len(more))');
  assert.is(textOn(pandas), '4\n', JSON.stringify(pandas.reply.content));
  await run('%%spark -o squares\nval squares = spark.range(4).selectExpr("id * id AS square")');
  assert.is(textOn(await run('print(spark.table("squares").count())')), '4\n');
  await run('%%sql\nCREATE TABLE orders (order_id INT, amount DECIMAL(9,2)) USING parquet');
  const ask = async (text: string) => {
    const code = `%%sql\n${text.replace('|', '')}`;
    return { code, cursor_pos: '%%sql\n'.length + text.indexOf('|') };
  };
  const { reply } = await kernel.session.client.ask('complete_request', await ask('SELECT o.am| FROM orders o'));
  assert.equal(reply.content.matches, ['amount']);
  const functions = await kernel.session.client.ask('complete_request', await ask('SELECT approx_per|'));
  assert.ok((functions.reply.content.matches as string[]).includes('approx_percentile'));
  const described = await kernel.session.client.ask('inspect_request', {
    ...(await ask('SELECT approx_perc|entile')),
    detail_level: 0,
  });
  assert.match(JSON.stringify(described.reply.content.data), 'percentile');
});

test('errors come in the words of their language', async () => {
  const scala = await run('%%spark\nval x: Int = "text"');
  assert.is(scala.reply.content.status, 'error');
  assert.match(String(scala.reply.content.evalue) + String(scala.reply.content.traceback), /type mismatch/);
  const sql = await run('%%sql\nSELEC 1');
  assert.is(sql.reply.content.status, 'error');
  const python = await run('spark.table("no_such_view")');
  assert.match(String(python.reply.content.ename), /AnalysisException/);
});

test('display shows Spark frames with the number of rows', async () => {
  const answer = await run('display(spark.range(2500))');
  const data = contents(answer, 'display_data')[0]?.data as Record<string, unknown>;
  assert.match(String(data['text/html']), '1,000 of 2,500 rows');
});

const frameOf = (answer: Awaited<ReturnType<typeof run>>) => {
  assert.is(answer.reply.content.status, 'ok', JSON.stringify(answer.reply.content));
  const data = contents(answer, 'display_data')[0]?.data as Record<string, unknown>;
  const { data: rows } = data['application/vnd.dataresource+json'] as { data: Record<string, unknown>[] };
  return { html: String(data['text/html']), rows };
};

test('display takes a summary and a chart, in Python and Scala alike', async () => {
  const frame =
    'spark.range(1, 5).selectExpr("id", "if(id = 2, null, concat(\'n\', id)) as name", "array(id) as list")';
  for (const cell of [`display(${frame}, summary=True)`, `%%spark\ndisplay(${frame}, summary = true)`]) {
    const { rows } = frameOf(await run(cell));
    const { stddev, ...id } = rows[0]!;
    assert.ok(Math.abs(Number(stddev) - 1.29099) < 0.001);
    const nothing = { mean: null, stddev: null, '25%': null, '50%': null, '75%': null };
    assert.equal(id, {
      ...{ column: 'id', type: 'bigint', count: 4, missing: 0, distinct: 4 },
      ...{ mean: 2.5, min: '1', '25%': 1, '50%': 2, '75%': 3, max: '4' },
    });
    assert.equal(rows[1], {
      ...{ column: 'name', type: 'string', count: 3, missing: 1, distinct: 3 },
      ...{ ...nothing, min: 'n1', max: 'n4' },
    });
    assert.equal(rows[2], {
      ...{ column: 'list', type: 'array<bigint>', count: 4, missing: 0, distinct: null },
      ...{ ...nothing, min: null, max: null },
    });
  }
  const charts = [
    `display(${frame}, chart="pie", key="name", values="id")`,
    `%%spark\ndisplay(${frame}, chart = "pie", key = "name", values = Seq("id"))`,
  ];
  for (const cell of charts) assert.match(frameOf(await run(cell)).html, '{"type":"pie","key":"name","values":["id"]}');
  const wrong = await run(`display(${frame}, chart="pie", key="nobody")`);
  assert.match(
    String(wrong.reply.content.evalue),
    /^The frame has no column "nobody"\nIts columns are id, name, list\.$/,
  );
  const stream = await run('display(spark.readStream.format("rate").load())');
  assert.match(String(stream.reply.content.evalue), /streaming frame has no first rows/);
});

test('SQL and Scala say of how many rows these are the first', async () => {
  const sql = await run('%%sql -n 5\nSELECT id FROM range(2500)');
  const data = contents(sql, 'execute_result')[0]?.data as Record<string, unknown>;
  assert.match(String(data['text/html']), '5 of 2,500 rows');
  assert.match(frameOf(await run('%%spark\ndisplay(spark.range(2500))')).html, '1,000 of 2,500 rows');
});

test('displayHTML shows HTML', async () => {
  for (const cell of ['displayHTML("<b>x</b>")', '%%spark\ndisplayHTML("<b>x</b>")', '%%ts\ndisplayHTML("<b>x</b>")']) {
    const data = contents(await run(cell), 'display_data')[0]?.data as Record<string, unknown>;
    assert.is(data['text/html'], '<b>x</b>', cell);
  }
});

test('a view of local Python is there for Spark cells, and back', async () => {
  const made = await run(
    '%%python\nimport pandas as pd\nviews["local_frame"] = pd.DataFrame({"id": [1, 2, 3], "t": ["a", None, "c"]})',
  );
  assert.is(made.reply.content.status, 'ok', JSON.stringify(made.reply.content));
  assert.is(textOn(await run('print(spark.table("local_frame").where("t is null").count())')), '1\n');
  assert.is(textOn(await run('%%python\nprint(len(views["numbers"]))')), '5\n');
});

test('%%send_to_spark makes a frame of local Python a view and a frame of Spark', async () => {
  await run('%%local\nimport pandas\nsent = pandas.DataFrame({"n": [1, 2, 3]})');
  assert.is((await run('%%send_to_spark -i sent -t df -n from_here')).reply.content.status, 'ok');
  assert.is(textOn(await run('print(spark.table("from_here").selectExpr("sum(n)").first()[0])')), '6\n');
  assert.is(textOn(await run('print(from_here.count())')), '3\n');
});

test('stop cancels a Spark job from Python, SQL and Scala; the next cell runs', async () => {
  const slow = {
    '': 'spark.sparkContext.parallelize(range(4), 4).map(lambda x: __import__("time").sleep(60)).count()',
    '%%pyspark\n':
      'import time\nspark.udf.register("slow", lambda x: time.sleep(60))\nspark.range(4).selectExpr("slow(id)").collect()',
    '%%sql\n': 'SELECT count(*) FROM range(100000000000) a WHERE sqrt(id) < 0',
    '%%spark\n': 'spark.range(100000000000L).filter(x => math.sqrt(x.toDouble) < 0).count()',
    '%%scala\n': 'while (true) {}',
  };
  for (const [magic, code] of Object.entries(slow)) {
    const running = run(magic + code);
    await kernel.session.client.begun();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const start = performance.now();
    await kernel.session.client.ask('interrupt_request', {}, 'control');
    const answer = await running;
    assert.is(answer.reply.content.status, 'error', magic);
    if (magic === '' || magic === '%%pyspark\n') {
      assert.is(answer.reply.content.ename, 'KeyboardInterrupt');
      const [shown] = contents(answer, 'error');
      assert.is(shown?.ename, 'KeyboardInterrupt');
      assert.not.match(JSON.stringify(shown?.traceback), /py4j|pyspark/);
    }
    assert.ok(performance.now() - start < 20_000, `${magic} took ${performance.now() - start} ms to stop`);
    assert.is(textOn(await run('print(df.count())')), '5\n');
  }
});

test('a line about a long Spark job is updated in place and leaves nothing behind', async () => {
  const code =
    'print("before")\nprint(spark.sparkContext.parallelize(range(8), 8).map(lambda x: __import__("time").sleep(0.6) or x).sum())';
  const watched = await kernel.session.client.execute(code, { allow_stdin: true }, { cellId: 'a1' });
  const [line] = contents(watched, 'display_data');
  assert.match(
    String((line?.data as Record<string, string> | undefined)?.['text/plain']),
    /^Spark job \d+: \d of 8 tasks, 0 of 1 stages done/,
  );
  assert.ok(contents(watched, 'update_display_data').length > 0);
  const after = kinds(watched).slice(kinds(watched).lastIndexOf('clear_output'));
  assert.equal(after, ['clear_output', 'stream', 'idle']);
  assert.is(contents(watched, 'stream').at(-1)?.text, 'before\n28\n');
  const terminal = await kernel.session.client.execute(code, { allow_stdin: true });
  const unwatched = await kernel.session.client.execute(code);
  for (const answer of [terminal, unwatched])
    assert.equal(new Set(kinds(answer)), new Set(['busy', 'execute_input', 'stream', 'idle']));
});

test('%%time stands over any language', async () => {
  const answer = await run('%%time\n%%sql\nSELECT 1 AS one');
  assert.match(textOn(answer), /Wall time: /);
  assert.equal(kinds(answer), ['busy', 'execute_input', 'execute_result', 'stream', 'idle']);
});

test.run();
