import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { contents, textOn } from '../../support/kernel-client.js';
import { kernelOnSpark } from '../../support/kernel-on-spark.js';
import { suite } from '../../support/suite.js';

const test = suite('notebooks on Spark', undefined, { timeout: 180_000 });
const kernel = kernelOnSpark(test);

const run = (code: string) => kernel.session.client.execute(code);

function notebook(name: string, ...cells: readonly { source: string; tags?: string[] }[]): void {
  const made = cells.map(({ source, tags }) => ({
    ...{ cell_type: 'code', execution_count: null, outputs: [], metadata: tags ? { tags } : {} },
    source,
  }));
  const metadata = { kernelspec: { name: 'synapse_pyspark' } };
  const text = JSON.stringify({ cells: made, metadata, nbformat: 4, nbformat_minor: 5 });
  writeFileSync(join(kernel.session.context.workingDirectory, name), text);
}

test('notebook.run has variables of its own, shares views, and gives the exit value', async () => {
  notebook(
    'child.ipynb',
    { source: 'n = 1', tags: ['parameters'] },
    { source: 'spark.range(n).createOrReplaceTempView("of_child")\nmssparkutils.notebook.exit(str(n * 2))' },
    { source: 'raise Exception("after the exit")' },
  );
  const answer = await run(
    'v = mssparkutils.notebook.run("child", 60, {"n": 21})\nprint(v, spark.table("of_child").count(), "n" in globals())',
  );
  assert.match(textOn(answer), /exit value 42\n42 21 False\n$/);
});

test('runMultiple: what depends on a failed notebook is not run, and all outcomes are told', async () => {
  notebook('bad.ipynb', { source: '1 / 0' });
  const answer = await run(`try:
    notebookutils.notebook.runMultiple({"activities": [
        {"name": "one", "path": "child", "args": {"n": 3}},
        {"name": "two", "path": "bad", "retry": 1},
        {"name": "three", "path": "child", "dependencies": ["two"]},
    ]})
except Exception as error:
    print(error.result["one"]["exitVal"], error.result["three"]["exception"])
    print(error.result["two"]["exception"])`);
  assert.match(
    textOn(answer),
    /6 not run, because two failed\nNOTEBOOK_RUN_FAILED: bad, cell 1 \(1 \/ 0\): ZeroDivisionError/,
  );
});

test('%sql is one line of SQL, and a frame in Python', async () => {
  const shown = await run('%sql select 7 as seven');
  const data = contents(shown, 'execute_result')[0]?.data as Record<string, unknown>;
  assert.match(String(data['text/plain']), /seven/);
  assert.is(textOn(await run('frame = %sql select 7 as seven\nprint(frame.first()[0])')), '7\n');
});

test.needs('CROSSVIEW_TEST_R', 'R reads the views of others and makes its own', async () => {
  await run(
    'spark.range(4).selectExpr("id", "id * 1.5D as x", "if(id = 1, null, concat(\'n\', id)) as s").createOrReplaceTempView("for_r")',
  );
  const r = await run(`%%sparkr
df <- sql("select * from for_r where id > 0 order by id")
d <- collect(df)
cat(nrow(d), sum(d$x), is.na(d$s[1]), d$s[2], "\\n")
made <- createDataFrame(data.frame(a = c(1.5, NA), b = c("x\\"y, z", NA)))
createOrReplaceTempView(made, "by_r")
cat(count(filter(df, df$id > 1)), nrow(collect(agg(groupBy(df, df$id > 2), total = sum(df$x)))), "\\n")`);
  assert.is(textOn(r), '3 9 TRUE n2 \n2 2 \n', JSON.stringify(r.reply.content));
  assert.is(
    textOn(await run('print([tuple(row) for row in spark.table("by_r").collect()])')),
    `[(1.5, 'x"y, z'), (None, None)]\n`,
  );
  const failed = await run('%%sparkr\nsql("select * from nothing")');
  assert.match(String(failed.reply.content.evalue), /TABLE_OR_VIEW_NOT_FOUND/);
  const plotted = await run('%%r\nplot(1:3)');
  assert.match(JSON.stringify(contents(plotted, 'display_data')[0] ?? {}), /image\/png/);
});

// The last one: a kernel whose notebook ended itself runs nothing more for a front end that runs notebooks.
test('a notebook that ends itself is no failure, and nothing after it runs', async () => {
  const ended = await run('try:\n    mssparkutils.notebook.exit("done")\nexcept Exception:\n    print("held up")');
  assert.is(ended.reply.content.status, 'ok');
  const data = contents(ended, 'display_data')[0]?.data as Record<string, unknown>;
  assert.equal(data['application/vnd.crossview.exit+json'], { value: 'done' });
  assert.is((await run('print("after")')).reply.content.status, 'aborted');
});

test.run();
