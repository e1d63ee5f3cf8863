import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { root } from '../support/paths.js';
import { sparkToolchain } from '../support/spark.js';
import { suite } from '../support/suite.js';
import { useSynapseSpark } from '../support/synapse.js';

const test = suite('one table of all types from Spark through the SQL pool', undefined, { timeout: 150_000 });
const open = useSynapseSpark(test);

/** What PySpark prints, with the table of all types within its reach. */
async function pyspark(code: string): Promise<string> {
  const { spark } = await open();
  await spark.host.start();
  const { python, pythonPath, sparkHome } = await sparkToolchain();
  const { stdout } = await promisify(execFile)(python, ['-c', code], {
    env: {
      ...process.env,
      SPARK_HOME: sparkHome,
      ...(await spark.host.pythonEnvironment()),
      PYTHONPATH: [...pythonPath, join(root, 'test', 'fixtures', 'same-rows')].join(delimiter),
      PYTHONIOENCODING: 'utf8',
    },
    timeout: 140_000,
  });
  return stdout;
}

test('every type comes back from the pool as Spark itself says it in the pool’s types', async () => {
  const told = await pyspark(`
import json
import pyarrow as pa, same_rows
from crossview_spark.attach import attach
spark, sc = attach()
import com.microsoft.spark.sqlanalytics

whole = same_rows.table()
whole = whole.add_column(0, "row", pa.array(range(whole.num_rows)))
frame = spark.createDataFrame(whole.drop_columns(["null"]))
frame.write.synapsesql("rows_of_spark.dbo.same")
# The clock's digits are what stays of a timestamp without zone, in years too that Python's own dates do not reach.
digits = lambda frame: frame.withColumn("timestamp_ntz", frame["timestamp_ntz"].cast("string"))
back = digits(spark.read.synapsesql("rows_of_spark.dbo.same")).orderBy("row").toArrow()

# The pool has no integer of eight bits with a sign, no time zone, no interval and nothing nested.
there = {
    "int8": "cast(int8 as smallint)",
    "duration": "cast(duration as string)",
    **{name: f"to_json({name})" for name in ("list", "struct", "map", "deep")},
}
quoted = lambda name: "\`" + name.replace("\`", "\`\`") + "\`"
expected = digits(frame).orderBy("row").selectExpr(*[f"{there.get(name, quoted(name))} as {quoted(name)}" for name in frame.columns]).toArrow()
print("columns", back.num_columns, "differences", json.dumps(same_rows.differences(back, expected), ensure_ascii=False))
try:
    spark.createDataFrame(whole.select(["row", "null"])).write.synapsesql("rows_of_spark.dbo.refused")
except Exception as error:
    print("refused", error)
`);
  assert.match(told, /^columns 23 differences \[\]$/m);
  assert.match(told, /^refused [\s\S]*"null" void/m);
});

test.run();
