import { type Frames, joinFrames, splitFrames } from './frames.js';
import type { Header, JsonObject, Message } from './message.js';
import type { Signer } from './signing.js';
import { WireError } from './wire-error.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseSegment(name: string, segment: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(segment));
  } catch (cause) {
    throw new WireError('WIRE_NOT_JSON', `The ${name} of a message is not JSON in UTF-8`, { cause });
  }
  if (!isObject(value)) throw new WireError('WIRE_NOT_JSON', `The ${name} of a message is not a JSON object`);
  return value;
}

function text(object: JsonObject, field: string): string {
  const value = object[field];
  return typeof value === 'string' ? value : '';
}

/** A header with every field there; unknown fields (`subshell_id`) are kept. */
function readHeader(object: JsonObject): Header {
  if (text(object, 'msg_type') === '' || text(object, 'msg_id') === '')
    throw new WireError('WIRE_HEADER', 'The header of a message names no msg_type or no msg_id');
  return {
    ...object,
    msg_id: text(object, 'msg_id'),
    msg_type: text(object, 'msg_type'),
    session: text(object, 'session'),
    username: text(object, 'username'),
    date: text(object, 'date'),
    version: text(object, 'version'),
  };
}

/** Bytes of the four segments, for a signature that is made or checked elsewhere. */
export function encodeSegments(message: Message): Frames['segments'] {
  const bytes = (value: unknown) => encoder.encode(JSON.stringify(value));
  return [bytes(message.header), bytes(message.parent), bytes(message.metadata), bytes(message.content)];
}

export function encodeMessage(message: Message, signer: Signer): Uint8Array[] {
  const segments = encodeSegments(message);
  return joinFrames({
    identities: message.identities,
    signature: signer.sign(segments),
    segments,
    buffers: message.buffers,
  });
}

/**
 * The head of a message whose content or metadata cannot be read, so that it can be answered that it cannot;
 * `undefined` when not even that verifies.
 */
export function decodeHead(frames: readonly Uint8Array[], signer: Signer): Message | undefined {
  try {
    const { identities, signature, segments } = splitFrames(frames);
    if (!signer.verify(segments, signature)) return undefined;
    const header = readHeader(parseSegment('header', segments[0]));
    return { identities, header, parent: {}, metadata: {}, content: {}, buffers: [] };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/** @throws WireError when the message is cut, its signature does not verify, or it is not JSON. */
export function decodeMessage(frames: readonly Uint8Array[], signer: Signer): Message {
  const parts = splitFrames(frames);
  if (!signer.verify(parts.segments, parts.signature))
    throw new WireError('WIRE_SIGNATURE', 'The signature of a message does not verify');
  const [header, parent, metadata, content] = parts.segments;
  const parentObject = parseSegment('parent header', parent);
  return {
    identities: parts.identities,
    header: readHeader(parseSegment('header', header)),
    parent: text(parentObject, 'msg_id') === '' ? {} : readHeader({ msg_type: '?', ...parentObject }),
    metadata: parseSegment('metadata', metadata),
    content: parseSegment('content', content),
    buffers: parts.buffers,
  };
}
