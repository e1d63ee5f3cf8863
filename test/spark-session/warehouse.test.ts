import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { temporaryDirectory } from '../support/paths.js';
import { newSpark, type TestSpark, testCell } from '../support/spark.js';
import { suite } from '../support/suite.js';

const minutes = 60_000;
const test = suite('tables that last', undefined, { timeout: 4 * minutes });
const folder = temporaryDirectory('warehouse');
const conf = {
  'spark.driver.memory': '1g',
  'spark.sql.warehouse.dir': join(folder, 'tables'),
  'spark.crossview.warehouse.catalog': join(folder, 'catalog'),
};

async function sql({ host }: TestSpark, code: string): Promise<string> {
  const { cell } = testCell(code);
  const { outcome, head } = await host.sql(cell, { headRows: 100 });
  if (outcome.status === 'ok') return `${head?.rows ?? 0} rows`;
  return outcome.status === 'error' ? `${outcome.name}: ${outcome.value.split('\n')[0]}` : outcome.status;
}

async function close({ host, session }: TestSpark): Promise<void> {
  await host.close();
  await session.close();
}

test('two sessions use one warehouse at once, and a later one finds what they made', async () => {
  const [one, two] = [await newSpark({ conf, warm: false }), await newSpark({ conf, warm: false })];
  try {
    await sql(one, 'create table numbers using parquet as select id, id % 2 as odd from range(10)');
    assert.is(await sql(two, 'select * from numbers'), '10 rows', 'the other session sees it at once');
    await sql(two, 'create database more; create view more.odd as select * from default.numbers where odd = 1');
    assert.is(await sql(one, 'select * from more.odd'), '5 rows');
    await sql(one, 'create table parts (v int, p int) using parquet partitioned by (p)');
    await sql(one, 'insert into parts values (1, 1), (2, 2), (3, 2)');
    assert.is(await sql(two, 'show partitions parts'), '2 rows');
    assert.is(await sql(two, 'select * from parts where p = 2'), '2 rows');
    await sql(one, 'create table gone using parquet as select 1 as a');
    await sql(two, 'drop table gone');
    assert.match(await sql(one, 'select * from gone'), /TABLE_OR_VIEW_NOT_FOUND/);
    // Both at once: each change is on the disk, and none was lost.
    const make = async (spark: TestSpark, name: string) => {
      for (const at of [1, 2, 3]) await sql(spark, `create table ${name}${at} (a int) using parquet`);
    };
    await Promise.all([make(one, 'first'), make(two, 'second')]);
    assert.is(await sql(one, "show tables like 'first*|second*'"), '6 rows');
    await sql(two, 'alter table numbers rename to figures');
    assert.is(await sql(one, 'select * from figures'), '10 rows');
  } finally {
    await Promise.all([close(one), close(two)]);
  }
  const later = await newSpark({ conf, warm: false });
  try {
    assert.is(await sql(later, 'select * from figures'), '10 rows');
    await sql(later, 'drop database more cascade; drop table figures');
    assert.not.ok(existsSync(join(folder, 'tables', 'figures')));
    assert.match(await sql(later, 'select * from more.odd'), /NOT_FOUND/);
  } finally {
    await close(later);
  }
});

test.run();
