import type { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { Token } from './token.js';

/** FEATUREEXTACK (MS-TDS 2.2.7.11): feature id → the answer's bytes. */
export function writeFeatureExtAck(writer: ByteWriter, features: ReadonlyMap<number, Uint8Array>): void {
  writer.uint8(Token.featureExtAck);
  for (const [id, data] of features) writer.uint8(id).uint32(data.length).put(data);
  writer.uint8(0xff);
}

/**
 * FEDAUTHINFO (MS-TDS 2.2.7.12): where a client gets its token, and for whom.
 * @param authority the security token service, an https address
 */
export function writeFederatedInfo(writer: ByteWriter, authority: string, principal: string): void {
  const options: readonly [number, string][] = [
    [0x01, authority],
    [0x02, principal],
  ];
  const data = new ByteWriter(256);
  data.uint32(options.length);
  let offset = 4 + options.length * 9;
  for (const [id, text] of options) {
    data
      .uint8(id)
      .uint32(text.length * 2)
      .uint32(offset);
    offset += text.length * 2;
  }
  for (const [, text] of options) data.text(text);
  writer.uint8(Token.federatedInfo).uint32(data.length).put(data.view());
}

/** After the token byte. */
export function readFeatureExtAck(reader: ByteReader): ReadonlyMap<number, Uint8Array> {
  const features = new Map<number, Uint8Array>();
  for (let id = reader.uint8(); id !== 0xff; id = reader.uint8())
    features.set(id, reader.take(reader.uint32()).slice());
  return features;
}
