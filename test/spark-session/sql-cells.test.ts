import { existsSync, readFileSync } from 'node:fs';
import type { CellError } from '@crossview/contracts';
import { tableFromIPC } from 'apache-arrow';
import * as assert from 'uvu/assert';
import { testCell, useSpark } from '../support/spark.js';
import { suite } from '../support/suite.js';

const test = suite('spark-session SQL cells', undefined, { timeout: 60_000 });
const spark = useSpark(test);

async function run(code: string, options: { headRows: number; view?: string } = { headRows: 100 }) {
  const { host } = await spark();
  return host.sql(testCell(code).cell, options);
}
async function rows(code: string, headRows = 100): Promise<unknown[]> {
  const { outcome, head } = await run(code, { headRows });
  assert.equal(outcome, { status: 'ok' });
  if (!head) throw new Error('no rows');
  return head.parts.flatMap((part) => tableFromIPC(readFileSync(part)).toArray()).map((row) => row.toJSON());
}
async function error(code: string): Promise<CellError> {
  const { outcome } = await run(code);
  if (outcome.status !== 'error') throw new Error(`no error but ${outcome.status}`);
  return outcome;
}

test.before(async () => (await spark()).host.start(), { timeout: 120_000 });

test('rows come back as Arrow', async () => {
  assert.equal(await rows("select 1 as a, 'x' as b union all select 2, null"), [
    { a: 1, b: 'x' },
    { a: 2, b: null },
  ]);
});

test('the head says whether it is all', async () => {
  const counts = async (headRows: number) => {
    const { head } = await run('select * from range(4)', { headRows });
    return [head?.rows, head?.totalRows];
  };
  // How many more there are is counted, but not waited for long.
  const [rows, total] = await counts(3);
  assert.is(rows, 3);
  assert.ok(total === 4 || total === undefined, `${total}`);
  assert.equal(await counts(4), [4, 4]);
  assert.equal(await counts(5), [4, 4]);
});

test('of several statements the last one counts, wherever semicolons stand', async () => {
  const code = `-- a comment; with a semicolon
create or replace temp view semi as select 'a;b' as \`c;d\`; /* and; /* nested; */ */
;
select concat(\`c;d\`, ";", r'\\') as x from semi; -- the end;`;
  assert.equal(await rows(code), [{ x: 'a;b;\\' }]);
});

test('a script stays whole', async () => {
  assert.equal(await rows('begin declare n int = 3; set n = n + 1; select n as n; end'), [{ n: 4 }]);
});

test('a command without columns has no head; nothing at all neither', async () => {
  for (const code of ['create or replace temp view nothing as select 1', '', '-- only this', ';;']) {
    const { outcome, head } = await run(code);
    assert.equal([outcome, head], [{ status: 'ok' }, undefined]);
  }
});

test('the whole result becomes a view', async () => {
  const { view, head } = await run('select id from range(50)', { headRows: 2, view: 'Whole Result' });
  assert.equal([view, head?.rows], ['Whole Result', 2]);
  assert.equal(await rows('select count(*) as n from `whole result`'), [{ n: 50n }]);
});

test('results of commands come too', async () => {
  assert.ok((await rows('show functions like "up*"')).length > 0);
});

test('a column without an Arrow type is shown as its text', async () => {
  assert.equal(await rows(`select parse_json('{"a":[1]}') as v, 1 as n, 2 as n`), [{ v: '{"a":[1]}', n: 2 }]);
});

test('a syntax error shows its place, and no stack', async () => {
  const { name, value, traceback } = await error('select *\nfrm nowhere');
  assert.is(name, 'org.apache.spark.sql.catalyst.parser.ParseException');
  assert.match(value, '(line 2, pos 4)');
  assert.is(traceback.length, 1);
});

test('a missing view is named', async () => {
  const { name, value } = await error('select * from no_such_view');
  assert.is(name, 'org.apache.spark.sql.AnalysisException');
  assert.match(value, '`no_such_view` cannot be found');
});

test('a failing row is named', async () => {
  assert.match((await error("select cast('x' as int)")).value, "'x' of the type");
});

test('only the latest results stay on disk', async () => {
  const { head } = await run('select 1');
  const path = head?.parts[0] ?? '';
  assert.ok(existsSync(path));
  for (let i = 0; i < 20; i++) await run('select 2');
  assert.not(existsSync(path));
});

test.run();
