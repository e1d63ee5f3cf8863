import { createHmac, timingSafeEqual } from 'node:crypto';

const utf8 = new TextEncoder();

/** Signs and verifies the four JSON segments with HMAC-SHA256 (messaging protocol, "The Wire Protocol"). */
export interface Signer {
  sign(segments: readonly Uint8Array[]): Uint8Array;
  verify(segments: readonly Uint8Array[], signature: Uint8Array): boolean;
}

/** @param key as in the connection file; an empty key turns signing off on both sides. */
export function createSigner(key: string): Signer {
  const sign = (segments: readonly Uint8Array[]): Uint8Array => {
    if (key === '') return new Uint8Array();
    const digest = createHmac('sha256', key);
    for (const segment of segments) digest.update(segment);
    return utf8.encode(digest.digest('hex'));
  };
  return {
    sign,
    verify(segments, signature) {
      if (key === '') return true;
      const expected = sign(segments);
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    },
  };
}
