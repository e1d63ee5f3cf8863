import {
  type ByteWriter,
  type Column,
  decimalBytes,
  Token,
  TypeId,
  timeBytes,
  unixEpochDays,
  unlimited,
  writeGuid,
  writeMoment,
  writeMoney,
  writeValue,
} from '@crossview/tds-wire';
import {
  type DuckDBBlobValue,
  type DuckDBDataChunk,
  type DuckDBDecimalValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';
import { type SqlType, storageType } from '../types/sql-type.js';
import { toTypeInfo } from '../types/tds-type.js';
import { declaredType, fromDuckDB, momentOf } from './values.js';

/** Writes row `row` of a vector that was taken from a chunk. */
type CellWriter = (writer: ByteWriter, row: number) => void;

/** What is read of a vector: typed arrays for numbers, a getter for the rest. */
export type Chunk = DuckDBDataChunk;

interface Vector {
  getItem(index: number): DuckDBValue;
  readonly items?: ArrayLike<number> | ArrayLike<bigint>;
}

export interface ResultColumn {
  readonly name: string;
  readonly type: SqlType | undefined;
  readonly nullable: boolean;
  readonly identity?: boolean;
  readonly stored?: boolean;
}

/** Turns chunks of one result into ROW tokens, straight from DuckDB's vectors. */
export class RowEncoder {
  readonly columns: readonly Column[];
  readonly #types: readonly DuckDBType[];

  /** @param declared the translator's types; where the storage does not agree, DuckDB's own type counts. */
  constructor(declared: readonly ResultColumn[], types: readonly DuckDBType[]) {
    this.#types = types;
    this.columns = declared.map((column, index): Column => {
      const type = types[index]!;
      const own = column.type && storageType(column.type) === storageName(type) ? column.type : declaredType(type);
      return {
        name: column.name,
        type: toTypeInfo(own),
        nullable: column.nullable,
        identity: column.identity ?? false,
        computed: !column.stored,
      };
    });
  }

  writeChunk(writer: ByteWriter, chunk: DuckDBDataChunk, from: number, to: number): void {
    const cells = this.columns.map((column, index) =>
      cellWriter(column, this.#types[index]!, chunk.getColumnVector(index) as unknown as Vector),
    );
    for (let row = from; row < to; row++) {
      writer.uint8(Token.row);
      for (const cell of cells) cell(writer, row);
    }
  }
}

function storageName(type: DuckDBType): string {
  return type.typeId === DuckDBTypeId.TIMESTAMP_TZ ? 'TIMESTAMPTZ' : type.toString();
}

function cellWriter(column: Column, type: DuckDBType, vector: Vector): CellWriter {
  const { id, length, scale, precision } = column.type;
  const nullable =
    (write: (writer: ByteWriter, value: DuckDBValue) => void): CellWriter =>
    (writer, row) => {
      const value = vector.getItem(row);
      if (value === null) writer.uint8(0);
      else write(writer, value);
    };
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return nullable((writer, value) => writer.uint8(1).uint8(value ? 1 : 0));
    case DuckDBTypeId.UTINYINT:
      return nullable((writer, value) => writer.uint8(1).uint8(value as number));
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
      return nullable((writer, value) => writer.uint8(2).uint16((value as number) & 0xffff));
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.INTEGER:
      return nullable((writer, value) => writer.uint8(4).int32(value as number));
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.BIGINT:
      return nullable((writer, value) => writer.uint8(8).int64(BigInt(value as bigint)));
    case DuckDBTypeId.FLOAT:
      return nullable((writer, value) => writer.uint8(4).float32(value as number));
    case DuckDBTypeId.DOUBLE:
      return nullable((writer, value) => writer.uint8(8).float64(value as number));
    case DuckDBTypeId.DECIMAL: {
      if (id === TypeId.moneyN)
        return nullable((writer, value) => writeMoney(writer, (value as DuckDBDecimalValue).value, length));
      const bytes = decimalBytes(precision);
      return nullable((writer, value) => {
        const unscaled = (value as DuckDBDecimalValue).value;
        const magnitude = unscaled < 0n ? -unscaled : unscaled;
        writer.uint8(bytes + 1).uint8(unscaled < 0n ? 0 : 1);
        if (bytes === 4) writer.uint32(Number(magnitude));
        else {
          writer.uint64(magnitude & 0xffff_ffff_ffff_ffffn);
          if (bytes === 12) writer.uint32(Number(magnitude >> 64n));
          else if (bytes === 16) writer.uint64(magnitude >> 64n);
        }
      });
    }
    case DuckDBTypeId.DATE:
      return nullable((writer, value) => writer.uint8(3).uint((value as { days: number }).days + unixEpochDays, 3));
    case DuckDBTypeId.TIME: {
      const size = timeBytes(scale);
      const unit = 10 ** (7 - scale);
      return nullable((writer, value) =>
        writer.uint8(size).uint(Math.floor((Number((value as { micros: bigint }).micros) * 10) / unit), size),
      );
    }
    case DuckDBTypeId.TIMESTAMP:
      return nullable((writer, value) =>
        writeMoment(writer, column.type, momentOf((value as { micros: bigint }).micros)),
      );
    case DuckDBTypeId.UUID:
      return nullable((writer, value) => writeGuid(writer, String(value)));
    case DuckDBTypeId.VARCHAR:
      if ((id === TypeId.nVarChar || id === TypeId.nChar) && length !== unlimited)
        return (writer, row) => {
          const value = vector.getItem(row) as string | null;
          if (value === null) writer.uint16(0xffff);
          else writer.uint16(value.length * 2).text(value);
        };
      return (writer, row) => writeValue(writer, column.type, vector.getItem(row) as string | null);
    case DuckDBTypeId.BLOB:
      return (writer, row) => {
        const value = vector.getItem(row) as DuckDBBlobValue | null;
        writeValue(writer, column.type, value === null ? null : value.bytes);
      };
    default:
      return (writer, row) => writeValue(writer, column.type, fromDuckDB(vector.getItem(row), type));
  }
}
