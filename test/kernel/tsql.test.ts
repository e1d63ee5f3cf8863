import { createSqlClient } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { contents, textOn } from '../support/kernel-client.js';
import { type KernelSession, startKernelSession } from '../support/kernel-session.js';
import { startTestPool, type TestPool } from '../support/pool.js';
import { poolsOf } from '../support/pool-directory.js';
import { suite } from '../support/suite.js';

const test = suite('T-SQL cells', undefined, { timeout: 60_000 });
let pool: TestPool;
let session: KernelSession;
const resolved: { server: string; database: string }[] = [];

test.before(async () => {
  pool = await startTestPool();
  const pools = poolsOf(
    async () => pool,
    (asked) => resolved.push(asked),
  );
  session = await startKernelSession({ context: { pools, sql: createSqlClient() } });
});
test.after(async () => {
  await session?.close();
  await pool?.close();
});

const run = (code: string) => session.client.execute(code);
const rowsOf = (answer: Awaited<ReturnType<typeof run>>) =>
  contents(answer, 'display_data').flatMap(({ data }) => {
    const resource = (data as Record<string, { data: unknown[] }>)['application/vnd.dataresource+json'];
    return resource ? [resource.data] : [];
  });

test('says which pool it is, shows every result set, messages and rows affected', async () => {
  const answer = await run(
    "%%tsql\nCREATE TABLE dbo.people (id int, name nvarchar(20));\nINSERT INTO dbo.people VALUES (1, N'Ada'), (2, N'Zoë');\nPRINT 'made';\nSELECT id, name FROM dbo.people ORDER BY id;\nSELECT count(*) AS n FROM dbo.people",
  );
  assert.is(answer.reply.content.status, 'ok', JSON.stringify(answer.reply.content));
  const [first] = contents(answer, 'display_data');
  assert.is((first?.data as Record<string, string> | undefined)?.['text/plain'], '→ local pool');
  assert.match(textOn(answer), 'made\n');
  assert.match(textOn(answer), '(2 rows affected)\n');
  assert.equal(rowsOf(answer), [
    [
      { id: 1, name: 'Ada' },
      { id: 2, name: 'Zoë' },
    ],
    [{ n: 2 }],
  ]);
});

test('the connection lasts: temporary tables are there in the next cell', async () => {
  await run('%%tsql\nCREATE TABLE #t (a int); INSERT INTO #t VALUES (7)');
  assert.equal(rowsOf(await run('%%tsql\nSELECT a FROM #t')), [[{ a: 7 }]]);
});

test('-o brings the last result back as a view; -q shows nothing', async () => {
  const answer = await run('%%tsql -q -o people\nSELECT id, name FROM dbo.people');
  assert.equal(rowsOf(answer), []);
  assert.is(textOn(answer), 'people: 2 rows\n');
  assert.is(textOn(await run('print(sorted(views["people"].to_pandas()["name"]))')), "['Ada', 'Zoë']\n");
  const shown = await run('display(views["people"])');
  assert.is(rowsOf(shown)[0]?.length, 2, JSON.stringify(shown.reply.content));
  const bound = await run('%%tsql -artifact other -type Warehouse -bind again\nSELECT 1 AS one');
  assert.is(textOn(bound), 'again: 1 row\n');
  assert.is(resolved.at(-1)?.database, 'other');
  const nothing = await run('%%tsql -o nothing\nPRINT 1');
  assert.is(nothing.reply.content.ename, 'VIEW_WITHOUT_ROWS');
});

