import { joinWebsocket, splitWebsocket, websocketProtocol } from '@crossview/jupyter-wire';
import type { KernelMessage } from '@jupyterlab/services';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const bytesOf = (buffer: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);

/**
 * Messages of `@jupyterlab/services` to bytes and back, for the binary sub-protocol. The library's own serializer copies
 * each buffer and throws on those that start inside their memory (version 7.6).
 */
export const serializer = {
  serialize(message: KernelMessage.IMessage, protocol?: string): ArrayBuffer {
    if (protocol !== websocketProtocol)
      throw new Error('This Jupyter Server is too old: it does not speak v1.kernel.websocket.jupyter.org.');
    const segments = [message.header, message.parent_header, message.metadata, message.content];
    return joinWebsocket({
      channel: message.channel,
      segments: segments.map((value) => encoder.encode(JSON.stringify(value))),
      buffers: (message.buffers ?? []).map(bytesOf),
    });
  },
  deserialize(data: ArrayBuffer): KernelMessage.IMessage {
    const { channel, segments, buffers } = splitWebsocket(data);
    const [header, parent_header, metadata, content] = segments.map((bytes) => JSON.parse(decoder.decode(bytes)));
    return {
      channel,
      header,
      parent_header,
      metadata,
      content,
      buffers: buffers.map((it) => new DataView(it.buffer as ArrayBuffer, it.byteOffset, it.byteLength)),
    } as KernelMessage.IMessage;
  },
};

export { bytesOf };
