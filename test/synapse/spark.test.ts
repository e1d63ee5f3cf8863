import type { StoredFile } from '@crossview/contracts';
import { createStorageClient } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { runScala } from '../support/spark.js';
import { suite } from '../support/suite.js';
import { sql, useSynapseSpark } from '../support/synapse.js';

const test = suite('synapsesql in Scala cells', undefined, { timeout: 90_000 });
const open = useSynapseSpark(test);

async function scala(code: string): Promise<string> {
  const { spark } = await open();
  const run = await runScala(spark.host, code);
  if (run.outcome.status !== 'ok') throw new Error(JSON.stringify(run.outcome));
  return run.stdout;
}

async function scalaError(code: string): Promise<string> {
  const { spark } = await open();
  const run = await runScala(spark.host, code);
  assert.is(run.outcome.status, 'error');
  return run.outcome.status === 'error' ? `${run.outcome.name}: ${run.outcome.value}` : '';
}

async function pool(text: string) {
  return sql((await open()).pool, 'databaseName', text);
}

async function stagedFiles(): Promise<string[]> {
  const { storage } = await open();
  const files: StoredFile[] = [];
  for (const name of ['staging', 'lake'])
    for await (const file of createStorageClient().container(storage.account, name).list('')) files.push(file);
  return files.map(({ path }) => path);
}

test(
  'the first cells of the connector’s own page: write, read, show',
  async () => {
    const { storage } = await open();
    await createStorageClient().container(storage.account, 'lake').ensure();
    const written = await scala(`
import com.microsoft.spark.sqlanalytics.utils.Constants
import com.microsoft.spark.sqlanalytics.SqlAnalyticsConnector._

spark.range(1000).selectExpr("id", "concat('n', id) as name", "cast(id / 7 as decimal(18,4)) as price").createOrReplaceTempView("tmpview")
val df = spark.sql("select * from tmpview")

df.write.
  option(Constants.SERVER, "servername.database.windows.net").
  synapsesql("databaseName.schemaName.tablename")`);
    assert.match(
      written,
      /→ local pool\n1,000 rows \(.* KiB\) to databaseName.schemaName.tablename in .* s: new table, COPY INTO\n/,
    );
    assert.equal(await pool('SELECT COUNT_BIG(*) AS n, SUM(id) AS s FROM schemaName.tablename'), [
      { n: 1000n, s: 499500n },
    ]);
    const shown = await scala(`
val df = spark.read.
  option(Constants.SERVER, "servername.database.windows.net").
  synapsesql("databaseName.schemaName.tablename")

df.orderBy("id").show(2)
println(df.count, df.agg(Map("id" -> "sum")).head.getLong(0))`);
    assert.match(shown, /\|\s+0\|\s+n0\|0.0000\|/);
    assert.match(shown, /\(1000,499500\)/);
  },
  { timeout: 180_000 },
);

test('SQL authentication through an external data source', async () => {
  const { storage } = await open();
  await sql(
    (await open()).pool,
    'master',
    `IF NOT EXISTS (SELECT * FROM sys.sql_logins WHERE name = 'username') CREATE LOGIN username WITH PASSWORD = 'password'`,
  );
  await pool(`IF NOT EXISTS (SELECT * FROM sys.database_principals WHERE name = 'username') CREATE USER username FOR LOGIN username;
EXEC sp_addrolemember 'db_exporter', 'username';
IF NOT EXISTS (SELECT * FROM sys.symmetric_keys WHERE name = '##MS_DatabaseMasterKey##') CREATE MASTER KEY ENCRYPTION BY PASSWORD = 'A-master-key-2013';
CREATE DATABASE SCOPED CREDENTIAL storagekey WITH IDENTITY = 'storage', SECRET = '${storage.key}';
CREATE EXTERNAL DATA SOURCE datasource WITH (TYPE = HADOOP, LOCATION = 'abfss://lake@devstoreaccount1.dfs.core.windows.net', CREDENTIAL = storagekey);`);
  const read =
    'spark.read.option(Constants.SERVER, "s").option(Constants.USER, "username").option(Constants.PASSWORD, "password").option(Constants.DATA_SOURCE, "datasource").synapsesql("databaseName.schemaName.tablename")';
  assert.match(await scalaError(read), /GRANT SELECT ON .* TO \[username\]/);
  await pool('GRANT SELECT ON SCHEMA::schemaName TO username');
  const out = await scala(`
val df = spark.read.
  option(Constants.SERVER, "servername.database.windows.net").
  option(Constants.USER, "username").
  option(Constants.PASSWORD, "password").
  option(Constants.DATA_SOURCE, "datasource").
  synapsesql("databaseName.schemaName.tablename")
println(df.count, df.filter("id < 10").count, df.agg(Map("id" -> "sum")).head.getLong(0))`);
  assert.match(out, /\(1000,10,499500\)/);
  const wrong = await scalaError(
    `spark.read.option(Constants.SERVER, "s").option(Constants.USER, "username").option(Constants.PASSWORD, "wrong-password").option(Constants.DATA_SOURCE, "datasource").synapsesql("databaseName.schemaName.tablename")`,
  );
  assert.match(wrong, /cannot log in/);
  assert.not.match(wrong, /wrong-password/);
});

