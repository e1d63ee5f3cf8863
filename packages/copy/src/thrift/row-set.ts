import { CrossviewError } from '@crossview/contracts';
import { type Data, type DataType, makeData, RecordBatch, type Schema, Struct } from 'apache-arrow';
import { columnToArrow, type WireColumn } from './column-to-arrow.js';
import { fixedSize, wire } from './message-end.js';
import { notThrift, readReplyHeader } from './messages.js';
import type { StructValue } from './structs.js';

export interface FetchedRows {
  readonly status: StructValue;
  /** Position of the first row in the whole result. */
  readonly startRowOffset: number;
  readonly columns: readonly WireColumn[];
  readonly rows: number;
}

/**
 * Reads a reply of FetchResults without making a value per cell: a column stays a stretch of the reply's bytes
 * until `toBatch` copies it into Arrow's layout.
 */
export function readFetchedRows(message: Buffer, sequence: number): FetchedRows {
  const cursor = new Cursor(message, readReplyHeader(message, 'FetchResults', sequence));
  const status: StructValue = {};
  let startRowOffset = 0;
  let columns: WireColumn[] = [];
  try {
    cursor.struct((id) => {
      if (id !== 0) return false;
      cursor.struct((responseField) => {
        if (responseField === 1) {
          readStatus(cursor, status);
          return true;
        }
        if (responseField !== 3) return false;
        cursor.struct((rowSetField) => {
          if (rowSetField === 1) startRowOffset = Number(cursor.i64());
          else if (rowSetField === 3) columns = readColumns(cursor);
          else return false;
          return true;
        });
        return true;
      });
      return true;
    });
  } catch (cause) {
    if (cause instanceof CrossviewError) throw cause;
    throw notThrift('its rows end early', cause);
  }
  return { status, startRowOffset, columns, rows: columns[0]?.length ?? 0 };
}

/** Bytes that the values take in the message. */
export const sizeOf = ({ columns }: FetchedRows): number =>
  columns.reduce((sum, { bytes, nulls }) => sum + bytes.length + nulls.length, 0);

/** @throws CrossviewError `COPY_VALUE_UNREADABLE` naming column, row of the batch and text. */
export function toBatch(fetched: FetchedRows, schema: Schema): RecordBatch {
  if (fetched.columns.length !== schema.fields.length)
    throw notThrift(`${fetched.columns.length} columns where ${schema.fields.length} were announced`);
  const children = schema.fields.map((field, index) =>
    columnToArrow(fetched.columns[index]!, field.type as DataType, field.name),
  );
  return new RecordBatch(
    schema,
    makeData({
      type: new Struct(schema.fields),
      length: fetched.rows,
      nullCount: 0,
      children: children as Data[],
    }),
  );
}

function readStatus(cursor: Cursor, status: StructValue): void {
  cursor.struct((id, type) => {
    if (id === 1 && type === wire.i32) status.statusCode = cursor.i32();
    else if (id === 3 && type === wire.string) status.sqlState = cursor.string();
    else if (id === 4 && type === wire.i32) status.errorCode = cursor.i32();
    else if (id === 5 && type === wire.string) status.errorMessage = cursor.string();
    else return false;
    return true;
  });
}

function readColumns(cursor: Cursor): WireColumn[] {
  const { count } = cursor.list();
  const columns: WireColumn[] = [];
  for (let index = 0; index < count; index += 1) {
    let column: WireColumn | undefined;
    cursor.struct((kind) => {
      let values: Omit<WireColumn, 'kind' | 'nulls'> | undefined;
      let nulls: Uint8Array = new Uint8Array(0);
      cursor.struct((id) => {
        if (id === 1) values = cursor.values();
        else if (id === 2) nulls = cursor.bytes();
        else return false;
        return true;
      });
      if (values) column = { ...values, kind, nulls };
      return true;
    });
    if (!column) throw notThrift('a column without values');
    columns.push(column);
  }
  return columns;
}

/** A position in the bytes of a message in the binary protocol. */
class Cursor {
  constructor(
    readonly buffer: Buffer,
    public position: number,
  ) {}

  /** Calls `field` for each field; a field it returns `false` for is skipped. */
  struct(field: (id: number, type: number) => boolean): void {
    for (;;) {
      const type = this.buffer.readUInt8(this.position);
      this.position += 1;
      if (type === wire.stop) return;
      const id = this.buffer.readInt16BE(this.position);
      this.position += 2;
      if (!field(id, type)) this.skip(type);
    }
  }

  i32(): number {
    const value = this.buffer.readInt32BE(this.position);
    this.position += 4;
    return value;
  }

  i64(): bigint {
    const value = this.buffer.readBigInt64BE(this.position);
    this.position += 8;
    return value;
  }

  bytes(): Buffer {
    const length = this.i32();
    const end = this.position + length;
    if (length < 0 || end > this.buffer.length) throw new RangeError('a length beyond the end');
    const bytes = this.buffer.subarray(this.position, end);
    this.position = end;
    return bytes;
  }

  string(): string {
    return this.bytes().toString('utf8');
  }

  list(): { element: number; count: number } {
    const element = this.buffer.readUInt8(this.position);
    this.position += 1;
    return { element, count: this.i32() };
  }

  /** A list of fixed-size values or of strings, left where it is. */
  values(): { bytes: Buffer; length: number } {
    const { element, count } = this.list();
    const start = this.position;
    const size = fixedSize[element];
    if (size !== undefined) this.position += size * count;
    else {
      const { buffer } = this;
      let { position } = this;
      for (let index = 0; index < count; index += 1) position += 4 + buffer.readInt32BE(position);
      this.position = position;
    }
    if (this.position > this.buffer.length) throw new RangeError('a list beyond the end');
    return { bytes: this.buffer.subarray(start, this.position), length: count };
  }

  skip(type: number): void {
    const size = fixedSize[type];
    if (size !== undefined) this.position += size;
    else if (type === wire.string) this.bytes();
    else if (type === wire.struct) this.struct(() => false);
    else if (type === wire.list || type === wire.set) {
      const { element, count } = this.list();
      for (let index = 0; index < count; index += 1) this.skip(element);
    } else if (type === wire.map) {
      const key = this.buffer.readUInt8(this.position);
      const value = this.buffer.readUInt8(this.position + 1);
      this.position += 2;
      const count = this.i32();
      for (let index = 0; index < count; index += 1) {
        this.skip(key);
        this.skip(value);
      }
    } else throw new RangeError(`no field type ${type}`);
  }
}
