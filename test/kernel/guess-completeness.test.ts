import * as assert from 'uvu/assert';
import { guessCompleteness } from '../../packages/kernel/dist/cell/guess-completeness.js';
import { suite } from '../support/suite.js';

const test = suite('whether code goes on, by its text');

test('open brackets, blocks and long texts go on', () => {
  for (const code of [
    'f(1,',
    'def f():',
    'def f():\n    return 1',
    'x = """a\n(',
    'val x = {\n  1',
    'a = 1 + \\',
    'const s = `a',
  ])
    assert.is(guessCompleteness(code).status, 'incomplete', code);
});

test('everything else is for the language to judge', () => {
  for (const code of [
    '',
    '6 * 7',
    'f("(")',
    "x = 'it\\'s ('",
    'f([1, {2: 3}])',
    'SELECT 1',
    "say('a:')",
    'x = """(""" + "["',
  ])
    assert.is(guessCompleteness(code).status, 'unknown', code);
});

test('the next line stands as far in as the last one', () => {
  assert.equal(guessCompleteness('def f():\n    if x:'), { status: 'incomplete', indent: '    ' });
});

test.run();