test('{name} is a parameter, whatever is in it', async () => {
  await run(
    "import datetime, decimal\nwho = \"Ada'; DROP TABLE dbo.people; --\"\nn = 2**60\nday = datetime.date(2013, 1, 1)\nprice = decimal.Decimal('1.50')\nnone = None",
  );
  const [rows] = rowsOf(
    await run(
      "%%tsql\nSELECT {who} AS who, {n} AS n, {day} AS day, CAST({price} AS decimal(9,2)) AS price, '{who}' AS text, {none} AS nothing",
    ),
  );
  assert.equal(rows, [
    {
      who: "Ada'; DROP TABLE dbo.people; --",
      n: (2n ** 60n).toString(),
      day: '2013-01-01',
      price: '1.50',
      text: '{who}',
      nothing: null,
    },
  ]);
  assert.equal(rowsOf(await run('%%tsql\nSELECT count(*) AS n FROM dbo.people')), [[{ n: 2 }]]);
});

test('errors name number and line, and the session goes on', async () => {
  const missing = await run('%%tsql\nSELECT * FROM dbo.nobody');
  assert.is(missing.reply.content.ename, 'SQL_FAILED');
  assert.match(String(missing.reply.content.evalue), /nobody/);
  assert.is((await run('%%tsql\nSELEC 1')).reply.content.status, 'error');
  assert.is((await run('%%tsql -nope\nSELECT 1')).reply.content.ename, 'OPTION_UNKNOWN');
  assert.equal(rowsOf(await run('%%tsql\nSELECT 5 AS five')), [[{ five: 5 }]]);
});

test('tables and columns of the pool complete and are inspected', async () => {
  const ask = async (text: string) => {
    const code = `%%tsql\n${text.replace('|', '')}`;
    const place = { code, cursor_pos: '%%tsql\n'.length + text.indexOf('|') };
    const { reply } = await session.client.ask('complete_request', place);
    const found = await session.client.ask('inspect_request', { ...place, detail_level: 0 });
    return { matches: reply.content.matches, found: JSON.stringify(found.reply.content.data) };
  };
  assert.equal((await ask('SELECT * FROM dbo.peo|')).matches, ['people']);
  assert.equal((await ask('SELECT p.na| FROM dbo.people p')).matches, ['name']);
  assert.match((await ask('SELECT * FROM dbo.peop|le')).found, 'nvarchar');
  await run('%%tsql\nCREATE TABLE dbo.peonies (petals int)');
  assert.equal((await ask('SELECT * FROM dbo.peo|')).matches, ['peonies', 'people']);
});

test('the rows of one line go to a variable of Python', async () => {
  const answer = await run('rows = %tsql SELECT 1 AS one UNION ALL SELECT 2\nprint(len(rows), sorted(rows["one"]))');
  assert.is(textOn(answer), '2 [1, 2]\n', JSON.stringify(answer.reply.content));
  assert.equal(rowsOf(answer), []);
  assert.equal(rowsOf(await run('x = 1\n%tsql SELECT 3 AS three')), [[{ three: 3 }]]);
});

test('GO separates batches', async () => {
  const answer = await run('%%tsql\nCREATE SCHEMA s\nGO\nCREATE TABLE s.t (a int)\nGO\nSELECT count(*) AS n FROM s.t');
  assert.is(answer.reply.content.status, 'ok', JSON.stringify(answer.reply.content));
  assert.equal(rowsOf(answer), [[{ n: 0 }]]);
});

test('stop cancels the query in the pool; the connection goes on', async () => {
  const running = run(
    '%%tsql\nWITH a AS (SELECT 1 AS x UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8) SELECT count(*) AS n FROM a a1, a a2, a a3, a a4, a a5, a a6, a a7, a a8, a a9, a b1, a b2, a b3, a b4 WHERE sqrt(a1.x + a2.x + b4.x) < 0',
  );
  await session.client.begun();
  await new Promise((resolve) => setTimeout(resolve, 700));
  const start = performance.now();
  await session.client.ask('interrupt_request', {}, 'control');
  const answer = await running;
  assert.is(answer.reply.content.ename, 'KeyboardInterrupt', JSON.stringify(answer.reply.content));
  assert.ok(performance.now() - start < 15_000);
  assert.equal(rowsOf(await run('%%tsql\nSELECT a FROM #t')), [[{ a: 7 }]]);
});

test.run();
