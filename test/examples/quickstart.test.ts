import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { type ForeignClient, startForeignClient, textOf } from '../support/jupyter-client.js';
import { cellOf, outputTextOf, readNotebook, sourceOf } from '../support/notebook.js';
import { root, temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';
import { testToolchain } from '../support/toolchain.js';

const minutes = 60_000;
const test = suite('examples/quickstart.ipynb', undefined, { timeout: 5 * minutes });
const notebook = join(root, 'examples', 'quickstart.ipynb');
const flights = 336_776;

test('runs from top to bottom in nbclient', () => {
  const directory = temporaryDirectory('quickstart');
  const copy = join(directory, 'quickstart.ipynb');
  copyFileSync(notebook, copy);
  const run = spawnSync(
    testToolchain().python,
    [
      '-c',
      'from nbclient.cli import main; main()',
      '--inplace',
      '--timeout=240',
      '--kernel_name=synapse_pyspark',
      copy,
    ],
    { cwd: directory, encoding: 'utf8' },
  );
  assert.is(run.status, 0, run.stderr);

  const done = readNotebook(copy);
  assert.match(outputTextOf(done, 'read-flights'), /20 of 336,776 rows/);
  const html = (cellOf(done, 'read-flights').outputs ?? []).map((output) => output.data?.['text/html'] ?? '').join('');
  assert.match(html, /N14228/);
  assert.match(html, /1,000 of 336,776 rows/);
  assert.match(outputTextOf(done, 'sql-carriers'), /UA.*58,?665/);
  assert.match(outputTextOf(done, 'pool-source'), /abfss:\/\/lake@devstoreaccount1/);
  assert.match(outputTextOf(done, 'write-scala'), /local pool/);
  assert.match(outputTextOf(done, 'read-scala'), /only showing top 20 rows/);
  assert.match(outputTextOf(done, 'read-sql-auth'), /only showing top 20 rows/);
  assert.match(outputTextOf(done, 'workflow-back'), new RegExp(`35 rows back, ${flights} flights`));
  assert.match(outputTextOf(done, 'tsql-count'), /336,?776/);
  assert.match(outputTextOf(done, 'tsql-view-in-spark'), /EWR.*120,?835/);
  assert.match(outputTextOf(done, 'typescript-delays'), /336776 flights, 16 carriers/);
  assert.match(outputTextOf(done, 'scala-join'), /AS/);
  assert.match(outputTextOf(done, 'proof'), /T-SQL, TypeScript and pandas agree:.*336776/);
  assert.not.match(JSON.stringify(done), /\bSharedKey\b|AccountKey=/);
});

let client: ForeignClient | undefined;
const open = async () => {
  client ??= await startForeignClient('synapse_pyspark', temporaryDirectory('quickstart-order'));
  return client;
};
test.after(() => client?.close());

test('gives the same in another order, and when cells run again', async () => {
  const source = readNotebook(notebook);
  const kernel = await open();
  const run = async (id: string) => {
    const answer = await kernel.execute(sourceOf(source, id), { timeout: 180 });
    assert.is(answer.busy, 1, `${id}: busy`);
    assert.is(answer.idle, 1, `${id}: idle`);
    return answer;
  };
  const runAll = async (...ids: string[]) => {
    for (const id of ids) {
      const answer = await run(id);
      assert.is(answer.status, 'ok', `${id}: ${answer.ename}: ${answer.evalue}`);
    }
  };

  await runAll('pool-clean', 'workflow-clean', 'pool-login', 'read-flights', 'pool-key', 'pool-source');
  await runAll('typescript-delays', 'write-view', 'pandas-ranks', 'write-scala', 'scala-join', 'proof-tsql');
  // The table is there now: the default save mode refuses, and says so.
  const again = await run('write-scala');
  assert.is(again.status, 'error');
  assert.match(`${again.evalue}`, /schemaName\.flights/);
  await runAll('pool-clean', 'write-scala', 'read-sql-auth', 'tsql-view', 'tsql-view-in-spark', 'tsql-view-in-spark');
  await runAll('proof-pandas', 'proof-typescript', 'read-flights', 'sql-carriers', 'workflow-frame', 'workflow-write');
  await runAll('workflow-read', 'workflow-back', 'proof-scala', 'proof-sql', 'proof-tsql', 'proof-python', 'proof');
  assert.match(textOf(await run('proof')), /pandas agree/);
});

test('a mistake in each language is an error that says what to do, and the session goes on', async () => {
  const kernel = await open();
  const mistakes: [cell: string, pattern: RegExp][] = [
    ['%%pyspark\nprint("a"', /SyntaxError|was never closed/],
    ['%%spark\nval x = (1 + ', /incomplete|expected/i],
    ['%%sql\nselekt 1', /PARSE_SYNTAX_ERROR|selekt/i],
    ['%%tsql\nSELEC 1', /stored procedure 'SELEC'/],
    ['%%tsql\nSELECT 1 +', /syntax near[\s\S]*line 1/],
    ['%%typescript\nconst = 1', /SyntaxError|expected/i],
    ['%%python\nfor x in', /SyntaxError|invalid syntax/],
    ['%%sql\nselect * from no_such_view', /no_such_view/],
    ['%%python\nviews["no_such_view"].to_pandas()', /no_such_view/],
    ['%%typescript\nawait views.get("no_such_view")', /no_such_view/],
    ['%%tsql\nSELECT * FROM dbo.NoSuchTable', /NoSuchTable/],
    ['%%spark\nspark.read.synapsesql("databaseName.schemaName.NoSuchTable").show', /NoSuchTable/],
    ['%%spork\n1', /%%spark/],
    [
      '%%spark\nspark.read.option(Constants.SERVER, "servername.database.windows.net").option(Constants.USER, "username")' +
        '.option(Constants.PASSWORD, "wrong-password").option(Constants.DATA_SOURCE, "datasource")' +
        '.synapsesql("databaseName.schemaName.flights").show',
      /Login failed|username/,
    ],
  ];
  for (const [cell, pattern] of mistakes) {
    const answer = await kernel.execute(cell);
    assert.is(answer.status, 'error', `${cell}: ${textOf(answer)}`);
    const told = `${answer.ename}: ${answer.evalue}\n${answer.traceback?.join('\n')}`;
    assert.match(told, pattern, cell);
    assert.not.match(told, /wrong-password/, cell);
  }
  assert.is((await kernel.execute('%%pyspark\nspark.range(3).count()')).status, 'ok');
});

test.run();
