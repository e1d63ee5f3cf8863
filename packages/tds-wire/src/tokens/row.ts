import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { readValue } from '../types/read-value.js';
import { TypeId } from '../types/type-info.js';
import type { TdsValue } from '../types/value.js';
import { writeValue } from '../types/write-value.js';
import type { Column } from './column-metadata.js';
import { Token } from './token.js';

/** ROW (MS-TDS 2.2.7.19), with its token byte. */
export function writeRow(writer: ByteWriter, columns: readonly Column[], values: readonly TdsValue[]): void {
  writer.uint8(Token.row);
  columns.forEach((column, index) => {
    writeValue(writer, column.type, values[index] ?? null);
  });
}

/** After the token byte. */
export function readRow(reader: ByteReader, columns: readonly Column[]): TdsValue[] {
  return columns.map((column) => readColumnValue(reader, column));
}

/** NBCROW (MS-TDS 2.2.7.15), after the token byte: a bitmap of the NULLs stands first. */
export function readNullBitmapRow(reader: ByteReader, columns: readonly Column[]): TdsValue[] {
  const bitmap = reader.take((columns.length + 7) >> 3);
  return columns.map((column, index) =>
    bitmap[index >> 3]! & (1 << (index & 7)) ? null : readColumnValue(reader, column),
  );
}

function readColumnValue(reader: ByteReader, column: Column): TdsValue {
  const { id } = column.type;
  if (id !== TypeId.text && id !== TypeId.nText && id !== TypeId.image) return readValue(reader, column.type);
  // A text pointer of zero length is NULL; otherwise pointer and an 8-byte timestamp come first (MS-TDS 2.2.5.2.3).
  const pointer = reader.uint8();
  if (pointer === 0) return null;
  reader.take(pointer + 8);
  return readValue(reader, column.type);
}
