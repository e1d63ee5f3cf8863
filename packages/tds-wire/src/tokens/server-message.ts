import type { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { Token } from './token.js';

/** ERROR and INFO (MS-TDS 2.2.7.10, 2.2.7.13): the same layout. */
export interface ServerMessage {
  readonly number: number;
  readonly state: number;
  /** 0 to 10 is information, 11 and more an error. */
  readonly severity: number;
  readonly text: string;
  readonly server: string;
  readonly procedure: string;
  readonly line: number;
}

export function writeServerMessage(writer: ByteWriter, message: ServerMessage): void {
  const body = new ByteWriter(64 + message.text.length * 2);
  body
    .int32(message.number)
    .uint8(message.state & 0xff)
    .uint8(message.severity);
  // Two bytes hold the length of the whole token, so a very long text is cut.
  body.longText(message.text.slice(0, 30_000));
  body.shortText(message.server.slice(0, 128)).shortText(message.procedure.slice(0, 128)).int32(message.line);
  writer
    .uint8(message.severity > 10 ? Token.error : Token.info)
    .uint16(body.length)
    .put(body.view());
}

/** After the token byte. */
export function readServerMessage(reader: ByteReader): ServerMessage {
  reader.uint16();
  const number = reader.int32();
  const state = reader.uint8();
  const severity = reader.uint8();
  const text = reader.longText();
  const server = reader.shortText();
  const procedure = reader.shortText();
  return { number, state, severity, text, server, procedure, line: reader.int32() };
}
