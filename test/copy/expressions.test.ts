import type { Json } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { resolveExpressions, type Scope } from '../../packages/copy/src/expressions/resolve.js';
import { suite } from '../support/suite.js';

const test = suite('copy: expressions');

const scope: Scope = {
  dataset: { table: 'flights', Day: 3 },
  pipeline: { parameters: { schema: 'nyc', list: [1, 2] }, RunId: 'run' },
  activity: (name) => ({ output: { firstRow: { max: `of ${name}` } } }),
};

function value(json: Json): Json {
  const found: string[] = [];
  const result = resolveExpressions(json, scope, '', (problem) => found.push(problem.text));
  if (found.length > 0) throw new Error(found.join('\n'));
  return result;
}

const problem = (json: Json): string => {
  let text = '';
  resolveExpressions(json, scope, 'query', (found) => {
    text = `${found.path}: ${found.text}`;
  });
  return text;
};

test('text, interpolation, whole expressions, and the plain @', () => {
  assert.is(value('SELECT 1'), 'SELECT 1');
  assert.is(value('SELECT * FROM @{dataset().table} WHERE d = @{dataset().day}'), 'SELECT * FROM flights WHERE d = 3');
  assert.is(value('@dataset().Day'), 3);
  assert.equal(value('@pipeline().parameters.list'), [1, 2]);
  assert.is(value('@pipeline().parameters.list[1]'), 2);
  assert.is(value('@@home'), '@home');
  assert.is(value('a@@{b'), 'a@{b');
  assert.equal(value({ value: "@concat('a', dataset().table)", type: 'Expression' }), 'aflights');
  assert.is(value("@{concat('}', 'it''s')}"), "}it's");
  assert.is(value("@activity('Look').output.firstRow.max"), 'of Look');
  assert.equal(value({ a: ['@dataset().Day'] }), { a: [3] });
});

test('functions', () => {
  const cases: [string, Json][] = [
    ["@concat('a', 1, true)", 'a1true'],
    ["@toUpper(trim(' x '))", 'X'],
    ["@replace('a-b', '-', '_')", 'a_b'],
    ["@substring('abcdef', 1, 3)", 'bcd'],
    ["@if(equals(1, 1), 'yes', missing())", 'yes'],
    ["@if(greater(2, 10), 'yes', 'no')", 'no'],
    ['@add(1, mul(2, 3))', 7],
    ['@div(7, 2)', 3],
    ["@coalesce(null, 'x')", 'x'],
    ["@formatDateTime('2024-03-05T06:07:08Z', 'yyyy/MM/dd HH:mm')", '2024/03/05 06:07'],
    ["@addDays('2024-02-28', 2, 'yyyy-MM-dd')", '2024-03-01'],
    ["@addToTime('2024-01-31', 1, 'Month', 'yyyy-MM-dd')", '2024-02-29'],
    ["@subtractFromTime('2024-02-29', 1, 'Year', 'yyyy-MM-dd')", '2023-02-28'],
    ["@startOfMonth('2024-03-05T06:07:08Z', 'yyyy-MM-dd HH:mm')", '2024-03-01 00:00'],
    ["@startOfDay('2024-03-05T06:07:08Z')", '2024-03-05T00:00:00.0000000Z'],
    ["@startOfHour('2024-03-05T06:07:08Z', 'HH:mm')", '06:00'],
    ["@dayOfYear('2024-03-01')", 61],
    ["@dayOfWeek('2024-03-01')", 5],
    ["@dayOfMonth('2024-03-05')", 5],
    ['@union(createArray(1, 2), createArray(2, 3))', [1, 2, 3]],
    ['@intersection(createArray(1, 2), createArray(2, 3))', [2]],
    ["@decodeUriComponent('a%20b')", 'a b'],
    ["@join(split('a,b', ','), '|')", 'a|b'],
    ['@length(createArray(1, 2))', 2],
    ["@contains('Spark', 'par')", true],
    ['@dataset()?.nothing', null],
  ];
  for (const [text, expected] of cases) assert.equal(value(text), expected, text);
});

test('what cannot be evaluated is said by name and place', () => {
  assert.match(problem('@dataset().tabel'), /^query: .*there is no "tabel"; there are table, Day/);
  assert.match(problem('@xpath(1)'), /the function xpath is not supported/);
  assert.match(problem('@item().x'), /ForEach/);
  assert.match(problem("@concat('a'"), /expected "\)"/);
  assert.match(problem('@{dataset().table'), /no closing/);
  assert.match(problem('@linkedService().x'), /no meaning at this place/);
  assert.match(problem("@int('x')"), /is no number/);
  assert.match(problem("@decodeUriComponent('%')"), /cannot be evaluated: URI malformed/);
  assert.match(problem("@addToTime('2024-01-31', 1, 'Fortnight')"), /no unit of time; there are second, minute/);
});

test.run();
