import { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedBytes } from '../bytes/not-enough-bytes.js';

/** Skips ALL_HEADERS (MS-TDS 2.2.5.3), which stand before every batch, RPC and transaction request since TDS 7.2. */
export function afterHeaders(body: Uint8Array): ByteReader {
  const reader = new ByteReader(body);
  if (body.length < 4) throw new MalformedBytes('a request without ALL_HEADERS');
  const total = reader.uint32();
  if (total < 4 || total > body.length) throw new MalformedBytes(`ALL_HEADERS gives the length ${total}`);
  reader.offset = total;
  return reader;
}

/** The transaction descriptor header with one request outstanding (MS-TDS 2.2.5.3.2). */
export function writeHeaders(writer: ByteWriter, transaction: bigint = 0n): void {
  writer.uint32(22).uint32(18).uint16(2).uint64(transaction).uint32(1);
}
