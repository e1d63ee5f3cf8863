import { TCompactProtocol, TFramedTransport, Thrift, type TProtocol } from 'thrift';
import type { ParquetColumn } from './format.js';

/** A column chunk as it was written. */
export interface WrittenChunk {
  readonly offset: number;
  readonly values: number;
  readonly plainBytes: number;
  readonly bytes: number;
}

export interface WrittenGroup {
  readonly rows: number;
  readonly chunks: readonly WrittenChunk[];
}

const { I32, I64, STRING, STRUCT, LIST } = Thrift.Type;
const encodings = { plain: 0, rle: 3 };

/** PageHeader of a data page, version 1. */
export function pageHeader(values: number, plainBytes: number, bytes: number): Buffer {
  return compact((out) => {
    i32(out, 1, 0);
    i32(out, 2, plainBytes);
    i32(out, 3, bytes);
    struct(out, 5, () => {
      i32(out, 1, values);
      i32(out, 2, encodings.plain);
      i32(out, 3, encodings.rle);
      i32(out, 4, encodings.rle);
    });
  });
}

/** FileMetaData. */
export function footer(columns: readonly ParquetColumn[], groups: readonly WrittenGroup[], codec: number): Buffer {
  return compact((out) => {
    i32(out, 1, 1);
    list(out, 2, columns.length + 1, (index) => {
      if (index === 0) {
        text(out, 4, 'schema');
        i32(out, 5, columns.length);
      } else schemaElement(out, columns[index - 1]!);
    });
    i64(
      out,
      3,
      sum(groups, ({ rows }) => rows),
    );
    list(out, 4, groups.length, (index) => {
      const { rows, chunks } = groups[index]!;
      list(out, 1, chunks.length, (at) => {
        const chunk = chunks[at]!;
        i64(out, 2, chunk.offset);
        struct(out, 3, () => columnMetadata(out, columns[at]!, chunk, codec));
      });
      i64(
        out,
        2,
        sum(chunks, ({ plainBytes }) => plainBytes),
      );
      i64(out, 3, rows);
      i64(out, 5, chunks[0]?.offset ?? 4);
      i64(
        out,
        6,
        sum(chunks, ({ bytes }) => bytes),
      );
    });
    text(out, 6, 'Crossview version 0.1.0');
  });
}

function schemaElement(out: TProtocol, column: ParquetColumn): void {
  i32(out, 1, column.physical);
  if (column.length !== undefined) i32(out, 2, column.length);
  i32(out, 3, 1);
  text(out, 4, column.name);
  if (column.converted !== undefined) i32(out, 6, column.converted);
  if (column.scale !== undefined) i32(out, 7, column.scale);
  if (column.precision !== undefined) i32(out, 8, column.precision);
}

function columnMetadata(out: TProtocol, column: ParquetColumn, chunk: WrittenChunk, codec: number): void {
  i32(out, 1, column.physical);
  out.writeFieldBegin('', LIST, 2);
  out.writeListBegin(I32, 2);
  out.writeI32(encodings.plain);
  out.writeI32(encodings.rle);
  out.writeListEnd();
  out.writeFieldBegin('', LIST, 3);
  out.writeListBegin(STRING, 1);
  out.writeString(column.name);
  out.writeListEnd();
  i32(out, 4, codec);
  i64(out, 5, chunk.values);
  i64(out, 6, chunk.plainBytes);
  i64(out, 7, chunk.bytes);
  i64(out, 9, chunk.offset);
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0);

function compact(write: (out: TProtocol) => void): Buffer {
  let written = Buffer.alloc(0);
  const transport = new TFramedTransport(undefined, (framed) => {
    if (framed) written = framed.subarray(4) as Buffer<ArrayBuffer>;
  });
  const out = new TCompactProtocol(transport);
  out.writeStructBegin('');
  write(out);
  out.writeFieldStop();
  out.writeStructEnd();
  transport.flush();
  return written;
}

function i32(out: TProtocol, id: number, value: number): void {
  out.writeFieldBegin('', I32, id);
  out.writeI32(value);
}

function i64(out: TProtocol, id: number, value: number): void {
  out.writeFieldBegin('', I64, id);
  out.writeI64(value);
}

function text(out: TProtocol, id: number, value: string): void {
  out.writeFieldBegin('', STRING, id);
  out.writeString(value);
}

function struct(out: TProtocol, id: number, write: () => void): void {
  out.writeFieldBegin('', STRUCT, id);
  out.writeStructBegin('');
  write();
  out.writeFieldStop();
  out.writeStructEnd();
}

function list(out: TProtocol, id: number, size: number, write: (index: number) => void): void {
  out.writeFieldBegin('', LIST, id);
  out.writeListBegin(STRUCT, size);
  for (let index = 0; index < size; index += 1) {
    out.writeStructBegin('');
    write(index);
    out.writeFieldStop();
    out.writeStructEnd();
  }
  out.writeListEnd();
}
