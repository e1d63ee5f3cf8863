import { createHash } from 'node:crypto';
import { type HostFunction, strict } from './host-function.js';

const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  SHA: 'sha1',
  SHA1: 'sha1',
  SHA2_256: 'sha256',
  SHA2_512: 'sha512',
};

/** The checksum of bytes: each turns the 32 bits by four and is mixed in, as BINARY_CHECKSUM does with text. */
function checksum(bytes: Uint8Array, from: number): number {
  let result = from;
  for (const byte of bytes) result = ((result << 4) | (result >>> 28)) ^ byte;
  return result | 0;
}

const codePage = new TextDecoder('windows-1252');
const utf16 = new TextDecoder('utf-16le');

export const hashFunctions = {
  /** Bytes as text: those of varchar (0) or of nvarchar (1). */
  decode: strict(['binary', 'whole'], 'text', (bytes: Uint8Array, national: number) =>
    (national === 1 ? utf16 : codePage).decode(bytes),
  ),
  /** NULL for an algorithm there is not. */
  hash_bytes: strict(['text', 'binary'], 'binary', (algorithm: string, bytes: Uint8Array) => {
    const name = algorithms[algorithm.toUpperCase()];
    return name === undefined ? null : new Uint8Array(createHash(name).update(bytes).digest());
  }),
  /** Mixes the next value of a list into the checksum of those before it. */
  checksum: {
    parameters: ['whole', 'binary'],
    returns: 'whole',
    call: (before, bytes) => {
      const start = Number(before ?? 0);
      const turned = (start << 4) | (start >>> 28) | 0;
      // NULL counts as the largest number, so that it differs from 0 and from empty text.
      return bytes === null ? turned ^ 0x7fffffff : (turned ^ checksum(bytes as Uint8Array, 0)) | 0;
    },
  },
} as const satisfies Readonly<Record<string, HostFunction>>;
