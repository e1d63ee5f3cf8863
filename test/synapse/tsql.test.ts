import { identifier, literal, parseThreePartName, plainLiteral, tableName } from '@crossview/synapse';
import * as assert from 'uvu/assert';
import { parseQuery, selectFrom } from '../../packages/synapse/src/tsql/query-text.js';
import { likePattern } from '../../packages/synapse/src/tsql/quote.js';
import { failure } from '../support/failure.js';
import { suite } from '../support/suite.js';

const test = suite('T-SQL text');

test('names and texts cannot leave their quotes', () => {
  assert.is(identifier('a]b'), '[a]]b]');
  assert.is(identifier("x'; DROP TABLE t;--"), "[x'; DROP TABLE t;--]");
  assert.is(literal("it's"), "N'it''s'");
  assert.is(plainLiteral("'"), "''''");
  assert.is(tableName({ schema: 'größe', name: '表' }), '[größe].[表]');
  assert.is(likePattern('50%_[a]\\'), '50\\%\\_\\[a\\]\\\\');
});

test('a name of no or of 129 characters is refused', async () => {
  assert.is((await failure(() => identifier(''))).code, 'NAME_INVALID');
  assert.is((await failure(() => identifier('x'.repeat(129)))).facts.length, 129);
  assert.is(identifier('x'.repeat(128)).length, 130);
});

test('three parts, plain, in brackets or quoted', async () => {
  const expected = { database: 'd', schema: 's', name: 't' };
  assert.equal(parseThreePartName('d.s.t'), expected);
  assert.equal(parseThreePartName(' [d] . "s" . t '), expected);
  assert.equal(parseThreePartName('[my.db].[a]]b].["c]'), { database: 'my.db', schema: 'a]b', name: '"c' });
  for (const bad of ['t', 's.t', 'd..t', 'a.b.c.d', '[d.s.t', 'd.s.t]x', ''])
    assert.is((await failure(() => parseThreePartName(bad))).code, 'TABLE_NAME_INVALID', bad);
});

test('a query is put in parentheses that it cannot leave', () => {
  assert.is(
    selectFrom(parseQuery('SELECT a -- the last line is a comment'), 'TOP 0 *', ''),
    'SELECT TOP 0 * FROM (\nSELECT a\n) AS [crossview_query]',
  );
  assert.is(
    selectFrom(parseQuery('WITH x AS (SELECT 1 AS a), y AS (SELECT 2 AS b) SELECT * FROM x, y;'), '*', ' WHERE 1 = 1'),
    'WITH x AS (SELECT 1 AS a), y AS (SELECT 2 AS b),\n[crossview_query] AS (\nSELECT * FROM x, y\n)\nSELECT * FROM [crossview_query] WHERE 1 = 1',
  );
});

test('quoted things and comments in a query are left alone', () => {
  for (const query of [
    "SELECT ';DROP TABLE t' AS x",
    'SELECT [a;b] FROM t',
    'SELECT "a)b" FROM t /* ( /* ; */ */',
    'select 1 as [insert]',
  ])
    parseQuery(query);
});

test('anything but one SELECT is refused', async () => {
  for (const query of [
    '',
    'DROP TABLE t',
    'SELECT 1; DROP TABLE t',
    'SELECT 1) DROP TABLE t --',
    'SELECT 1 ) AS x; DELETE FROM t; SELECT * FROM (SELECT 1',
    "SELECT 'open",
    'SELECT [open',
    'SELECT 1 /* open',
    'SELECT (1',
    'WITH x AS (SELECT 1 AS a) DELETE FROM t',
    'WITH x AS (SELECT 1 AS a)',
    'SELECT * INTO t2 FROM t',
    'SELECT 1 EXEC sp_who',
    'SELECT 1 DROP TABLE t',
  ])
    assert.is((await failure(() => parseQuery(query))).code, 'QUERY_INVALID', query);
});

test.run();
