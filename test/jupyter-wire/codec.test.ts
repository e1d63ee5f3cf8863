import { createHmac } from 'node:crypto';
import {
  createSigner,
  decodeHead,
  decodeMessage,
  encodeMessage,
  type Message,
  splitFrames,
} from '@crossview/jupyter-wire';
import * as fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('codec');
const bytes = (text: string) => new TextEncoder().encode(text);

const word = fc.string({ minLength: 1 });
const header = fc.record({
  msg_id: word,
  msg_type: word,
  session: fc.string(),
  username: fc.string(),
  date: fc.string(),
  version: fc.string(),
});
const object = fc.dictionary(
  fc.string().filter((key) => key !== '__proto__'),
  fc.jsonValue(),
) as fc.Arbitrary<Message['content']>;
const identity = fc.uint8Array({ maxLength: 20 }).filter((it) => new TextDecoder().decode(it) !== '<IDS|MSG>');
const message: fc.Arbitrary<Message> = fc.record({
  identities: fc.array(identity, { maxLength: 3 }),
  header,
  parent: fc.oneof(header, fc.constant({})),
  metadata: object,
  content: object,
  buffers: fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 4 }),
});
/** JSON has no -0. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

test('what is encoded decodes to the same, buffers included', () => {
  fc.assert(
    fc.property(message, fc.string(), (sent, key) => {
      const signer = createSigner(key);
      const read = decodeMessage(encodeMessage(sent, signer), signer);
      assert.equal(
        plain([read.header, read.parent, read.metadata, read.content]),
        plain([sent.header, sent.parent, sent.metadata, sent.content]),
      );
      assert.equal(
        read.identities.map((it) => [...it]),
        sent.identities.map((it) => [...it]),
      );
      assert.equal(
        read.buffers.map((it) => [...it]),
        sent.buffers.map((it) => [...it]),
      );
    }),
  );
});

test('a flipped bit in any signed frame is noticed', () => {
  const signer = createSigner('key');
  fc.assert(
    fc.property(message, fc.nat(3), fc.nat(), fc.nat(7), (sent, segment, place, bit) => {
      const frames = encodeMessage(sent, signer).map((frame) => Uint8Array.from(frame));
      const frame = frames[sent.identities.length + 2 + segment]!;
      frame[place % frame.length]! ^= 1 << bit;
      assert.throws(
        () => decodeMessage(frames, signer),
        (error: { code: string }) => error.code === 'WIRE_SIGNATURE',
      );
    }),
  );
});

test('a message cut after any frame is refused', () => {
  const signer = createSigner('key');
  fc.assert(
    fc.property(message, (sent) => {
      const frames = encodeMessage({ ...sent, buffers: [] }, signer);
      for (let length = 0; length < frames.length; length += 1)
        assert.throws(
          () => decodeMessage(frames.slice(0, length), signer),
          (error: { code: string }) => /^WIRE_(NO_DELIMITER|CUT)$/.test(error.code),
        );
    }),
  );
});

test('any frames at all decode or are refused by name', () => {
  const known = ['<IDS|MSG>', '{}', '{"msg_id":"1","msg_type":"x"}'].map(bytes);
  const frame = fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.constantFrom(...known));
  const signer = createSigner('');
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 9 }), (frames) => {
      try {
        decodeMessage(frames, signer);
      } catch (error) {
        assert.match((error as { code?: string }).code ?? '', /^WIRE_/);
      }
      decodeHead(frames, signer);
    }),
    { numRuns: 2000 },
  );
});

test('the signature is HMAC-SHA256 over the four segments, in hexadecimal', () => {
  const signer = createSigner('a0436f6c-1916-498b-8eb9-e81ab9368e84');
  const segments = ['{"msg_id":"1"}', '{}', '{}', '{}'].map(bytes);
  const expected = createHmac('sha256', 'a0436f6c-1916-498b-8eb9-e81ab9368e84')
    .update('{"msg_id":"1"}{}{}{}')
    .digest('hex');
  assert.is(new TextDecoder().decode(signer.sign(segments)), expected);
});

test('bytes that are no message are refused by name', () => {
  const signer = createSigner('');
  const frames = (header: Uint8Array, content: Uint8Array) => [
    bytes('<IDS|MSG>'),
    bytes(''),
    header,
    bytes('{}'),
    bytes('{}'),
    content,
  ];
  const code = (parts: Uint8Array[]) => {
    try {
      decodeMessage(parts, signer);
    } catch (error) {
      return (error as { code: string }).code;
    }
    return 'none';
  };
  assert.is(code([]), 'WIRE_NO_DELIMITER');
  assert.is(code(frames(bytes('{"msg_id":"1","msg_type":"x"}'), bytes('[]'))), 'WIRE_NOT_JSON');
  assert.is(code(frames(bytes('{"msg_id":"1","msg_type":"x"}'), Uint8Array.of(0x7b, 0xff, 0x7d))), 'WIRE_NOT_JSON');
  assert.is(code(frames(bytes('{}'), bytes('{}'))), 'WIRE_HEADER');
  fc.assert(fc.property(fc.array(fc.uint8Array()), (parts) => code(parts).startsWith('WIRE_')));
});

test('identities before the delimiter are kept as they are', () => {
  const parts = splitFrames([
    Uint8Array.of(0, 1),
    bytes('a'),
    bytes('<IDS|MSG>'),
    bytes(''),
    ...Array(4).fill(bytes('{}')),
  ]);
  assert.equal(
    parts.identities.map((it) => [...it]),
    [[0, 1], [97]],
  );
});

test.run();
