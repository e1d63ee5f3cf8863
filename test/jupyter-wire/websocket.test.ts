import { joinWebsocket, splitWebsocket } from '@crossview/jupyter-wire';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('websocket framing');
const parts = fc.record({
  channel: fc.constantFrom('shell', 'control', 'stdin', 'iopub'),
  segments: fc.array(fc.uint8Array(), { minLength: 4, maxLength: 4 }),
  buffers: fc.array(fc.uint8Array(), { maxLength: 5 }),
});
const lists = (arrays: readonly Uint8Array[]) => arrays.map((it) => [...it]);

test('what is joined splits to the same, also from the middle of a larger memory', () => {
  fc.assert(
    fc.property(parts, fc.nat(16), (sent, offset) => {
      const joined = new Uint8Array(joinWebsocket(sent));
      const larger = new Uint8Array(joined.length + offset);
      larger.set(joined, offset);
      for (const data of [joined, larger.subarray(offset)]) {
        const read = splitWebsocket(data);
        assert.is(read.channel, sent.channel);
        assert.equal(lists(read.segments), lists(sent.segments));
        assert.equal(lists(read.buffers), lists(sent.buffers));
      }
    }),
  );
});

test('garbage and cut messages are refused, not read beyond their end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
      try {
        splitWebsocket(data);
      } catch (error) {
        assert.is((error as { code?: string }).code, 'WIRE_CUT');
      }
    }),
  );
});

test.run();
