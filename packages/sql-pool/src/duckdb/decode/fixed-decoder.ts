import type { TypeInfo } from '@crossview/tds-wire';
import { bindings } from '../api.js';
import { ColumnDecoder, chunkRows } from './column-decoder.js';

type Vector = Parameters<typeof bindings.copy_data_to_vector>[0];

/** The NULLs of a column, when it has any. */
export function fillValidity(vector: Vector, decoder: ColumnDecoder): void {
  if (!decoder.hasNulls) return;
  bindings.vector_ensure_validity_writable(vector);
  const { buffer, byteOffset, byteLength } = decoder.valid;
  bindings.copy_data_to_vector_validity(vector, 0, buffer as ArrayBuffer, byteOffset, byteLength);
}

/** A column whose values DuckDB keeps in a fixed number of bytes. */
export abstract class FixedDecoder extends ColumnDecoder {
  readonly #width: number;
  protected readonly target: Uint8Array;

  constructor(type: TypeInfo, width: number) {
    super(type);
    this.#width = width;
    this.target = new Uint8Array(width * chunkRows);
  }

  fill(vector: Vector, rows: number): void {
    bindings.copy_data_to_vector(
      vector,
      0,
      this.target.buffer as ArrayBuffer,
      this.target.byteOffset,
      rows * this.#width,
    );
    fillValidity(vector, this);
  }
}
