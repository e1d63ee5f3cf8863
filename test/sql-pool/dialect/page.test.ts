import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { parseBatch } from '../../../packages/sql-pool/dist/dialect/parse/batch.js';
import { dialectLists, page, renewed, statementsOf } from '../../support/dialect-page.js';
import { Client, testPool } from '../../support/pool.js';
import { suite } from '../../support/suite.js';

const test = suite('the page of the dialect is true');
const text = readFileSync(page, 'utf8');

test('its lists are those of the code: write them with node --import tsx test/support/dialect-page.ts', () => {
  for (const name of dialectLists().keys()) assert.ok(text.includes(`<!-- ${name} -->`), name);
  assert.is(renewed(text), text);
});

for (const line of statementsOf(text, 'statements'))
  test(`it is read: ${line}`, () => {
    assert.is(parseBatch(line).length > 0, true);
  });

for (const line of statementsOf(text, 'refused'))
  test(`it is refused by name: ${line}`, async () => {
    const client = await Client.open(await testPool(), { database: 'page' });
    try {
      const { number, message } = await client.failure(line);
      assert.is(number, 40517, message);
    } finally {
      await client.close();
    }
  });

test.run();
