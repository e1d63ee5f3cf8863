import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

export interface TextForm {
  readonly gzip: boolean;
  readonly utf16: boolean;
}

/** UTF-16 in any pieces as UTF-8; little-endian unless its mark says other. */
function fromUtf16(): Transform {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      decoder ??= new TextDecoder(bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-16le');
      done(null, decoder.decode(bytes, { stream: true }));
    },
    flush(done) {
      done(null, decoder?.decode() ?? '');
    },
  });
}

/** Makes a copy of a file as plain UTF-8, a piece at a time. @returns its path */
export async function toPlainText(file: string, { gzip, utf16 }: TextForm): Promise<string> {
  const target = `${file}.plain`;
  const steps = [...(gzip ? [createGunzip()] : []), ...(utf16 ? [fromUtf16()] : [])];
  await pipeline([createReadStream(file), ...steps, createWriteStream(target)]);
  return target;
}
