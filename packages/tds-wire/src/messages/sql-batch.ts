import { decodeUtf16 } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { afterHeaders, writeHeaders } from './all-headers.js';

/** MS-TDS 2.2.6.7: the text of a batch. */
export function readSqlBatch(body: Uint8Array): string {
  const reader = afterHeaders(body);
  return decodeUtf16(reader.take(reader.remaining));
}

export function writeSqlBatch(text: string): Uint8Array {
  const writer = new ByteWriter(text.length * 2 + 22);
  writeHeaders(writer);
  return writer.text(text).flush();
}
