import type { DuckDBDataChunk, DuckDBValue } from '../api.js';

/** The memory of a vector as DuckDB lays it out: values of one width after each other, little-endian. */
export interface RawVector {
  readonly bytes: Uint8Array;
  /** A bit for each row, set when there is a value; `undefined` when all rows have one. */
  readonly valid: Uint32Array | undefined;
  /** The slow way, for types without one of their own. */
  getItem(row: number): DuckDBValue;
}

interface VectorParts {
  readonly items?: ArrayBufferView;
  readonly dataView?: ArrayBufferView;
  readonly validity?: { readonly data: BigUint64Array | null; readonly offset: number };
  getItem(row: number): DuckDBValue;
}

const none = new Uint8Array(0);

/** A vector of a chunk that was fetched. Valid as long as the chunk is. */
export function rawVector(chunk: DuckDBDataChunk, column: number): RawVector {
  const vector = chunk.getColumnVector(column) as unknown as VectorParts;
  const data = vector.items ?? vector.dataView;
  const bits = vector.validity?.data;
  return {
    bytes: data ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : none,
    valid: bits ? new Uint32Array(bits.buffer, bits.byteOffset, bits.length * 2) : undefined,
    getItem: (row) => vector.getItem(row),
  };
}

export function isValid(vector: RawVector, row: number): boolean {
  return vector.valid === undefined || ((vector.valid[row >> 5]! >>> (row & 31)) & 1) === 1;
}
