import { type Data, type DataType, type Decimal, Type } from 'apache-arrow';

/** A value of a copied column: decimals as unscaled integers, moments as microseconds since 1970. */
export type CellValue = string | number | bigint | boolean | Uint8Array | null;

const utf8 = new TextDecoder();

/** Reads single values out of an Arrow column, exactly. */
export function columnReader(data: Data): (row: number) => CellValue {
  const there = (row: number) => {
    const at = data.offset + row;
    return data.nullCount === 0 || ((data.nullBitmap[at >> 3]! >> (at & 7)) & 1) === 1;
  };
  const read = valueReader(data);
  return (row) => (there(row) ? read(row) : null);
}

function valueReader(data: Data): (row: number) => CellValue {
  const type = data.type as DataType;
  switch (type.typeId) {
    case Type.Bool: {
      const bits = data.values as unknown as Uint8Array;
      return (row) => ((bits[(data.offset + row) >> 3]! >> ((data.offset + row) & 7)) & 1) === 1;
    }
    case Type.Utf8:
    case Type.Binary: {
      const offsets = data.valueOffsets as unknown as Int32Array;
      const bytes = data.values as unknown as Uint8Array;
      const isText = type.typeId === Type.Utf8;
      return (row) => {
        const value = bytes.subarray(offsets[row]!, offsets[row + 1]!);
        return isText ? utf8.decode(value) : value;
      };
    }
    case Type.Decimal: {
      const words = data.values as unknown as Uint32Array;
      return (row) => {
        const [a, b, c, d] = [words[row * 4]!, words[row * 4 + 1]!, words[row * 4 + 2]!, words[row * 4 + 3]!];
        const unsigned = BigInt(a) | (BigInt(b) << 32n) | (BigInt(c) << 64n) | (BigInt(d) << 96n);
        return BigInt.asIntN(128, unsigned);
      };
    }
    default: {
      const values = data.values as unknown as ArrayLike<number | bigint>;
      return (row) => values[row]!;
    }
  }
}

export const scaleOf = (type: DataType): number =>
  type.typeId === Type.Decimal ? (type as unknown as Decimal).scale : 0;
