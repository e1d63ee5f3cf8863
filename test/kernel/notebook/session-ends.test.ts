import * as assert from 'uvu/assert';
import { suite } from '../../support/suite.js';
import { TestWorkspace } from '../../support/workspace.js';

const minutes = 60_000;
const test = suite('session and lakehouse of mssparkutils', undefined, { timeout: 3 * minutes });
const work = new TestWorkspace('session-ends');
work.profile({ lakehouse: 'house', lakehouses: { House: 'house', Other: 'other' } });

test('restartPython forgets variables and keeps Spark; stop ends both, and the next cell starts them anew', () => {
  work.notebook('Restart', [
    'kept = 1\nspark.range(3).createOrReplaceTempView("of_spark")\nfirst = spark.sparkContext.applicationId\nprint("before", first != "")',
    'mssparkutils.session.restartPython()\nprint("the cell ends as it should")',
    'print("after restart", "kept" in globals(), spark.table("of_spark").count())',
    '%%python\nnotebookutils.session.restartPython()',
    'mssparkutils.session.stop()',
    'print("after stop", "kept" in globals(), spark.catalog.tableExists("of_spark"), spark.range(4).count())',
    '%%spark\nmssparkutils.session.stop()',
    'print("again", spark.range(5).count())',
  ]);
  const { code, stdout, stderr } = work.run('Restart.ipynb');
  assert.is(code, 0, stdout + stderr);
  for (const line of [
    'before True',
    'the cell ends as it should',
    'after restart False 3',
    'after stop False False 4',
    'again 5',
  ])
    assert.ok(stdout.includes(line), `${line} in:\n${stdout}`);
});

test('lakehouse: list, get, create, listTables, loadTable, and what is not supported', () => {
  work.notebook('Houses', [
    `house = notebookutils.lakehouse
print(sorted(each.displayName for each in house.list()), house.get().displayName)
print(house.create("Other").displayName, [it.name for it in mssparkutils.fs.ls(house.get("Other").properties["abfsPath"])])
mssparkutils.fs.put("Files/in/a.csv", "id,name\\n1,x\\n2,y\\n", True)
house.loadTable({"relativePath": "Files/in", "pathType": "Folder", "mode": "Overwrite", "recursive": True, "formatOptions": {"format": "Csv", "header": True, "delimiter": ","}}, "loaded", "House")
print([(it.name, it.format) for it in house.listTables("House")], spark.table("loaded").count(), spark.table("loaded").columns)
for call in (lambda: house.get("None"), lambda: house.delete("House"), lambda: house.update("House")):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)`,
  ]);
  const { code, stdout, stderr } = work.run('Houses.ipynb');
  assert.is(code, 0, stdout + stderr);
  for (const line of [
    "['House', 'Other'] House",
    "Other ['Files', 'Tables']",
    "[('loaded', 'delta')] 2 ['id', 'name']",
    'ValueError There is no lakehouse None; there is: House, Other',
    'NotImplementedError mssparkutils.lakehouse.delete is not supported by Crossview',
    'NotImplementedError mssparkutils.lakehouse.update is not supported by Crossview',
  ])
    assert.ok(stdout.includes(line), `${line} in:\n${stdout}`);
});

test.run();
