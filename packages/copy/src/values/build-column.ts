import { type Data, type DataType, makeData, RecordBatch, type Schema, Struct, Type } from 'apache-arrow';
import { type CellValue, columnReader } from './column-values.js';

/** Makes an Arrow column of single values, exactly: what `columnReader` reads, this writes. */
export function buildColumn(type: DataType, values: readonly CellValue[]): Data {
  const length = values.length;
  const nullBitmap = new Uint8Array(((length + 63) >> 6) << 3);
  let nullCount = 0;
  for (const [row, value] of values.entries())
    if (value === null) nullCount += 1;
    else nullBitmap[row >> 3]! |= 1 << (row & 7);
  const common = { type, length, nullCount, nullBitmap };

  switch (type.typeId) {
    case Type.Utf8:
    case Type.Binary: {
      const parts = values.map((value) => (typeof value === 'string' ? Buffer.from(value, 'utf8') : value));
      const valueOffsets = new Int32Array(length + 1);
      for (const [row, part] of parts.entries())
        valueOffsets[row + 1] = valueOffsets[row]! + (part === null ? 0 : (part as Uint8Array).length);
      const data = new Uint8Array(valueOffsets[length]!);
      for (const [row, part] of parts.entries()) if (part !== null) data.set(part as Uint8Array, valueOffsets[row]!);
      return makeData({ ...common, valueOffsets, data } as never) as Data;
    }
    case Type.Bool: {
      const data = new Uint8Array(((length + 63) >> 6) << 3);
      for (const [row, value] of values.entries()) if (value) data[row >> 3]! |= 1 << (row & 7);
      return makeData({ ...common, data } as never) as Data;
    }
    case Type.Decimal: {
      const data = new Uint32Array(length * 4);
      for (const [row, value] of values.entries()) {
        let left = BigInt.asUintN(128, (value ?? 0n) as bigint);
        for (let word = 0; word < 4; word += 1, left >>= 32n) data[row * 4 + word] = Number(left & 0xffff_ffffn);
      }
      return makeData({ ...common, data } as never) as Data;
    }
    default: {
      const Kind = type.ArrayType as new (length: number) => { [index: number]: number | bigint };
      const data = new Kind(length);
      const zero = data instanceof BigInt64Array ? 0n : 0;
      for (const [row, value] of values.entries()) data[row] = (value ?? zero) as number | bigint;
      return makeData({ ...common, data } as never) as Data;
    }
  }
}

export const batchOf = (schema: Schema, columns: readonly Data[], length: number): RecordBatch =>
  new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, nullCount: 0, children: [...columns] }));

/** The rows that `keep` names, in order. */
export function takeRows(batch: RecordBatch, keep: readonly number[]): RecordBatch {
  const columns = batch.data.children.map((data) => {
    const read = columnReader(data);
    return buildColumn(data.type, keep.map(read));
  });
  return batchOf(batch.schema, columns, keep.length);
}
