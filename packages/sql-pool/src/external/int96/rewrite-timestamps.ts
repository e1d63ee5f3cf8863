import { open } from 'node:fs/promises';
import { CompactReader, Kind, type List, type Struct, writeStruct } from './compact-struct.js';
import { number, rewritePages } from './timestamp-pages.js';

/** Physical types and repetitions by their numbers in `parquet.thrift`. */
const Physical = { int64: 2, int96: 3 };
const optional = 1;
const timestampConversions = [9, 10];
const logicalTimestamp = 8;

interface Leaf {
  readonly element: Struct;
  readonly isTimestamp: boolean;
  readonly optional: boolean;
}

function leaves(schema: List): readonly Leaf[] {
  return (schema.items as Struct[])
    .filter((element) => number(element, 5) === 0)
    .map((element) => {
      const logical = element.get(10)?.value as Struct | undefined;
      const said = logical?.has(logicalTimestamp) || timestampConversions.includes(number(element, 6) || -1);
      return {
        element,
        isTimestamp: number(element, 1) === Physical.int64 && said === true,
        optional: number(element, 3) === optional,
      };
    });
}

/**
 * Copies a flat Parquet file of DuckDB's with its timestamps as INT96, the only form with microseconds that a dedicated pool and
 * its readers share; DuckDB itself writes INT64. Pages of other columns are copied as they are, so that the file costs little more
 * than a copy.
 * @returns false when there is no timestamp in it; then nothing was written
 */
export async function rewriteTimestamps(from: string, to: string): Promise<boolean> {
  const source = await open(from, 'r');
  try {
    const { size } = await source.stat();
    const read = async (offset: number, length: number): Promise<Uint8Array> => {
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const { bytesRead } = await source.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0) throw new RangeError(`${from} ends before its footer says so`);
        done += bytesRead;
      }
      return bytes;
    };
    const tail = await read(size - 8, 8);
    const length = new DataView(tail.buffer).getUint32(0, true);
    const footer = new CompactReader(await read(size - 8 - length, length)).struct();
    const columns = leaves(footer.get(2)!.value as List);
    if (!columns.some(({ isTimestamp }) => isTimestamp)) return false;
    const target = await open(to, 'w');
    try {
      let position = 0;
      const write = async (bytes: Uint8Array) => {
        for (let done = 0; done < bytes.length; )
          done += (await target.write(bytes, done, bytes.length - done)).bytesWritten;
        position += bytes.length;
      };
      await write(Buffer.from('PAR1'));
      for (const group of (footer.get(4)!.value as List).items as Struct[])
        await copyGroup(group, columns, read, write, () => position);
      for (const { element, isTimestamp } of columns) {
        if (!isTimestamp) continue;
        element.set(1, { kind: Kind.i32, value: Physical.int96 });
        element.delete(6);
        element.delete(10);
      }
      const metadata = writeStruct(footer);
      const end = new Uint8Array(8);
      new DataView(end.buffer).setUint32(0, metadata.length, true);
      end.set(Buffer.from('PAR1'), 4);
      await write(metadata);
      await write(end);
    } finally {
      await target.close();
    }
    return true;
  } finally {
    await source.close();
  }
}

async function copyGroup(
  group: Struct,
  columns: readonly Leaf[],
  read: (offset: number, length: number) => Promise<Uint8Array>,
  write: (bytes: Uint8Array) => Promise<void>,
  position: () => number,
): Promise<void> {
  const first = position();
  let plainBytes = 0;
  let bytes = 0;
  for (const [index, chunk] of ((group.get(1)!.value as List).items as Struct[]).entries()) {
    const meta = chunk.get(3)!.value as Struct;
    const { isTimestamp, optional: nullable } = columns[index]!;
    const start = Math.min(number(meta, 9), number(meta, 11) || Number.POSITIVE_INFINITY);
    const content = await read(start, number(meta, 7));
    const at = position();
    const offset = (value: number) => ({ kind: Kind.i64, value: BigInt(value) });
    if (isTimestamp) {
      const pages = await rewritePages(content, number(meta, 4), nullable);
      await write(pages.bytes);
      meta.set(1, { kind: Kind.i32, value: Physical.int96 });
      meta.set(6, offset(pages.plainBytes));
      meta.set(7, offset(pages.bytes.length));
      meta.set(9, offset(at + pages.dataOffset));
      if (pages.dictionaryOffset === undefined) meta.delete(11);
      else meta.set(11, offset(at + pages.dictionaryOffset));
      // Statistics of INT96 have no order that readers agree on.
      meta.delete(12);
    } else {
      await write(content);
      meta.set(9, offset(number(meta, 9) - start + at));
      if (meta.has(11)) meta.set(11, offset(number(meta, 11) - start + at));
    }
    // Filters and indexes beside the pages are not copied.
    for (const id of [10, 14, 15]) meta.delete(id);
    for (const id of [4, 5, 6, 7]) chunk.delete(id);
    chunk.set(2, offset(chunk.has(2) && number(chunk, 2) === 0 ? 0 : at));
    plainBytes += number(meta, 6);
    bytes += number(meta, 7);
  }
  group.set(2, { kind: Kind.i64, value: BigInt(plainBytes) });
  if (group.has(5)) group.set(5, { kind: Kind.i64, value: BigInt(first) });
  if (group.has(6)) group.set(6, { kind: Kind.i64, value: BigInt(bytes) });
}
