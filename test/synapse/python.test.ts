import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { sparkToolchain } from '../support/spark.js';
import { suite } from '../support/suite.js';
import { sql, useSynapseSpark } from '../support/synapse.js';

const test = suite('synapsesql in Python', undefined, { timeout: 120_000 });
const open = useSynapseSpark(test);

test('write, read, a callback and an error without a Java trace', async () => {
  const { spark, pool } = await open();
  await spark.host.start();
  const { python, pythonPath, sparkHome } = await sparkToolchain();
  const program = `
from crossview_spark.attach import attach
spark, sc = attach()
import com.microsoft.spark.sqlanalytics
from com.microsoft.spark.sqlanalytics.Constants import Constants

frame = spark.range(20).selectExpr("id", "concat('n', id) as name")
frame.write.option(Constants.SERVER, "servername.database.windows.net").mode("overwrite").synapsesql("pythontest.dbo.numbers", Constants.INTERNAL)
back = spark.read.option(Constants.SERVER, "servername.database.windows.net").synapsesql("pythontest.dbo.numbers")
print(back.count(), back.agg({"id": "sum"}).first()[0])
frame.write.mode("append").synapsesql("pythontest.dbo.numbers", callback_handle=lambda metrics, error: print("feedback", metrics["rows_processed"], error))
frame.write.sqlanalytics("pythontest.dbo.numbers", callback_handle=lambda metrics, error: print("failed", error.code))
try:
    spark.read.synapsesql("pythontest.dbo.nothing_here")
except Exception as error:
    print(type(error).__name__, error.code, "\\n" in str(error))
`;
  const { stdout } = await promisify(execFile)(python, ['-c', program], {
    env: {
      ...process.env,
      SPARK_HOME: sparkHome,
      PYTHONPATH: pythonPath.join(delimiter),
      ...(await spark.host.pythonEnvironment()),
    },
    timeout: 100_000,
  });
  assert.match(stdout, /→ local pool\n20 rows .*to pythontest.dbo.numbers/);
  assert.match(stdout, /\n20 190\n/);
  assert.match(stdout, /\nfeedback 20 None\n/);
  assert.match(stdout, /\nfailed TABLE_EXISTS\n/);
  assert.match(stdout, /\nCrossviewError TABLE_NOT_FOUND True\n/);
  assert.equal(await sql(pool, 'pythontest', 'SELECT COUNT_BIG(*) AS n FROM dbo.numbers'), [{ n: 40n }]);
});

test.run();