test('every type comes back as it went, NTZ and nested columns as announced', async () => {
  const out = await scala(`
val types = spark.sql("""select cast(1 as byte) a, cast(-2 as short) b, 3 c, 4L d, cast(0.5 as float) e, 0.1d f,
  cast('12345678901234567890123456789012345.678' as decimal(38,3)) g, 'größe 😀' h, X'00ff' i, date'2013-05-01' j,
  timestamp'2013-03-10 12:30:00.123456' k, timestamp_ntz'2013-03-10 02:30:00.654321' l, true m, named_struct('x', 1, 'y', 'z') n, array(1, 2) o
  union all select null, null, null, null, null, null, null, null, null, null, null, null, null, null, null""")
types.write.mode("overwrite").synapsesql("databaseName.dbo.types")
val back = spark.read.synapsesql("databaseName.dbo.types")
println(back.schema.map(f => f.name + ":" + f.dataType.catalogString).mkString(","))
val row = back.filter("c = 3").head
println(row.mkString("|"))
println(back.filter("c is null").head.toSeq.count(_ == null))
println(row.getAs[java.sql.Timestamp]("k").toInstant)`);
  assert.match(
    out,
    /a:smallint,b:smallint,c:int,d:bigint,e:float,f:double,g:decimal\(38,3\),h:string,i:binary,j:date,k:timestamp,l:timestamp,m:boolean,n:string,o:string/,
  );
  assert.match(out, /1\|-2\|3\|4\|0.5\|0.1\|12345678901234567890123456789012345.678\|größe 😀\|.*\|2013-05-01\|/);
  assert.match(out, /\{"x":1,"y":"z"\}\|\[1,2\]/);
  assert.match(out, /\n15\n/);
  assert.match(out, /2013-03-10T16:30:00.123456Z/);
  assert.equal(
    await pool(
      'SELECT CONVERT(varchar(30), k, 121) AS k, CONVERT(varchar(30), l, 121) AS l FROM dbo.types WHERE c = 3',
    ),
    [{ k: '2013-03-10 16:30:00.1234560', l: '2013-03-10 02:30:00.6543210' }],
  );
});

