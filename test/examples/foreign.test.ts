import { existsSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { TestWorkspace } from '../support/workspace.js';

const minutes = 60_000;
const test = suite('habits of notebooks from elsewhere', undefined, { timeout: 3 * minutes });
const work = new TestWorkspace('foreign');
work.profile({
  lake: { foreignlake: { folder: 'lake' }, foreignblob: { azurite: true } },
  primaryStorage: 'abfss://users@foreignlake.dfs.core.windows.net',
});

const passes = (name: string, lines: readonly string[]): void => {
  const { code, stdout, stderr } = work.run(name);
  assert.is(code, 0, stdout + stderr);
  for (const line of lines) assert.ok(stdout.includes(line), `${line} in:\n${stdout}`);
};

test('paths without a scheme lead to the primary storage, not to the root of this machine', () => {
  work.notebook('Primary', [
    `spark.sql("DROP TABLE IF EXISTS cities")
spark.sql("CREATE TABLE cities (name STRING, population INT) USING PARQUET LOCATION '/crossview-test-lake/cities' OPTIONS ('compression'='snappy')")
spark.sql("INSERT INTO cities VALUES ('Seattle', 730400), ('Beijing', 21540000)")
print("cities", spark.read.parquet("abfss://users@foreignlake.dfs.core.windows.net/crossview-test-lake/cities").count())
spark.range(3).write.format("delta").mode("overwrite").save("/crossview-test-lake/delta")
print("delta", spark.read.format("delta").load("/crossview-test-lake/delta").count())
mssparkutils.fs.put("/crossview-test-lake/a.txt", "text", True)
print("utils", sorted(it.name for it in mssparkutils.fs.ls("/crossview-test-lake")), spark.read.text("/crossview-test-lake/a.txt").first()[0])
spark.range(2).write.mode("overwrite").saveAsTable("managed")
print("managed", spark.table("managed").count())
spark.createDataFrame([(1,)], ["n"]).createOrReplaceTempView("shared")`,
    '%%typescript\nconst shared = await views.get("shared");\nconsole.log("typescript", shared.numRows);',
    'spark.sql("DROP TABLE cities")',
  ]);
  passes('Primary.ipynb', [
    'cities 2',
    'delta 3',
    "utils ['a.txt', 'cities', 'delta'] text",
    'managed 2',
    'typescript 1',
  ]);
  assert.ok(existsSync(work.path('lake/users/crossview-test-lake/a.txt')));
  assert.not.ok(existsSync('/crossview-test-lake'));
});

test('settings for the real accounts do not keep the local ones from being reached', () => {
  work.notebook('Settings', [
    `spark.conf.set("fs.azure.account.auth.type", "SAS")
spark.conf.set("fs.azure.sas.token.provider.type", "com.microsoft.azure.synapse.tokenlibrary.LinkedServiceBasedSASProvider")
spark.conf.set("fs.azure.account.oauth.provider.type", "com.microsoft.azure.synapse.tokenlibrary.LinkedServiceBasedTokenProvider")
for account in ("foreignblob", "foreignlake"):
    spark.conf.set(f"fs.azure.account.auth.type.{account}.dfs.core.windows.net", "OAuth")
    spark.conf.set(f"fs.azure.sas.c.{account}.blob.core.windows.net", "?sv=1")
    sc._jsc.hadoopConfiguration().set(f"fs.azure.account.key.{account}.dfs.core.windows.net", "a2V5")
    spark.range(5).write.mode("overwrite").parquet(f"abfss://c@{account}.dfs.core.windows.net/p")
    print(account, spark.read.parquet(f"wasbs://c@{account}.blob.core.windows.net/p").count())`,
  ]);
  passes('Settings.ipynb', ['foreignblob 5', 'foreignlake 5']);
});

test('the language of an export that names no kernel, and sparkmagic’s kernels', () => {
  const kernelspec = undefined;
  work.notebook('NoKernelScala', ['val n = spark.range(4).count\nprintln("scala " + n)'], {
    kernelspec,
    language_info: { name: 'scala' },
  });
  passes('NoKernelScala.ipynb', ['scala 4']);
  work.notebook('NoKernelSql', ["SELECT concat('sql ', count(*)) AS n FROM range(6)"], {
    kernelspec,
    language_info: { name: 'sql' },
  });
  passes('NoKernelSql.ipynb', ['sql 6']);
  work.notebook(
    'Sparkmagic',
    [
      '%%configure -f\n{"driverMemory": "1g"}',
      'spark.range(3).createOrReplaceTempView("t")',
      '%%sql -o result -q\nselect * from t order by id',
      '%%local\nprint("local", len(result))\nlocal_frame = result.assign(double=result.id * 2)',
      '%%send_to_spark -i local_frame -t df -n from_local',
      'print("sent", from_local.count())',
    ],
    { kernelspec: { name: 'pysparkkernel', display_name: 'PySpark' } },
  );
  passes('Sparkmagic.ipynb', ['local 3', 'sent 3']);
});

test('synapsesql stages where TEMP_FOLDER says, in an account that is mapped', () => {
  for (const account of ['foreignlake', 'foreignblob']) {
    work.notebook('Staged', [
      `from com.microsoft.spark.sqlanalytics.Constants import Constants
frame = spark.range(20).selectExpr("cast(id as int) as id", "concat('n', id) as name")
options = {Constants.SERVER: "team.sql.azuresynapse.net", Constants.TEMP_FOLDER: "abfss://temp@${account}.dfs.core.windows.net/staging"}
frame.write.options(**options).mode("overwrite").synapsesql("foreign_${account}.dbo.rows", Constants.INTERNAL)
print("back", spark.read.options(**options).synapsesql("foreign_${account}.dbo.rows").where("id >= 5").count())`,
    ]);
    passes('Staged.ipynb', ['back 15']);
  }
  assert.ok(existsSync(work.path('lake/temp')), 'the folder was used');
});

test('streams end by themselves with availableNow, over a lake and into tables', () => {
  work.notebook('Streams', [
    `base = "abfss://stream@foreignlake.dfs.core.windows.net"
blob = "wasbs://stream@foreignblob.blob.core.windows.net"
for i in range(3):
    mssparkutils.fs.put(f"{base}/in/f{i}.json", '{"id": %d}\\n{"id": %d}\\n' % (i, i + 10), True)
stream = spark.readStream.schema("id long").option("maxFilesPerTrigger", 1).json(f"{base}/in/")
stream.writeStream.format("delta").option("checkpointLocation", f"{base}/_cp").trigger(availableNow=True).start(f"{base}/out").awaitTermination()
print("rows", spark.read.format("delta").load(f"{base}/out").count())
seen = []
def each(batch, number):
    seen.append(batch.count())
    batch.write.mode("append").parquet(f"{blob}/batches")
spark.readStream.format("delta").load(f"{base}/out").writeStream.foreachBatch(each).option("checkpointLocation", f"{blob}/cp").trigger(availableNow=True).start().awaitTermination()
print("batches", sum(seen), spark.read.parquet(f"{blob}/batches").count())
spark.readStream.format("delta").load(f"{base}/out").writeStream.option("checkpointLocation", f"{base}/_cp2").trigger(once=True).toTable("streamed").awaitTermination()
print("table", spark.table("streamed").count())`,
  ]);
  passes('Streams.ipynb', ['rows 6', 'batches 6 6', 'table 6']);
});

test.run();
