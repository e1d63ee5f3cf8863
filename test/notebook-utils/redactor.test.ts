import { createRedactor } from '@crossview/notebook-utils';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('redactor');

test('takes a secret out of text, URLs and JSON', () => {
  const redactor = createRedactor();
  redactor.add('a+b/c="d"');
  assert.is(redactor.redact('key a+b/c="d" here'), 'key [REDACTED] here');
  assert.is(redactor.redact(`https://x/?sig=${encodeURIComponent('a+b/c="d"')}&x`), 'https://x/?sig=[REDACTED]&x');
  assert.is(redactor.redact(JSON.stringify({ key: 'a+b/c="d"' })), '{"key":"[REDACTED]"}');
});

test('does not take short values, which would hide ordinary words', () => {
  const redactor = createRedactor();
  redactor.add('one');
  assert.is(redactor.redact('one row'), 'one row');
});

test.run();
