import { framePackets, MalformedBytes, MessageAssembler, PacketCounter, PacketReader } from '@crossview/tds-wire';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('tds-wire packets');
const body = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);

function readAll(pieces: readonly Uint8Array[]) {
  const reader = new PacketReader();
  const messages = new MessageAssembler();
  return pieces.flatMap((piece) => [...reader.push(piece)].flatMap((packet) => messages.push(packet) ?? []));
}

test('a message goes through packets of any size and comes back', () => {
  for (const size of [512, 600, 4096]) {
    const framed = framePackets(1, body, size, new PacketCounter());
    const [message, ...rest] = readAll([framed]);
    assert.is(rest.length, 0);
    assert.equal(message, { type: 1, status: size > 1008 ? 1 : 0, body });
  }
});

test('cut at every byte it stays the same message', () => {
  const framed = framePackets(3, body.subarray(0, 120), 64, new PacketCounter());
  const whole = readAll([framed]);
  for (let cut = 0; cut <= framed.length; cut++)
    assert.equal(readAll([framed.subarray(0, cut), framed.subarray(cut)]), whole);
  assert.equal(readAll([...framed].map((byte) => Uint8Array.of(byte))), whole);
});

test('an empty message is one packet', () => {
  assert.equal(framePackets(4, new Uint8Array(0), 512, new PacketCounter()).length, 8);
});

test('impossible lengths and mixed types are refused', () => {
  assert.throws(
    () => [...new PacketReader().push(Uint8Array.of(1, 1, 0, 7, 0, 0, 0, 0))],
    (error: unknown) => error instanceof MalformedBytes,
  );
  const messages = new MessageAssembler(16);
  messages.push({ type: 1, status: 0, body: new Uint8Array(4) });
  assert.throws(
    () => messages.push({ type: 3, status: 1, body: new Uint8Array(4) }),
    (error: unknown) => error instanceof MalformedBytes,
  );
  assert.throws(
    () => new MessageAssembler(16).push({ type: 1, status: 0, body: new Uint8Array(17) }),
    (error: unknown) => error instanceof MalformedBytes,
  );
});

test('a message that ends with the ignore bit is empty and says so', () => {
  const messages = new MessageAssembler();
  assert.equal(messages.push({ type: 1, status: 3, body }), { type: 1, status: 3, body: new Uint8Array(0) });
});

test.run();
