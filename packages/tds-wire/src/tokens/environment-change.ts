import type { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { Token } from './token.js';

/** ENVCHANGE types (MS-TDS 2.2.7.9). */
export const EnvironmentChange = {
  database: 1,
  language: 2,
  packetSize: 4,
  collation: 7,
  beginTransaction: 8,
  commitTransaction: 9,
  rollbackTransaction: 10,
  resetDone: 18,
} as const;

/** Values as text (database, language, packet size). */
export function writeTextChange(writer: ByteWriter, type: number, to: string, from: string): void {
  const body = new ByteWriter(64).uint8(type).shortText(to).shortText(from);
  writer.uint8(Token.environmentChange).uint16(body.length).put(body.view());
}

/** Values as bytes (collation, transaction descriptors). */
export function writeByteChange(writer: ByteWriter, type: number, to: Uint8Array, from: Uint8Array): void {
  const body = new ByteWriter(64).uint8(type).uint8(to.length).put(to).uint8(from.length).put(from);
  writer.uint8(Token.environmentChange).uint16(body.length).put(body.view());
}

/** After the token byte; the values as they stand. */
export function readEnvironmentChange(reader: ByteReader): { readonly type: number; readonly data: Uint8Array } {
  const data = reader.take(reader.uint16());
  return { type: data[0] ?? 0, data: data.slice(1) };
}
