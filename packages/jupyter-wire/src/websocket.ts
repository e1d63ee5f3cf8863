import { WireError } from './wire-error.js';

/** Sub-protocol of a Jupyter Server's channels socket that carries segments unchanged. */
export const websocketProtocol = 'v1.kernel.websocket.jupyter.org';

/**
 * One binary WebSocket message: channel name, four segments, buffers. The layout is a table of little-endian 64-bit
 * numbers (count, then the offset of each part and the end) followed by the parts (Jupyter Server, "WebSocket protocols").
 */
export interface WebsocketParts {
  readonly channel: string;
  readonly segments: readonly Uint8Array[];
  readonly buffers: readonly Uint8Array[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function joinWebsocket({ channel, segments, buffers }: WebsocketParts): ArrayBuffer {
  const parts = [encoder.encode(channel), ...segments, ...buffers];
  const table = 8 * (parts.length + 2);
  const total = parts.reduce((sum, part) => sum + part.byteLength, table);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(parts.length + 1), true);
  let offset = table;
  parts.forEach((part, index) => {
    view.setBigUint64(8 * (index + 1), BigInt(offset), true);
    bytes.set(part, offset);
    offset += part.byteLength;
  });
  view.setBigUint64(8 * (parts.length + 1), BigInt(offset), true);
  return bytes.buffer;
}

/** The parts are views of `data`, not copies. @throws WireError `WIRE_CUT` */
export function splitWebsocket(data: ArrayBuffer | Uint8Array): WebsocketParts {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const cut = () => new WireError('WIRE_CUT', `A WebSocket message of ${bytes.length} bytes is cut or malformed`);
  if (bytes.length < 8) throw cut();
  const count = Number(view.getBigUint64(0, true));
  if (count < 6 || 8 * (count + 1) > bytes.length) throw cut();
  const offsets = Array.from({ length: count }, (_, index) => Number(view.getBigUint64(8 * (index + 1), true)));
  const parts = offsets.slice(0, -1).map((start, index) => {
    const end = offsets[index + 1] ?? 0;
    if (start > end || end > bytes.length) throw cut();
    return bytes.subarray(start, end);
  });
  const [channel, ...rest] = parts;
  return { channel: decoder.decode(channel), segments: rest.slice(0, 4), buffers: rest.slice(4) };
}
