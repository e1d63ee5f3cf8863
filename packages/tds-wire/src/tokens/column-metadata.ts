import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { readTypeInfo, TypeId, type TypeInfo, writeTypeInfo } from '../types/type-info.js';
import { Token } from './token.js';

export interface Column {
  readonly name: string;
  readonly type: TypeInfo;
  readonly nullable: boolean;
  readonly identity?: boolean;
  /** Not a column of a table: an expression. */
  readonly computed?: boolean;
}

/** COLMETADATA (MS-TDS 2.2.7.4), with its token byte. */
export function writeColumnMetadata(writer: ByteWriter, columns: readonly Column[]): void {
  writer.uint8(Token.columnMetadata).uint16(columns.length);
  for (const column of columns) {
    const flags = (column.nullable ? 0x01 : 0) | (column.computed ? 0x20 : 0x08) | (column.identity ? 0x10 : 0);
    writer.uint32(0).uint16(flags);
    writeTypeInfo(writer, column.type);
    writer.shortText(column.name.slice(0, 255));
  }
}

const withTableName: readonly number[] = [TypeId.text, TypeId.nText, TypeId.image];

/** After the token byte. `tableNames`: text and image columns carry the name of their table. */
export function readColumnMetadata(reader: ByteReader, options: { tableNames?: boolean } = {}): readonly Column[] {
  const count = reader.uint16();
  if (count === 0xffff) return [];
  const columns: Column[] = [];
  for (let index = 0; index < count; index++) {
    reader.uint32();
    const flags = reader.uint16();
    const type = readTypeInfo(reader);
    if (options.tableNames && withTableName.includes(type.id)) {
      for (let parts = reader.uint8(); parts > 0; parts--) reader.longText();
    }
    const name = reader.shortText();
    columns.push({
      name,
      type,
      nullable: (flags & 1) !== 0,
      identity: (flags & 0x10) !== 0,
      computed: (flags & 0x20) !== 0,
    });
  }
  return columns;
}