test(
  'save modes: error, ignore, append, overwrite',
  async () => {
    await scala(`spark.range(5).toDF("n").write.mode("overwrite").synapsesql("databaseName.dbo.modes")`);
    assert.match(
      await scalaError(`spark.range(5).toDF("n").write.synapsesql("databaseName.dbo.modes")`),
      /exists already/,
    );
    assert.match(
      await scala(`spark.range(7).toDF("n").write.mode("ignore").synapsesql("databaseName.dbo.modes")`),
      /nothing was written/,
    );
    await scala(`spark.range(5, 8).toDF("n").write.mode("append").synapsesql("databaseName.dbo.modes")`);
    assert.equal(await pool('SELECT COUNT_BIG(*) AS n, SUM(n) AS s FROM dbo.modes'), [{ n: 8n, s: 28n }]);
    await scala(`spark.range(2).toDF("n").write.mode("overwrite").synapsesql("databaseName.dbo.modes")`);
    assert.equal(await pool('SELECT COUNT_BIG(*) AS n, SUM(n) AS s FROM dbo.modes'), [{ n: 2n, s: 1n }]);
    await scala(
      `spark.range(3).toDF("n").write.mode("overwrite").option("overwriteMode", "truncate").synapsesql("databaseName.dbo.modes")`,
    );
    assert.equal(await pool('SELECT COUNT_BIG(*) AS n FROM dbo.modes'), [{ n: 3n }]);
    await scala(
      `spark.range(4).toDF("n").write.mode("append").option("writeSemantics", "polybase").synapsesql("databaseName.dbo.modes")`,
    );
    assert.equal(await pool('SELECT COUNT_BIG(*) AS n FROM dbo.modes'), [{ n: 7n }]);
    await scala(
      `spark.range(4).toDF("n").write.option("writeSemantics", "polybase").synapsesql("databaseName.dbo.by_polybase")`,
    );
    assert.equal(await pool('SELECT COUNT_BIG(*) AS n FROM dbo.by_polybase'), [{ n: 4n }]);
    await scala(`spark.range(0).toDF("n").write.synapsesql("databaseName.dbo.empty_frame")`);
    assert.equal(await pool('SELECT COUNT_BIG(*) AS n FROM dbo.empty_frame'), [{ n: 0n }]);
    await scala(
      `spark.range(3).selectExpr("cast(id as int) n").write.mode("append").synapsesql("databaseName.dbo.modes")`,
    );
    assert.equal(await pool('SELECT COUNT_BIG(*) AS n FROM dbo.modes'), [{ n: 10n }]);
  },
  { timeout: 150_000 },
);

test('filters, columns, limits and queries are the pool’s work', async () => {
  const out = await scala(`
val t = spark.read.synapsesql("databaseName.schemaName.tablename")
println(t.filter("id >= 990 and name like 'n99%'").select("name").collect().map(_.getString(0)).sorted.mkString(","))
println(t.limit(3).collect().length)
println(t.filter("name = 'N5'").count)
val q = spark.read.option(Constants.DATABASE, "databaseName").option(Constants.QUERY, "SELECT TOP 5 id, name FROM schemaName.tablename ORDER BY id DESC").synapsesql()
println(q.agg(Map("id" -> "min")).head.getLong(0))
println(spark.read.option(Constants.DATABASE, "databaseName").synapsesql("WITH x AS (SELECT id FROM schemaName.tablename) SELECT id FROM x WHERE id < 4").count)`);
  assert.match(out, /n990,n991,n992,n993,n994,n995,n996,n997,n998,n999\n3\n0\n/);
  assert.match(out, /\n995\n/);
  assert.match(out, /\n4\n/);
});

test('a missing table, a wrong query and a wrong column say what to do', async () => {
  assert.match(
    await scalaError(`spark.read.synapsesql("databaseName.dbo.nothing_here")`),
    /There is no table databaseName.dbo.nothing_here/,
  );
  assert.match(
    await scalaError(`spark.read.option(Constants.DATABASE, "databaseName").synapsesql("SELECT 1; DROP TABLE x")`),
    /one SELECT/,
  );
  assert.match(
    await scalaError(
      `spark.sql("select interval 1 month a, make_interval(1) b").write.synapsesql("databaseName.dbo.x")`,
    ),
    /"b" interval/,
  );
});

test('names with brackets, quotes and other letters', async () => {
  await scala(
    `spark.range(3).selectExpr("id as \`a]b;--\`", "id as \`größe 'x'\`").write.mode("overwrite").synapsesql("databaseName.dbo.[t ]] '; DROP TABLE dbo.modes;--]")`,
  );
  const out = await scala(
    `println(spark.read.synapsesql("databaseName.dbo.[t ]] '; DROP TABLE dbo.modes;--]").agg(Map("a]b;--" -> "sum")).head.getLong(0))`,
  );
  assert.match(out, /3/);
  assert.equal(await pool('SELECT COUNT_BIG(*) AS n FROM dbo.modes'), [{ n: 10n }]);
});

