import { type DataType, type Decimal, type Field, Type } from 'apache-arrow';
import { converted, type ParquetColumn, physical } from './format.js';

/** Bytes that a decimal of this many digits needs in two's complement. */
const decimalBytes = (precision: number): number => Math.ceil((precision * Math.log2(10) + 1) / 8);

/**
 * How an Arrow column lies in the file: what Spark writes, with timestamps as INT96, which dedicated SQL pools read without
 * losing microseconds (they read neither MICROS nor NANOS).
 */
export function parquetColumn({ name, type }: Field): ParquetColumn {
  switch (type.typeId) {
    case Type.Bool:
      return { name, physical: physical.boolean };
    case Type.Int: {
      const { bitWidth } = type as DataType & { bitWidth: number };
      if (bitWidth === 64) return { name, physical: physical.int64 };
      if (bitWidth === 32) return { name, physical: physical.int32 };
      return { name, physical: physical.int32, converted: bitWidth === 8 ? converted.int8 : converted.int16 };
    }
    case Type.Float:
      return {
        name,
        physical: (type as DataType & { precision: number }).precision === 1 ? physical.float : physical.double,
      };
    case Type.Utf8:
      return { name, physical: physical.bytes, converted: converted.utf8 };
    case Type.Binary:
      return { name, physical: physical.bytes };
    case Type.Date:
      return { name, physical: physical.int32, converted: converted.date };
    case Type.Timestamp:
      return { name, physical: physical.int96 };
    case Type.Decimal: {
      const { scale, precision } = type as Decimal;
      const common = { name, converted: converted.decimal, scale, precision };
      if (precision <= 9) return { ...common, physical: physical.int32 };
      if (precision <= 18) return { ...common, physical: physical.int64 };
      return { ...common, physical: physical.fixed, length: decimalBytes(precision) };
    }
    default:
      throw new TypeError(`column ${name} of type ${type} has no form in Parquet here`);
  }
}
