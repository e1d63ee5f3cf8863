import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { Token } from './token.js';

/** FEATUREEXTACK (MS-TDS 2.2.7.11): feature id → the answer's bytes. */
export function writeFeatureExtAck(writer: ByteWriter, features: ReadonlyMap<number, Uint8Array>): void {
  writer.uint8(Token.featureExtAck);
  for (const [id, data] of features) writer.uint8(id).uint32(data.length).put(data);
  writer.uint8(0xff);
}

/** After the token byte. */
export function readFeatureExtAck(reader: ByteReader): ReadonlyMap<number, Uint8Array> {
  const features = new Map<number, Uint8Array>();
  for (let id = reader.uint8(); id !== 0xff; id = reader.uint8())
    features.set(id, reader.take(reader.uint32()).slice());
  return features;
}
