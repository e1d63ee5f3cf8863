import * as assert from 'uvu/assert';
import { newSpark, runScala, type TestSpark, testCell } from '../support/spark.js';
import { suite } from '../support/suite.js';
import { until } from '../support/until.js';

const test = suite('spark-session Stop', undefined, { timeout: 60_000 });
/** Not the shared one: what is stopped here by force must not be the reason for a failure elsewhere. */
let own: Promise<TestSpark> | undefined;
const spark = () => {
  own ??= newSpark();
  return own;
};

test.before(async () => (await spark()).host.start(), { timeout: 120_000 });
test.after(async () => {
  const { host, session } = await spark();
  await host.close();
  await session.close();
});

async function stopAfter(code: string, milliseconds: number) {
  const { host } = await spark();
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), milliseconds);
  const begun = Date.now();
  const { outcome } = await runScala(host, code, stop.signal);
  clearTimeout(timer);
  return { name: outcome.status === 'error' ? outcome.name : outcome.status, took: Date.now() - begun - milliseconds };
}

test('progress of a long job is told and ends', async () => {
  const { host } = await spark();
  const seen: { cellId: string; tasks: number; tasksDone: number; done: boolean }[] = [];
  const release = host.onProgress((progress) => seen.push(progress));
  const { cell } = testCell('spark.range(0, 8, 1, 8).foreach(_ => Thread.sleep(250))');
  await host.scala(cell);
  await until('its end is told', () => seen.some(({ done }) => done), 15_000);
  release();
  assert.ok(seen.length >= 3, JSON.stringify(seen));
  assert.ok(seen.every(({ cellId, tasks }) => cellId === cell.id && tasks === 8));
  assert.equal([seen.at(-1)?.done, seen.at(-1)?.tasksDone], [true, 8]);
});

test('cancelling what does not run does nothing', async () => {
  const { host } = await spark();
  await host.cancelJobs('no-such-cell');
});

test('a cell that is stopped before it begins does not run', async () => {
  const { took } = await stopAfter('val never = 1', 0);
  assert.ok(took < 10_000, `${took} ms`);
  const { host } = await spark();
  const { outcome, stdout } = await runScala(host, 'println("ran")', AbortSignal.abort());
  assert.equal([outcome.status, stdout], ['error', '']);
});

test('a Stop that reaches the JVM before its cell ends that cell', async () => {
  const { host } = await spark();
  const scala = testCell('println("ran")');
  await host.cancelJobs(scala.cell.id);
  const { outcome, stdout } = scala.finish(await host.scala(scala.cell));
  assert.equal([outcome.status === 'error' && outcome.name, stdout], ['KeyboardInterrupt', '']);
  const sql = testCell('select 1').cell;
  await host.cancelJobs(sql.id);
  const answer = await host.sql(sql, { headRows: 10 });
  assert.is(answer.outcome.status === 'error' && answer.outcome.name, 'KeyboardInterrupt');
});

test('a SQL cell ends', async () => {
  const { host } = await spark();
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 1500);
  const { cell } = testCell('select sum(id % 7) from range(10000000000000)', stop.signal);
  const { outcome } = await host.sql(cell, { headRows: 10 });
  assert.is(outcome.status === 'error' && outcome.name, 'KeyboardInterrupt');
});

test(
  'a SQL cell that is stopped at any moment of its start leaves no core busy',
  async () => {
    const { host } = await spark();
    for (let after = 0; after <= 800; after += 50) {
      const stop = new AbortController();
      setTimeout(() => stop.abort(), after);
      // Another constant each time, so that its code is compiled anew: the tasks may begin when the cell has ended.
      const sql = `select sum(id % ${7 + after}) from range(10000000000000)`;
      const { outcome } = await host.sql(testCell(sql, stop.signal).cell, { headRows: 10 });
      assert.is(outcome.status === 'error' && outcome.name, 'KeyboardInterrupt', `${after} ms`);
    }
    const { results } = await runScala(host, 'sc.parallelize(1 to 2, 2).map(_ * 2).sum()', AbortSignal.timeout(30_000));
    assert.match(results.join(), /Double = 6.0$/);
  },
  { timeout: 120_000 },
);

test(
  'Spark jobs, sleeps and loops end, and the variables survive',
  async () => {
    const { host } = await spark();
    await runScala(host, 'var survives = 11; var turns = 0L; def endless(n: Long): Long = endless(n + 1)');
    const cases = [
      // Rows that are taken one by one from a range: Spark itself never looks here.
      ['spark.range(1000000000000L).map(_ + 1).reduce(_ + _)', 1500],
      ['spark.range(4).map { n => while (n >= 0) {}; n }.collect()', 1500],
      [
        'sc.parallelize(1 to 2).foreach { n => while (true) try Thread.sleep(10) catch { case e: Exception => () } }',
        1500,
      ],
      ['Thread.sleep(100000)', 300],
      ['spark.range(0, 2, 1, 2).foreach(_ => Thread.sleep(100000))', 1500],
      ['while (true) { turns += 1 }', 300],
      ['endless(0)', 300],
      ['(1L to 1000000000000L).foreach { case n => turns += n }', 300],
      ['while (true) { try { spark.range(100000000L).map(_ + 1).count() } catch { case e: Exception => () } }', 1500],
    ] as const;
    for (const [code, after] of cases) {
      const { name, took } = await stopAfter(code, after);
      assert.is(name, 'KeyboardInterrupt', code);
      assert.ok(took < 15_000, `${code} ended ${took} ms after Stop`);
    }
    assert.match((await runScala(host, 'survives + spark.range(2).count()')).results.join(), /Long = 13$/);
    // Each core is free again: a task that went on would keep one of the two for ever.
    assert.match((await runScala(host, 'sc.parallelize(1 to 2, 2).map(_ * 2).sum()')).results.join(), /Double = 6.0$/);
  },
  { timeout: 150_000 },
);

test('what is looked for in loops changes no meaning', async () => {
  const { host } = await spark();
  const code = `import scala.annotation.tailrec
@tailrec def sum(n: Int, all: Int): Int = if (n == 0) all else sum(n - 1, all + n)
def constant = 7
final val literal = 3
class Counter(var n: Int) { def this() = this(5); def up(): Int = { n += 1; n } }
case class Point(x: Int, y: Int) { require(x >= 0) }
val partial: PartialFunction[Int, String] = { case 1 => "one" }
val lazily = { var i = 0; do { i += 1 } while (i < 4); i }
implicit class Twice(val n: Int) extends AnyVal { def twice: Int = n * 2 }
println(Seq(sum(100, 0), constant, literal, new Counter().up(), Point(1, 2).copy(y = 3).y, lazily, 4.twice).mkString(" "))
println(partial.isDefinedAt(2), spark.range(3).map(n => Point(n.toInt, 1)).filter(_.x > 0).count())`;
  const { outcome, stdout } = await runScala(host, code);
  assert.is(outcome.status, 'ok', JSON.stringify(outcome));
  assert.is(stdout, '5050 7 3 6 3 4 8\n(false,2)\n');
});

test.run();
