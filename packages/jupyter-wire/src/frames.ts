import { WireError } from './wire-error.js';

/** The parts of a multipart message (messaging protocol, "The Wire Protocol"), still as bytes. */
export interface Frames {
  readonly identities: readonly Uint8Array[];
  /** Hexadecimal digits in ASCII; empty when messages are not signed. */
  readonly signature: Uint8Array;
  /** Header, parent header, metadata, content. */
  readonly segments: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  readonly buffers: readonly Uint8Array[];
}

const delimiter = new TextEncoder().encode('<IDS|MSG>');

function isDelimiter(frame: Uint8Array): boolean {
  return frame.length === delimiter.length && delimiter.every((byte, index) => frame[index] === byte);
}

/** @throws WireError `WIRE_NO_DELIMITER`, `WIRE_CUT` */
export function splitFrames(frames: readonly Uint8Array[]): Frames {
  const at = frames.findIndex(isDelimiter);
  if (at < 0)
    throw new WireError('WIRE_NO_DELIMITER', `A message of ${frames.length} frames has no delimiter`, {
      facts: { frames: frames.length },
    });
  const [signature, header, parent, metadata, content, ...buffers] = frames.slice(at + 1);
  if (!signature || !header || !parent || !metadata || !content)
    throw new WireError('WIRE_CUT', `A message ends ${frames.length - at - 1} frames after the delimiter, it needs 5`, {
      facts: { frames: frames.length - at - 1 },
    });
  return { identities: frames.slice(0, at), signature, segments: [header, parent, metadata, content], buffers };
}

export function joinFrames(parts: Frames): Uint8Array[] {
  return [...parts.identities, delimiter, parts.signature, ...parts.segments, ...parts.buffers];
}
