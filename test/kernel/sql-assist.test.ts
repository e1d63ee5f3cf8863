import * as assert from 'uvu/assert';
import { completeSql, inspectSql } from '../../packages/kernel/src/sql/sql-assist.js';
import type { SqlNames } from '../../packages/kernel/src/sql/sql-names.js';
import { suite } from '../support/suite.js';

const test = suite('completion and inspection of SQL');
const column = (name: string, type = 'int') => ({ name, type });
const names: SqlNames = {
  tables: [
    {
      schema: 'dbo',
      name: 'people',
      what: 'Table of the pool',
      columns: [column('id'), column('first name', 'nvarchar')],
    },
    { schema: 'sales', name: 'orders', what: 'Table of the pool', columns: [column('order_id'), column('person')] },
    { name: 'delays', what: 'View of python, 3 rows', columns: undefined },
  ],
  functions: ['approx_count_distinct'],
  keywords: ['SELECT', 'SET', 'FROM'],
  quote: (name) => `[${name}]`,
};
/** `|` is the cursor. */
const complete = (text: string) => completeSql(names, text.replace('|', ''), text.indexOf('|')).matches;

test('columns stand behind an alias, a table, and what the statement names', () => {
  assert.equal(complete('SELECT p.| FROM dbo.people AS p'), ['id', '[first name]']);
  assert.equal(complete('SELECT o.per| FROM dbo.people p JOIN sales.orders o ON o.person = p.id'), ['person']);
  assert.equal(complete('SELECT people.i| FROM [dbo].[people]'), ['id']);
  assert.equal(complete('SELECT ord| FROM sales.orders'), ['order_id', 'orders']);
});

test('tables stand behind their schema, schemas and keywords where anything may', () => {
  assert.equal(complete('SELECT * FROM sales.|'), ['orders']);
  assert.equal(complete('SELECT * FROM d|'), ['delays', 'dbo']);
  assert.equal(complete('se|'), ['SELECT', 'SET']);
  assert.equal(complete('SELECT appr|'), ['approx_count_distinct']);
});

test('what was typed in quotes is replaced with its quotes', () => {
  const text = 'SELECT [fir FROM dbo.people';
  const found = completeSql(names, text, 'SELECT [fir'.length);
  assert.equal([found.matches, found.start, found.end], [['[first name]'], 7, 11]);
});

test('tables, aliases and columns are inspected', () => {
  const text = 'SELECT p.id FROM dbo.people p';
  const shown = (at: number) => inspectSql(names, text, at)?.['text/plain'];
  assert.is(shown(text.indexOf('people') + 2), 'dbo.people (Table of the pool)\n  id  int\n  first name  nvarchar');
  assert.match(shown(text.length) ?? '', /^dbo\.people/);
  assert.is(shown(text.indexOf('id') + 1), 'people.id  int');
  assert.is(shown(2), undefined);
});

test.run();
