import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { type CellAnswer, type ForeignClient, startForeignClient } from '../support/jupyter-client.js';
import { temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';

const test = suite('Stop and death, as a front end has them', undefined, { timeout: 4 * 60_000 });
let kernel: ForeignClient;
test.before(async () => {
  kernel = await startForeignClient('synapse_pyspark', temporaryDirectory('stop'));
  assert.is((await kernel.execute('kept = 7\nprint(spark.range(3).count())')).status, 'ok');
});
test.after(() => kernel?.close());

const textOf = ({ outputs }: CellAnswer) => outputs.map(({ text = '' }) => text).join('');
const slow = 'range(0, 64, 1, 64)';

test('a running synapsesql stops in Scala and in Python; nothing is half there, variables survive', async () => {
  for (const [language, cell] of [
    [
      'Scala',
      `%%spark\nspark.${slow}.map { n => Thread.sleep(1000); n.longValue }.toDF("id").write.synapsesql("db.dbo.half")`,
    ],
    [
      'Python',
      `import time\nspark.${slow}.rdd.map(lambda row: time.sleep(1) or (row.id,)).toDF(["id"]).write.synapsesql("db.dbo.half")`,
    ],
  ] as const) {
    const running = kernel.execute(cell);
    await pause(6000);
    const begun = Date.now();
    kernel.interrupt();
    const answer = await running;
    assert.is(answer.ename, 'KeyboardInterrupt', `${language}: ${answer.ename} ${answer.evalue}`);
    assert.ok(Date.now() - begun < 45_000, `${language} took ${Date.now() - begun} ms to stop`);
    assert.is(textOf(await kernel.execute('print(kept)')), '7\n');
  }
  const half = await kernel.execute("%%tsql -database db\nSELECT count(*) AS n FROM sys.tables WHERE name = 'half'");
  assert.match(JSON.stringify(half.outputs), /"n":0/);
});

test('a JVM that ends is named in the cell, whatever its language; the next cell has a new one', async () => {
  const scala = await kernel.execute(
    '%%spark\nnew java.io.PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err)).println("last words of the JVM"); Runtime.getRuntime.halt(9)',
  );
  assert.is(scala.ename, 'SPARK_ENDED');
  assert.match(String(scala.evalue), 'last words of the JVM');
  assert.is(textOf(await kernel.execute('print(spark.range(4).count(), kept)')), '4 7\n');
  const python = await kernel.execute('spark._jvm.java.lang.Runtime.getRuntime().halt(9)');
  assert.is(python.ename, 'SPARK_ENDED', `${python.ename}: ${python.evalue}`);
  assert.is(textOf(await kernel.execute('print(spark.range(5).count(), kept)')), '5 7\n');
});

test('a Python that ends is named with how it ended; the next cell has a new one', async () => {
  const died = await kernel.execute('import os\nos._exit(3)');
  assert.is(died.ename, 'SUB_KERNEL_DIED');
  assert.match(String(died.evalue), 'It ended with code 3');
  assert.is(textOf(await kernel.execute('print(spark.range(6).count())')), '6\n');
});

test('rows of one line of SQL go to a variable, in Python with Spark and without', async () => {
  for (const [magic, count] of [
    ['%%pyspark', 'few.count()'],
    ['%%python', 'len(few)'],
  ]) {
    const answer = await kernel.execute(`${magic}\nfew = %sql SELECT id FROM range(3)\nprint(${count})`);
    assert.is(textOf(answer), '3\n', `${magic}: ${answer.ename} ${answer.evalue}`);
  }
});

test.run();
