import { CrossviewError } from '@crossview/contracts';
import { TBinaryProtocol, TFramedTransport, Thrift } from 'thrift';
import { readStruct, type StructType, type StructValue, writeStruct } from './structs.js';

/** TApplicationException: what a server answers when it does not know a method or cannot read a request. */
const applicationException: StructType = {
  name: 'TApplicationException',
  fields: { 1: ['message', 'string'], 2: ['type', 'i32'] },
};

/** A call in the strict binary protocol, without any framing. */
export function encodeCall(name: string, sequence: number, type: StructType, request: StructValue): Buffer {
  let message = Buffer.alloc(0);
  const transport = new TFramedTransport(undefined, (framed) => {
    if (framed) message = framed.subarray(4) as Buffer<ArrayBuffer>;
  });
  const output = new TBinaryProtocol(transport, true, true);
  output.writeMessageBegin(name, Thrift.MessageType.CALL, sequence);
  writeStruct(output, { name: `${name}_args`, fields: { 1: ['req', { struct: type }] } }, { req: request });
  output.writeMessageEnd();
  transport.flush();
  return message;
}

export const notThrift = (detail: string, cause?: unknown): CrossviewError =>
  new CrossviewError('COPY_NOT_THRIFT', `the server's answer is not one of Spark's Thrift server: ${detail}`, {
    hint: 'Check host, port, httpPath and thriftTransportProtocol of the linked service: another service may listen there, or the same one over another transport.',
    cause,
  });

/**
 * The reply's header; gives where the reply's struct begins.
 * @throws CrossviewError `COPY_NOT_THRIFT` for bytes that are no reply to this call, `COPY_SERVER_REFUSED` for the server's exception.
 */
export function readReplyHeader(message: Buffer, name: string, sequence: number): number {
  if (message.length < 12 || message.readUInt16BE(0) !== 0x8001)
    throw notThrift(`it begins with ${JSON.stringify(message.subarray(0, 16).toString('latin1'))}`);
  const kind = message.readUInt8(3);
  const nameLength = message.readInt32BE(4);
  if (nameLength < 0 || nameLength > 200 || message.length < 12 + nameLength) throw notThrift('its name is too long');
  const bodyStart = 12 + nameLength;
  if (kind === Thrift.MessageType.EXCEPTION) {
    const failure = readStruct(protocolOver(message.subarray(bodyStart)), applicationException);
    throw new CrossviewError('COPY_SERVER_REFUSED', `the server refused ${name}: ${String(failure.message)}`, {
      hint: 'The server may be older than HiveServer2 (SharkServer speaks another protocol).',
      facts: { method: name, type: Number(failure.type ?? 0) },
    });
  }
  const answered = message.toString('utf8', 8, 8 + nameLength);
  if (kind !== Thrift.MessageType.REPLY || answered !== name || message.readInt32BE(8 + nameLength) !== sequence)
    throw notThrift(`it answers ${answered} where ${name} was asked`);
  return bodyStart;
}

/** The `success` struct of a reply. */
export function decodeReply(message: Buffer, name: string, sequence: number, type: StructType): StructValue {
  const start = readReplyHeader(message, name, sequence);
  try {
    const result = readStruct(protocolOver(message.subarray(start)), {
      name: `${name}_result`,
      fields: { 0: ['success', { struct: type }] },
    });
    if (result.success !== undefined) return result.success as StructValue;
  } catch (cause) {
    throw notThrift(`its ${name} reply ends early`, cause);
  }
  throw notThrift(`its ${name} reply is empty`);
}

function protocolOver(bytes: Buffer): TBinaryProtocol {
  return new TBinaryProtocol(new TFramedTransport(bytes, undefined));
}
