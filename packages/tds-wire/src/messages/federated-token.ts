import { ByteReader, decodeUtf16 } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedBytes, NotEnoughBytes } from '../bytes/not-enough-bytes.js';

/** The token a client sends after FEDAUTHINFO (MS-TDS 2.2.6.3). A secret. @throws MalformedBytes */
export function readFederatedToken(body: Uint8Array): string {
  try {
    const reader = new ByteReader(body);
    const length = reader.uint32();
    if (length > reader.remaining) throw new MalformedBytes('a federated token gives a length over its own');
    return decodeUtf16(reader.take(reader.uint32()));
  } catch (error) {
    if (error instanceof NotEnoughBytes) throw new MalformedBytes('a federated token ends inside itself');
    throw error;
  }
}

export function writeFederatedToken(token: string): Uint8Array {
  const bytes = token.length * 2;
  return new ByteWriter(bytes + 8)
    .uint32(bytes + 4)
    .uint32(bytes)
    .text(token)
    .flush();
}