test('the callback gets the documented metrics, or the failure', async () => {
  const out = await scala(`
val ok = (m: Map[String, Any], e: Option[Throwable]) => println("feedback " + m("rows_processed") + " " + m("SaveModeApplied") + " " + e + " " + m("command"))
spark.range(6).toDF("n").write.mode("overwrite").synapsesql("databaseName.dbo.fed", callBackHandle = Some(ok))
val bad = (m: Map[String, Any], e: Option[Throwable]) => println("failed " + m("WriteFailureCause") + " " + e.isDefined)
spark.range(6).toDF("n").write.synapsesql("databaseName.dbo.fed", callBackHandle = Some(bad))`);
  assert.match(out, /feedback 6 CREATE None COPY INTO \[dbo\]\./);
  assert.not.match(out, /sig=/);
  assert.match(out, /failed The table .* exists already[\s\S]* true/);
});

test('an external table: written, added to, overwritten, read', async () => {
  const external = 'option(Constants.DATA_SOURCE, "datasource")';
  const first = await scala(
    `spark.range(4).selectExpr("id", "concat('n', id) name").write.${external}.synapsesql("databaseName.dbo.outside", Constants.EXTERNAL, Some("sales/2024"))`,
  );
  assert.match(first, /4 rows .* files and table, external table/);
  assert.equal(await pool('SELECT COUNT_BIG(*) AS n, SUM(id) AS s FROM dbo.outside'), [{ n: 4n, s: 6n }]);
  await scala(
    `spark.range(4, 6).selectExpr("concat('n', id) name", "id").write.mode("append").${external}.synapsesql("databaseName.dbo.outside", Constants.EXTERNAL)`,
  );
  assert.equal(await pool('SELECT COUNT_BIG(*) AS n, SUM(id) AS s, MAX(name) AS m FROM dbo.outside'), [
    { n: 6n, s: 15n, m: 'n5' },
  ]);
  await scala(
    `spark.range(2).selectExpr("id", "cast(id as int) k").write.mode("overwrite").${external}.synapsesql("databaseName.dbo.outside", Constants.EXTERNAL, Some("sales/2024"))`,
  );
  assert.match(
    await scala(`println(spark.read.synapsesql("databaseName.dbo.outside").agg(Map("k" -> "sum")).head)`),
    /\[1\]/,
  );
  assert.match(
    await scalaError(`spark.range(2).write.${external}.synapsesql("databaseName.dbo.modes", Constants.EXTERNAL)`),
    /exists already/,
  );
  assert.match(
    await scalaError(`spark.range(2).write.synapsesql("databaseName.dbo.nowhere", Constants.EXTERNAL)`),
    /external data source/,
  );
  await pool('DROP EXTERNAL TABLE dbo.outside; DROP EXTERNAL FILE FORMAT crossview_parquet;');
  const { storage } = await open();
  await createStorageClient().container(storage.account, 'lake').removeDirectory('');
});

test('lengths are measured, table options taken, an older name and Fabric’s imports known', async () => {
  await scala(`import com.microsoft.spark.fabric.tds.implicits.write.FabricSparkTDSImplicits._
spark.sql("select 'größe 😀' a, X'0102' b, cast(null as string) c").write.option("maxStringLength", "measured").option("maxBinaryLength", "measured").
  option("tableOptions", "DISTRIBUTION = HASH(a), HEAP").sqlanalytics("databaseName.dbo.measured")
println(spark.read.option(com.microsoft.spark.fabric.Constants.DatabaseName, "databaseName").synapsesql("SELECT 7 AS n").head)`);
  assert.equal(
    await pool(
      "SELECT name, CAST(max_length AS int) AS l FROM sys.columns WHERE object_id = OBJECT_ID('dbo.measured') ORDER BY name",
    ),
    [
      { name: 'a', l: 16 },
      { name: 'b', l: 2 },
      { name: 'c', l: 2 },
    ],
  );
  assert.equal(
    await pool(
      "SELECT distribution_policy_desc AS d FROM sys.pdw_table_distribution_properties WHERE object_id = OBJECT_ID('dbo.measured')",
    ),
    [{ d: 'HASH' }],
  );
});

test('nothing is left in the staging places or the pool once the session ends', async () => {
  const { synapse } = await open();
  await synapse.close();
  assert.equal(await stagedFiles(), []);
  assert.equal(
    await pool(
      "SELECT name FROM sys.tables WHERE name LIKE 'crossview%' UNION ALL SELECT name FROM sys.external_data_sources WHERE name LIKE 'crossview%' UNION ALL SELECT name FROM sys.external_file_formats WHERE name LIKE 'crossview%'",
    ),
    [],
  );
});

test.run();
