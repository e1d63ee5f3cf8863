import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { temporaryDirectory } from '../support/paths.js';
import { runScala } from '../support/spark.js';
import { suite } from '../support/suite.js';
import { sql, useSynapseSpark } from '../support/synapse.js';
import { testToolchain } from '../support/toolchain.js';

const test = suite('the Parquet that Spark stages', undefined, { timeout: 180_000 });
const open = useSynapseSpark(test);
const folder = temporaryDirectory('staging-format');
const rows = 260_000;

async function scala(code: string): Promise<string> {
  const run = await runScala((await open()).spark.host, code);
  if (run.outcome.status !== 'ok') throw new Error(JSON.stringify(run.outcome));
  return run.stdout;
}

/** Two files of two row groups each: few and many distinct values, NULLs here and there and everywhere, every type. */
const source = `
val source = spark.range(0, ${rows}, 1, 2).selectExpr("id",
  "cast(id % 7 as int) few", "cast(id * 31 % 200003 as int) many", "if(id % 3 = 0, null, cast(id % 100 as smallint)) sh",
  "cast(null as int) nothing", "id % 2 = 0 flag", "if(id % 5 = 0, null, id % 2 = 1) maybe", "cast(id as float) / 3 f",
  "if(id % 11 = 0, null, cast(id as double) / 7) d", "cast(id - 130000 as decimal(9,2)) d9",
  "cast((id - 130000) * 1000001 as decimal(18,4)) d18",
  "cast(concat(if(id % 2 = 0, '-', ''), '12345678901234567890', id) as decimal(38,6)) d38",
  "concat('carrier ', id % 20) t_few", "concat('größe 😀 ', id) t_many", "if(id % 4 = 0, null, repeat('x', cast(id % 300 as int))) t_null",
  "if(id % 6 = 0, null, encode(concat('b', id), 'utf-8')) bin", "date_add(date'0001-01-01', cast(id % 3000000 as int)) day",
  "timestamp_micros(id * 98765432101 - 9000000000000000) at")
def sums(frame: org.apache.spark.sql.DataFrame) =
  frame.selectExpr((Seq("count(*)") ++ source.columns.map(c => s"sum(cast(hash(\`$c\`) as bigint))") ++ source.columns.map(c => s"count(\`$c\`)")): _*).head.toSeq`;

test('Spark’s own reader finds every value where it was', async () => {
  const out = await scala(`${source}
source.write.format("org.apache.spark.sql.crossview.synapse.StagingFormat").save("file://${folder}/all")
val back = spark.read.parquet("file://${folder}/all")
println(back.schema.map(_.dataType) == source.schema.map(_.dataType))
println(if (sums(source) == sums(back)) "the same" else sums(source) + "\\n" + sums(back))`);
  assert.match(out, /true\nthe same\n/);
});

test('so does Arrow’s, and the number of NULLs stands in the file', () => {
  const program = `import sys, glob, json
import pyarrow.parquet as pq
files = glob.glob(sys.argv[1] + "/*.parquet")
meta = [pq.ParquetFile(f).metadata for f in files]
groups = sum(m.num_row_groups for m in meta)
t = pq.read_table(sys.argv[1])
nulls = {n: t.column(n).null_count for n in t.schema.names}
stated = {n: 0 for n in t.schema.names}
for m in meta:
    for g in range(m.num_row_groups):
        for c in range(m.num_columns):
            column = m.row_group(g).column(c)
            stated[column.path_in_schema] += column.statistics.null_count if column.statistics else 0
            assert column.compression == "SNAPPY"
import pyarrow.compute as pc
print(json.dumps([len(files), groups, t.num_rows, nulls == stated, nulls["nothing"], nulls["t_null"], pc.sum(t["id"]).as_py(), str(t.schema.field("at").type), pc.count_distinct(t["t_many"]).as_py()]))`;
  const out = execFileSync(testToolchain().python, ['-c', program, join(folder, 'all')], { encoding: 'utf8' });
  assert.equal(JSON.parse(out), [
    ...[2, 4, rows, true, rows, rows / 4],
    ...[(rows * (rows - 1)) / 2, 'timestamp[ns]', rows],
  ]);
});

test('and the pool’s', async () => {
  const { pool } = await open();
  await scala(`${source}
source.drop("nothing", "day").write.mode("overwrite").option("maxStringLength", "300").synapsesql("staged.dbo.everything")`);
  const [row] = await sql(
    pool,
    'staged',
    `SELECT COUNT_BIG(*) AS n, SUM(id) AS s, COUNT_BIG(maybe) AS maybe, COUNT_BIG(bin) AS bin, SUM(CAST(many AS bigint)) AS many,
SUM(CAST(LEN(t_null) AS bigint)) AS t, COUNT_BIG(DISTINCT t_many) AS texts, CAST(SUM(d9) AS float) AS d9, CAST(MAX(d38) AS varchar(50)) AS d38,
CONVERT(varchar(30), MIN(at), 121) AS at FROM dbo.everything`,
  );
  const expected = await scala(
    `println(source.selectExpr("sum(cast(many as bigint))", "sum(length(t_null))", "max(d38)").head.toSeq.mkString(" "))`,
  );
  assert.equal([row?.n, row?.s, row?.maybe, row?.bin], [260_000n, 33_799_870_000n, 208_000n, 216_666n]);
  assert.is([row?.many, row?.t, row?.d38].join(' '), expected.trim());
  assert.equal([row?.texts, row?.d9], [260_000n, -130_000]);
  assert.is(row?.at, '1684-10-19 08:00:00.0000000');
});

test('a table of a thousand columns, and texts of megabytes', async () => {
  const out = await scala(`
val wide = spark.range(0, 3000, 1, 1).selectExpr((0 until 1000).map(i => s"id + $i as c$i"): _*)
wide.write.format("org.apache.spark.sql.crossview.synapse.StagingFormat").save("file://${folder}/wide")
val b = spark.read.parquet("file://${folder}/wide"); println(b.selectExpr("sum(c0)", "sum(c999)", "count(c500)").head)
val long = spark.range(0, 100, 1, 1).selectExpr("id", "concat(id, repeat('y', 2000000)) t")
long.write.format("org.apache.spark.sql.crossview.synapse.StagingFormat").save("file://${folder}/long")
println(spark.read.parquet("file://${folder}/long").selectExpr("sum(length(t))", "count(distinct t)").head)`);
  assert.match(out, /\[4498500,7495500,3000\]\n\[200000190,100\]/);
});

test.run();
