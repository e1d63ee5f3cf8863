import type { CellError } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { type CellRun, runScala, useSpark } from '../support/spark.js';
import { suite } from '../support/suite.js';

const test = suite('spark-session Scala cells', undefined, { timeout: 60_000 });
const spark = useSpark(test);
const run = async (code: string): Promise<CellRun> => runScala((await spark()).host, code);

async function error(code: string): Promise<CellError> {
  const { outcome } = await run(code);
  if (outcome.status !== 'error') throw new Error(`no error but ${outcome.status}`);
  return outcome;
}

test.before(async () => (await spark()).host.start(), { timeout: 120_000 });

test('a result is said as the REPL says it', async () => {
  const { outcome, results } = await run('val x = 5\nx * 2');
  assert.equal(outcome, { status: 'ok' });
  assert.match(results.join(), /^val x: Int = 5\nval res\d+: Int = 10$/);
});

test('the state of earlier cells is there', async () => {
  await run('val kept = Seq(1, 2, 3)');
  assert.match((await run('kept.sum')).results.join(), /: Int = 6$/);
});

test('output streams, in order and on its stream', async () => {
  const { stdout, stderr } = await run('println("zoë 😀"); System.out.print("b"); Console.err.println("c")');
  assert.is(stdout, 'zoë 😀\nb');
  assert.is(stderr, 'c\n');
});

test('what tasks print belongs to their cell', async () => {
  const { stdout } = await run('spark.range(0, 3, 1, 3).foreach(i => println("task " + i))');
  assert.equal(stdout.trim().split('\n').sort(), ['task 0', 'task 1', 'task 2']);
});

test('ten thousand lines arrive whole and in order', async () => {
  const { stdout } = await run('for (i <- 0 until 10000) println(i)');
  assert.is(stdout, Array.from({ length: 10_000 }, (_, i) => `${i}\n`).join(''));
});

test('a case class and its encoder fit in one cell', async () => {
  const { results, outcome } = await run(`
case class Point(n: Long, s: String)
object Point { def origin = Point(0, "o") }
val points = Seq(Point(1, "a"), Point.origin).toDS()
points.map(p => p.copy(n = p.n + 1)).collect().toList`);
  assert.equal(outcome, { status: 'ok' });
  assert.match(results.join(), 'List[Point] = List(Point(2,a), Point(1,o))');
});

test('a class may use what stands below it', async () => {
  const { results } = await run('class Uses { def go = below }\ndef below = 41 + 1\nnew Uses().go');
  assert.match(results.join(), /Int = 42$/);
});

test('spark, sc, sqlContext, implicits and functions are there', async () => {
  const code = 'Seq(sc.appName, sqlContext.sparkSession == spark, Seq(1, 2).toDF("a").agg(sum($"a")).as[Long].head())';
  assert.match((await run(code)).results.join(), 'List(crossview, true, 3)');
});

test('a lambda closes over values of other cells', async () => {
  await run('val offset = 100');
  assert.match((await run('spark.range(3).map(_ + offset).collect().sum')).results.join(), /Long = 303$/);
});

test('nothing and only a comment are fine', async () => {
  for (const code of ['', '  \n', '// only a comment', '/* two\nlines */'])
    assert.equal((await run(code)).outcome, { status: 'ok' });
});

test('an open bracket is named', async () => {
  assert.is((await error('def f(a: Int) = {')).name, 'IncompleteCell');
});

test('compile errors say line, place and all that is wrong', async () => {
  const { name, value, traceback } = await error('val a = 1\nval b = missing + 1\nval c: Int = "s"');
  assert.is(name, 'CompileError');
  assert.is(value, 'not found: value missing');
  const text = traceback.join('\n');
  assert.match(text, 'cell line 2: error: not found: value missing\n  val b = missing + 1\n          ^');
  assert.match(text, 'cell line 3: error: type mismatch;');
});

test('compile errors behind a class keep their line', async () => {
  const { traceback } = await error('case class A(x: Int)\nval fine = 1\nmissing');
  assert.match(traceback.join('\n'), 'cell line 3: error: not found: value missing');
});

test('an exception keeps class, message and the user’s frames only', async () => {
  assert.equal(await error('def div(a: Int) = {\n  1 / a\n}\ndiv(0)'), {
    status: 'error',
    name: 'java.lang.ArithmeticException',
    value: '/ by zero',
    traceback: ['java.lang.ArithmeticException: / by zero', '  at div, cell line 2', '  at cell line 4'],
  });
});

test('a failed task names its cause without the stack of the scheduler', async () => {
  const { name, value, traceback } = await error('val zero = 0\nspark.range(3).map(i => 10 / zero).collect()');
  assert.is(name, 'org.apache.spark.SparkException');
  assert.match(value, 'java.lang.ArithmeticException: / by zero');
  assert.not.match(value, '\tat ');
  assert.ok(traceback.includes('Caused by: java.lang.ArithmeticException: / by zero'), traceback.join('\n'));
  assert.ok(traceback.length < 15, traceback.join('\n'));
});

test('a missing table is an AnalysisException without the plan', async () => {
  const { name, value } = await error('spark.table("nowhere")');
  assert.is(name, 'org.apache.spark.sql.AnalysisException');
  assert.match(value, 'TABLE_OR_VIEW_NOT_FOUND');
  assert.not.match(value, 'UnresolvedRelation');
});

test('an error is not the error of the cell before', async () => {
  await error('sys.error("first")');
  assert.is((await error('sys.error("second")')).value, 'second');
});

test('results before a failure in the same cell are not lost', async () => {
  const { outcome } = await run('val before = 7\nsys.error("late")');
  assert.is(outcome.status, 'error');
});

test('display and displayHTML', async () => {
  const { session, directories, host } = await spark();
  let asked: unknown;
  session.method('views.allocate', () => ({ directory: directories.arrow }));
  session.method('frames.render', (params) => {
    asked = params;
    return { data: { 'text/plain': 'a table' }, metadata: {} };
  });
  const { displays, outcome } = await runScala(
    host,
    'display(spark.range(5).toDF("n")); displayHTML("<b>x</b>"); display(42)',
  );
  assert.equal(outcome, { status: 'ok' });
  assert.equal(displays, [
    { 'text/plain': 'a table' },
    { 'text/plain': '<b>x</b>', 'text/html': '<b>x</b>' },
    { 'text/plain': '42' },
  ]);
  const { data } = asked as { data: { rows: number; totalRows: number } };
  assert.equal([data.rows, data.totalRows], [5, 5]);
});

test('completion gives names of the session and of types', async () => {
  const { host } = await spark();
  await run('val flightDelays = 1');
  assert.equal(await host.completeScala('flightDe', 8), { matches: ['flightDelays'], start: 0, end: 8 });
  const members = await host.completeScala('val q = 1\nSeq(1).ma', 19);
  assert.ok(members.matches.includes('map') && members.start === 17, JSON.stringify(members));
});

test('inspection gives declarations', async () => {
  const { host } = await spark();
  const found = await host.inspectScala('spark.range(3)', 9);
  assert.match(found?.['text/plain'] ?? '', 'def range(end: Long): org.apache.spark.sql.Dataset[Long]');
  assert.is(await host.inspectScala('spark.nothingLikeThis', 9), undefined);
});

test('completeness', async () => {
  const { host } = await spark();
  assert.is((await host.isCompleteScala('def f = {')).status, 'incomplete');
  assert.is((await host.isCompleteScala('1 + 1')).status, 'complete');
  assert.is((await host.isCompleteScala(')')).status, 'invalid');
});

test.run();
