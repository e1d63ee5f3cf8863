import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { compress, uncompress } from 'snappy';
import { CompactReader, type Field, Kind, type Struct, writeStruct } from './compact-struct.js';

/** Encodings and page types by their numbers in `parquet.thrift`. */
const plain = 0;
const dictionaryEncodings = [2, 8];
const PageType = { data: 0, dictionary: 2 };

interface Codec {
  readonly pack: (bytes: Uint8Array) => Promise<Uint8Array>;
  readonly unpack: (bytes: Uint8Array) => Promise<Uint8Array>;
}

/** Codecs by their numbers: what DuckDB was asked for. Both work on threads of their own. */
const codecs: ReadonlyMap<number, Codec> = new Map([
  [0, { pack: async (bytes) => bytes, unpack: async (bytes) => bytes }],
  [1, { pack: (bytes) => compress(bytes), unpack: async (bytes) => (await uncompress(bytes)) as Buffer }],
  [2, { pack: promisify<Uint8Array, Uint8Array>(gzip), unpack: promisify<Uint8Array, Uint8Array>(gunzip) }],
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

interface Page {
  readonly header: Struct;
  readonly type: number;
  readonly body: Uint8Array;
}

function pagesOf(chunk: Uint8Array): readonly Page[] {
  const pages: Page[] = [];
  let at = 0;
  while (at < chunk.length) {
    const reader = new CompactReader(chunk, at);
    const header = reader.struct();
    at = reader.offset + number(header, 3);
    const type = number(header, 1);
    if (type !== PageType.dictionary && type !== PageType.data)
      throw new RangeError(`a Parquet page of the type ${type}`);
    pages.push({ header, type, body: chunk.subarray(reader.offset, at) });
  }
  return pages;
}

/** The pages of a column chunk of timestamps, their values as INT96. @param optional whether values may be NULL */
export async function rewritePages(chunk: Uint8Array, codec: number, optional: boolean): Promise<WrittenPages> {
  const coder = codecs.get(codec);
  if (!coder) throw new RangeError(`no Parquet codec ${codec} is known here`);
  const pages = pagesOf(chunk);
  const bodies = await Promise.all(pages.map((page) => change(page, coder, optional)));
  const parts: Uint8Array[] = [];
  let written = 0;
  let plainBytes = 0;
  let dataOffset: number | undefined;
  let dictionaryOffset: number | undefined;
  for (const [index, { header, type }] of pages.entries()) {
    const body = bodies[index]!;
    if (type === PageType.dictionary) dictionaryOffset = written;
    else dataOffset ??= written;
    const head = writeStruct(header);
    parts.push(head, body);
    written += head.length + body.length;
    plainBytes += head.length + number(header, 2);
  }
  const bytes = Buffer.concat(parts, written);
  return { bytes, plainBytes, dataOffset: dataOffset ?? 0, dictionaryOffset };
}

/** The body as INT96; the header is changed in place. */
async function change({ header, body, type }: Page, { pack, unpack }: Codec, optional: boolean): Promise<Uint8Array> {
  const own = header.get(type === PageType.dictionary ? 7 : 5)!.value as Struct;
  // The least and greatest value of a data page were written as INT64.
  if (type === PageType.data) own.delete(5);
  const encoding = number(own, 2);
  if (type === PageType.data && dictionaryEncodings.includes(encoding)) return body;
  if (encoding !== plain && !dictionaryEncodings.includes(encoding))
    throw new RangeError(`a Parquet page in the encoding ${encoding}`);
  const content = await unpack(body);
  const levels =
    type === PageType.data && optional
      ? 4 + new DataView(content.buffer, content.byteOffset, content.byteLength).getUint32(0, true)
      : 0;
  const values = toInt96(content.subarray(levels));
  const all = new Uint8Array(levels + values.length);
  all.set(content.subarray(0, levels));
  all.set(values, levels);
  const packed = await pack(all);
  header.set(2, { kind: Kind.i32, value: all.length });
  header.set(3, { kind: Kind.i32, value: packed.length });
  header.delete(4);
  return packed;
}

export function number(fields: Struct, id: number): number {
  return Number((fields.get(id) as Field | undefined)?.value ?? 0);
}
