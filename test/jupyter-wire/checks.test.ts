import { isRequestType, pointsFromUnits, readRequest, replyType, unitsFromPoints } from '@crossview/jupyter-wire';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('checks');

test('missing fields get the protocol’s defaults', () => {
  assert.equal(readRequest('execute_request', { code: '1' }), {
    code: '1',
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: true,
    stop_on_error: true,
  });
});

test('a field of the wrong kind is named', () => {
  for (const content of [{}, { code: 1 }, { code: 'x', silent: 'no' }, { code: 'x', user_expressions: { a: 1 } }])
    assert.throws(
      () => readRequest('execute_request', content as never),
      (error: { code: string }) => error.code === 'MESSAGE_INVALID',
    );
});

test('names of objects are no request types', () => {
  assert.not(isRequestType('constructor'));
  assert.ok(isRequestType('execute_request'));
  assert.is(replyType('comm_info_request'), 'comm_info_reply');
});

test('cursors count code points on the wire and code units in a text', () => {
  assert.is(unitsFromPoints('🙂ab', 2), 3);
  assert.is(pointsFromUnits('🙂ab', 3), 2);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const points = [...text].length;
      assert.is(unitsFromPoints(text, points), text.length);
      assert.is(pointsFromUnits(text, text.length), points);
      assert.is(unitsFromPoints(text, points + 5), text.length);
    }),
  );
});

test.run();
