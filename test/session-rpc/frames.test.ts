import * as assert from 'uvu/assert';
import { encodeFrame, FrameReader } from '../../packages/session-rpc/src/frames.js';
import { suite } from '../support/suite.js';

const test = suite('session-rpc frames');
const frame = (text: string) => Buffer.concat(encodeFrame(Buffer.from(text)));
const texts = (bodies: Buffer[]) => bodies.map((body) => body.toString());

function refusal(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

test('messages are the same wherever the stream is cut', () => {
  const bytes = Buffer.concat([frame('{"a":1}'), frame(''), frame('"zoë"')]);
  for (let first = 0; first <= bytes.length; first++) {
    for (const second of [first, Math.min(first + 1, bytes.length), bytes.length]) {
      const reader = new FrameReader(1000);
      const parts = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
      assert.equal(texts(parts.flatMap((part) => reader.push(part))), ['{"a":1}', '', '"zoë"']);
    }
  }
});

test('other header fields are skipped and names are case-insensitive', () => {
  const reader = new FrameReader(10);
  const bytes = 'content-type: application/json\r\nCONTENT-LENGTH:2\r\n\r\n{}';
  assert.equal(texts(reader.push(Buffer.from(bytes))), ['{}']);
});

test('garbage is refused', () => {
  assert.is(
    refusal(() => new FrameReader(10).push(Buffer.from('GET / HTTP/1.1\r\n\r\n'))),
    'FRAME_INVALID',
  );
  assert.is(
    refusal(() => new FrameReader(10).push(Buffer.alloc(2000))),
    'FRAME_INVALID',
  );
  assert.is(
    refusal(() => new FrameReader(10).push(Buffer.from('Content-Length: -3\r\n\r\n'))),
    'FRAME_INVALID',
  );
});

test('a body over the limit is refused before it arrives', () => {
  assert.is(
    refusal(() => new FrameReader(10).push(Buffer.from('Content-Length: 11\r\n\r\n'))),
    'FRAME_INVALID',
  );
});

test.run();
