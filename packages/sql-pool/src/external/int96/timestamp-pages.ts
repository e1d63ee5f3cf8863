import { gunzipSync, gzipSync } from 'node:zlib';
import { compressSync, uncompressSync } from 'snappy';
import { CompactReader, type Field, Kind, type Struct, writeStruct } from './compact-struct.js';

/** Encodings and page types by their numbers in `parquet.thrift`. */
const plain = 0;
const dictionaryEncodings = [2, 8];
const Page = { data: 0, dictionary: 2 };

/** Codecs by their numbers: what DuckDB was asked for. */
const codecs: ReadonlyMap<
  number,
  { readonly pack: (bytes: Uint8Array) => Uint8Array; readonly unpack: (bytes: Uint8Array) => Uint8Array }
> = new Map([
  [0, { pack: (bytes) => bytes, unpack: (bytes) => bytes }],
  [
    1,
    {
      pack: (bytes) => compressSync(Buffer.from(bytes)),
      unpack: (bytes) => uncompressSync(Buffer.from(bytes)) as Buffer,
    },
  ],
  [2, { pack: (bytes) => gzipSync(bytes), unpack: (bytes) => gunzipSync(bytes) }],
]);

const microsPerDay = 86_400_000_000;
/** Julian day of 1970-01-01. */
const julianEpoch = 2_440_588;

/** Microseconds since 1970 in eight bytes each, as INT96: nanoseconds of the day in eight bytes, the Julian day in four. */
export function toInt96(values: Uint8Array): Uint8Array {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  const count = values.byteLength >> 3;
  const target = new Uint8Array(count * 12);
  const out = new DataView(target.buffer);
  for (let index = 0; index < count; index++) {
    const high = view.getInt32(index * 8 + 4, true);
    let days: number;
    let micros: number;
    if (high > -2_097_152 && high < 2_097_152) {
      // Below 2^53 a double holds every microsecond.
      const all = high * 4_294_967_296 + view.getUint32(index * 8, true);
      days = Math.floor(all / microsPerDay);
      micros = all - days * microsPerDay;
    } else {
      const all = view.getBigInt64(index * 8, true);
      micros = Number(((all % 86_400_000_000n) + 86_400_000_000n) % 86_400_000_000n);
      days = Number((all - BigInt(micros)) / 86_400_000_000n);
    }
    const nanos = micros * 1000;
    const upper = Math.floor(nanos / 4_294_967_296);
    out.setUint32(index * 12, nanos - upper * 4_294_967_296, true);
    out.setUint32(index * 12 + 4, upper, true);
    out.setInt32(index * 12 + 8, days + julianEpoch, true);
  }
  return target;
}

export interface WrittenPages {
  readonly bytes: Uint8Array;
  readonly plainBytes: number;
  /** From the chunk's start. */
  readonly dataOffset: number;
  readonly dictionaryOffset: number | undefined;
}

/** The pages of a column chunk of timestamps, their values as INT96. @param optional whether values may be NULL */
export function rewritePages(chunk: Uint8Array, codec: number, optional: boolean): WrittenPages {
  const coder = codecs.get(codec);
  if (!coder) throw new RangeError(`no Parquet codec ${codec} is known here`);
  const parts: Uint8Array[] = [];
  let written = 0;
  let plainBytes = 0;
  let dataOffset: number | undefined;
  let dictionaryOffset: number | undefined;
  let at = 0;
  while (at < chunk.length) {
    const reader = new CompactReader(chunk, at);
    const header = reader.struct();
    const size = number(header, 3);
    const body = chunk.subarray(reader.offset, reader.offset + size);
    at = reader.offset + size;
    const type = number(header, 1);
    if (type === Page.dictionary) dictionaryOffset = written;
    else if (type === Page.data) dataOffset ??= written;
    else throw new RangeError(`a Parquet page of the type ${type}`);
    const changed = change(header, body, type, coder, optional);
    const head = writeStruct(header);
    parts.push(head, changed);
    written += head.length + changed.length;
    plainBytes += head.length + number(header, 2);
  }
  const bytes = new Uint8Array(written);
  let to = 0;
  for (const part of parts) {
    bytes.set(part, to);
    to += part.length;
  }
  return { bytes, plainBytes, dataOffset: dataOffset ?? 0, dictionaryOffset };
}

function change(
  header: Struct,
  body: Uint8Array,
  type: number,
  { pack, unpack }: { pack: (bytes: Uint8Array) => Uint8Array; unpack: (bytes: Uint8Array) => Uint8Array },
  optional: boolean,
): Uint8Array {
  const own = header.get(type === Page.dictionary ? 7 : 5)!.value as Struct;
  // The least and greatest value of a data page were written as INT64.
  if (type === Page.data) own.delete(5);
  const encoding = number(own, 2);
  if (type === Page.data && dictionaryEncodings.includes(encoding)) return body;
  if (encoding !== plain && !dictionaryEncodings.includes(encoding))
    throw new RangeError(`a Parquet page in the encoding ${encoding}`);
  const content = unpack(body);
  const levels =
    type === Page.data && optional
      ? 4 + new DataView(content.buffer, content.byteOffset, content.byteLength).getUint32(0, true)
      : 0;
  const values = toInt96(content.subarray(levels));
  const all = new Uint8Array(levels + values.length);
  all.set(content.subarray(0, levels));
  all.set(values, levels);
  const packed = pack(all);
  header.set(2, { kind: Kind.i32, value: all.length });
  header.set(3, { kind: Kind.i32, value: packed.length });
  header.delete(4);
  return packed;
}

export function number(fields: Struct, id: number): number {
  return Number((fields.get(id) as Field | undefined)?.value ?? 0);
}
