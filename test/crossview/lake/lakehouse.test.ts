import { existsSync, readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.js';
import { TestWorkspace } from '../../support/workspace.js';

const minutes = 60_000;
const test = suite('default lakehouse', undefined, { timeout: 6 * minutes });
const work = new TestWorkspace('lakehouse');
work.profile({ lakehouses: { Sales: 'houses/sales', Stock: 'houses/stock' } });

const oneLake = 'abfss://Team@onelake.dfs.fabric.microsoft.com';

const everyLanguage = [
  `import pandas as pd
pd.DataFrame({"a": [1, 2]}).to_csv("/lakehouse/default/Files/two.csv", index=False)
print("spark", spark.read.csv("Files/two.csv", header=True).count())
print("mount", spark.read.csv("file:/lakehouse/default/Files/two.csv", header=True).count())
name = "two"
print("f-string", len(open(f"/lakehouse/default/Files/{name}.csv").readlines()))
print("utils", mssparkutils.fs.head("/lakehouse/default/Files/two.csv").split(), [it.name for it in mssparkutils.fs.ls("Files")])
spark.range(5).write.mode("overwrite").saveAsTable("five")
print("table", spark.read.format("delta").load("Tables/five").count(), mssparkutils.runtime.context["defaultLakehouseName"])`,
  '%%spark\nprintln("scala " + spark.read.option("header", "true").csv("/lakehouse/default/Files/two.csv").count() + " " + spark.table("five").count())',
  '%%sql\nselect concat("sql ", count(*)) as n from csv.`/lakehouse/default/Files/two.csv`',
  `print("named", spark.sql("select count(*) from Sales.five").first()[0])
spark.range(2).write.mode("overwrite").saveAsTable("Stock.two")
print("other", spark.table("stock.two").count(), spark.read.format("delta").load("${oneLake}/Stock.Lakehouse/Tables/two").count())`,
  `print("onelake", spark.read.csv("${oneLake}/Sales.Lakehouse/Files/two.csv").count(), len(pd.read_csv("${oneLake}/Sales.Lakehouse/Files/two.csv")))`,
  "%%typescript\nimport { readFileSync } from 'node:fs';\nconsole.log('typescript', readFileSync('/lakehouse/default/Files/two.csv', 'utf8').length);",
  '%%python\nimport pandas as pd\nprint("local", len(pd.read_csv("/lakehouse/default/Files/two.csv")))',
  '%%bash\necho bash $(ls /lakehouse/default/Files)',
  '!echo line $(ls /lakehouse/default/Files)',
];

function checkEveryLanguage(stdout: string): void {
  for (const line of [
    'spark 2',
    'mount 2',
    'f-string 3',
    "utils ['a', '1', '2'] ['two.csv']",
    'table 5 Sales',
    'scala 2 5',
    'sql 3',
    'named 5',
    'other 2 2',
    'onelake 3 2',
    'typescript 6',
    'local 2',
    'bash two.csv',
    'line two.csv',
  ])
    assert.ok(stdout.includes(line), `${line} in:\n${stdout}`);
}

test('%%configure makes a lakehouse the default one for every language, and mounts', () => {
  const configure = `%%configure\n{ "defaultLakehouse": { "name": "Sales", "workspaceId": "w" }, // of another team
  "mountPoints": [{ "mountPoint": "/stock", "source": "${oneLake}/Stock.Lakehouse/Files" }] }`;
  work.file('houses/stock/Files/s.csv', 'x\n1\n2\n3\n');
  const mounted =
    'print("mounted", spark.read.csv(f"synfs:/{mssparkutils.env.getJobId()}/stock/s.csv", header=True).count(), len(open(mssparkutils.fs.getMountPath("/stock") + "/s.csv").readlines()))';
  work.notebook('Configured', [configure, ...everyLanguage, mounted]);
  const run = work.run('Configured.ipynb');
  assert.is(run.code, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /default lakehouse Sales → .*houses\/sales/);
  checkEveryLanguage(run.stdout);
  assert.match(run.stdout, /mounted 3 4/);
  assert.is(readFileSync(work.path('houses/sales/Files/two.csv'), 'utf8'), 'a\n1\n2\n');
  assert.ok(existsSync(work.path('houses/sales/Tables/five/_delta_log')));
});

test('the lakehouse of a notebook of Fabric, by its metadata in Git and in ipynb', () => {
  const lakehouse = { default_lakehouse: 'c0ffee00-0000-4000-8000-000000000001', default_lakehouse_name: 'Sales' };
  work.notebook('Older', everyLanguage, { trident: { lakehouse } });
  const older = work.run('Older.ipynb');
  assert.is(older.code, 0, older.stdout + older.stderr);
  checkEveryLanguage(older.stdout);
  const meta = JSON.stringify({ kernel_info: { name: 'synapse_pyspark' }, dependencies: { lakehouse } }, null, 2);
  const cell = 'print("five", spark.table("five").count(), spark.read.csv("Files/two.csv").count())';
  work.file(
    'Git.Notebook/notebook-content.py',
    `# Fabric notebook source\n\n# METADATA ********************\n\n${meta.replace(/^/gm, '# META ')}\n\n# CELL ********************\n\n${cell}\n`,
  );
  const git = work.run('Git.Notebook');
  assert.is(git.code, 0, git.stdout + git.stderr);
  assert.match(git.stdout, /five 5 3/);
  const found = work.run('Git.Notebook', '--dry-run');
  assert.match(found.stdout, /Files\/ — default lakehouse Sales: .*houses\/sales/);
});

test('a lakehouse that the profile does not name is one of the workspace’s own, and stays', () => {
  work.notebook('Unknown', [
    '%%configure\n{"defaultLakehouse": {"name": "New One"}}',
    'mssparkutils.fs.put("Files/a.txt", "kept", True)\nprint(mssparkutils.lakehouse.get().displayName)',
  ]);
  const made = work.run('Unknown.ipynb');
  assert.is(made.code, 0, made.stdout + made.stderr);
  assert.match(made.stdout, /\nNew One\n/);
  work.notebook('Again', ['print(open("/lakehouse/default/Files/a.txt").read())'], {
    dependencies: { lakehouse: { default_lakehouse_name: 'New One' } },
  });
  assert.match(work.run('Again.ipynb').stdout, /\nkept\n/);
  assert.not.ok(existsSync(work.path('Files')));
});

test('what %%configure says of a lakehouse is checked', () => {
  work.notebook('Wrong', ['%%configure\n{"defaultLakehouse": "Sales"}']);
  assert.match(work.run('Wrong.ipynb').stderr, /CONFIGURE_VALUE: %%configure: defaultLakehouse is no JSON object/);
  work.notebook('Mounts', ['%%configure\n{"mountPoints": [{"mountPoint": "/x"}]}']);
  assert.match(work.run('Mounts.ipynb').stderr, /mountPoints has a "mountPoint" and a "source"/);
});

test.run();
