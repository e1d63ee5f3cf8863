/** Physical types, converted types and codecs by their numbers in the format (apache/parquet-format, `parquet.thrift`). */
export const physical = { boolean: 0, int32: 1, int64: 2, int96: 3, float: 4, double: 5, bytes: 6, fixed: 7 } as const;
export const converted = { utf8: 0, decimal: 5, date: 6, int8: 15, int16: 16 } as const;
export const codecs = { none: 0, snappy: 1, gzip: 2 } as const;
export type ParquetCodec = keyof typeof codecs;

/** A column of a file, in the format's own terms. */
export interface ParquetColumn {
  readonly name: string;
  readonly physical: number;
  readonly converted?: number;
  readonly length?: number;
  readonly scale?: number;
  readonly precision?: number;
}
