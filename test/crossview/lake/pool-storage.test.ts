import { existsSync, readdirSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.js';
import { TestWorkspace } from '../../support/workspace.js';

const minutes = 60_000;
const test = suite('the pool over mapped accounts', undefined, { timeout: 3 * minutes });
const work = new TestWorkspace('pool-lake');
// Names of this test only: the pool serves all workspaces, and the last word on an account counts.
work.profile({ lake: { foldersofpool: { folder: 'lake' }, azuriteofpool: { azurite: true } } });

const credential = "CREDENTIAL = (IDENTITY = 'Managed Identity')";

for (const account of ['foldersofpool', 'azuriteofpool'])
  test(`COPY INTO, external tables, CETAS and OPENROWSET over ${account}`, () => {
    const abfss = `abfss://raw@${account}.dfs.core.windows.net`;
    const https = `https://${account}.blob.core.windows.net/raw`;
    const database = `lake_${account}`;
    const tsql = (text: string) => `%%tsql -database ${database}\n${text}`;
    work.notebook(account, [
      `spark.range(10).selectExpr("cast(id as int) as id", "concat('n', id) as name").write.mode("overwrite").parquet("${abfss}/p")
spark.range(3).selectExpr("cast(id as int) as id", "concat('c', id) as name").write.mode("overwrite").csv("wasbs://raw@${account}.blob.core.windows.net/c")`,
      tsql(`IF OBJECT_ID('dbo.copied') IS NOT NULL DROP TABLE dbo.copied;
CREATE TABLE dbo.copied (id int, name nvarchar(20)) WITH (DISTRIBUTION = ROUND_ROBIN, HEAP)
COPY INTO dbo.copied FROM '${https}/p/*.parquet' WITH (FILE_TYPE = 'PARQUET', ${credential})
COPY INTO dbo.copied FROM '${https}/c/' WITH (FILE_TYPE = 'CSV', ${credential})
SELECT concat('copied ', count(*)) AS n FROM dbo.copied`),
      tsql(`CREATE EXTERNAL DATA SOURCE raw WITH (TYPE = HADOOP, LOCATION = '${abfss}')
CREATE EXTERNAL FILE FORMAT parquet WITH (FORMAT_TYPE = PARQUET)
CREATE EXTERNAL TABLE dbo.outside (id int, name nvarchar(20)) WITH (LOCATION = '/p/', DATA_SOURCE = raw, FILE_FORMAT = parquet)
SELECT concat('outside ', count(*), ' ', max(name)) AS n FROM dbo.outside`),
      tsql(`CREATE EXTERNAL TABLE dbo.exported WITH (LOCATION = '/e/', DATA_SOURCE = raw, FILE_FORMAT = parquet) AS SELECT id, name FROM dbo.outside WHERE id > 6
SELECT concat('exported ', count(*)) AS n FROM dbo.exported`),
      `print("spark reads", spark.read.parquet("${abfss}/e").count())`,
    ]);
    const { code, stdout, stderr } = work.run(`${account}.ipynb`);
    assert.is(code, 0, stdout + stderr);
    for (const line of ['copied 13', 'outside 10 n9', 'exported 3', 'spark reads 3'])
      assert.ok(stdout.includes(line), `${line} in:\n${stdout}`);
    const local = existsSync(work.path('lake/raw/e')) && readdirSync(work.path('lake/raw/e')).length > 0;
    assert.is(local, true, 'what the first account wrote is in its folder');
  });

test('an account that nothing maps is refused by name, by Spark, pandas, mssparkutils and the pool', () => {
  const path = 'abfss://raw@nowhere1.dfs.core.windows.net/x';
  work.notebook('Nowhere', [
    `import pandas as pd
for call in (lambda: spark.read.parquet("${path}"), lambda: spark.range(1).write.csv("${path}"), lambda: pd.read_csv("${path}"), lambda: mssparkutils.fs.put("${path}", "x")):
    try:
        call()
        print("not refused")
    except Exception as error:
        print("nowhere1 is not mapped" in str(error) or str(error)[:300])`,
    `%%tsql -database lake_nowhere\nCREATE TABLE dbo.t (id int)\nCOPY INTO dbo.t FROM 'https://nowhere1.blob.core.windows.net/raw/x' WITH (FILE_TYPE = 'CSV', ${credential})`,
  ]);
  const { code, stdout, stderr } = work.run('Nowhere.ipynb');
  assert.is(code, 1, stdout + stderr);
  assert.is(stdout.match(/^True$/gm)?.length, 4, stdout);
  assert.match(stderr, /nowhere1/);
});

test.run();
