import type { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { Token } from './token.js';

export interface LoginAck {
  readonly tdsVersion: number;
  readonly program: string;
  /** Major, minor, build. */
  readonly version: readonly [number, number, number];
}

/** LOGINACK (MS-TDS 2.2.7.14). */
export function writeLoginAck(writer: ByteWriter, ack: LoginAck): void {
  const [major, minor, build] = ack.version;
  const body = new ByteWriter(64).uint8(1).uint32BigEndian(ack.tdsVersion).shortText(ack.program);
  body
    .uint8(major)
    .uint8(minor)
    .uint8(build >> 8)
    .uint8(build & 0xff);
  writer.uint8(Token.loginAck).uint16(body.length).put(body.view());
}

/** After the token byte. */
export function readLoginAck(reader: ByteReader): LoginAck {
  reader.uint16();
  reader.uint8();
  const tdsVersion = reader.uint32BigEndian();
  const program = reader.shortText();
  const major = reader.uint8();
  const minor = reader.uint8();
  return { tdsVersion, program, version: [major, minor, (reader.uint8() << 8) | reader.uint8()] };
}
