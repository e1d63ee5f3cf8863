import { encodeWindows1252, TypeId, type TypeInfo, unlimited } from '@crossview/tds-wire';
import type { ColumnEncoder } from './column-encoder.js';
import { isValid, type RawVector } from './raw-vector.js';
import { TextHeap } from './text-heap.js';

const decoder = new TextDecoder();
const absent = -1;

/**
 * Texts and binaries. DuckDB has UTF-8: where a value is ASCII its bytes go out without becoming a string first; where it is
 * not, the string is made once, when its length is asked for.
 */
export class TextEncoder implements ColumnEncoder {
  readonly #wide: boolean;
  readonly #binary: boolean;
  readonly #long: boolean;
  readonly #heap = new TextHeap();
  /** Bytes on the wire of each row's value, {@link absent} for NULL. */
  #lengths = new Int32Array(0);
  #others = new Map<number, string | Uint8Array>();

  constructor(type: TypeInfo) {
    this.#wide = type.id === TypeId.nVarChar || type.id === TypeId.nChar;
    this.#binary = type.id === TypeId.bigVarBinary || type.id === TypeId.bigBinary;
    this.#long = type.length === unlimited;
  }

  take(vector: RawVector, rows: number): number {
    this.#heap.take(vector, rows);
    if (this.#lengths.length < rows) this.#lengths = new Int32Array(rows);
    this.#others.clear();
    for (let row = 0; row < rows; row++) {
      if (!isValid(vector, row)) {
        this.#lengths[row] = absent;
        continue;
      }
      const length = this.#heap.length(row);
      if (this.#binary || this.#heap.isAscii(row)) {
        this.#lengths[row] = this.#wide ? length * 2 : length;
        continue;
      }
      const text = decoder.decode(this.#heap.bytes(row));
      this.#others.set(row, this.#wide ? text : encodeWindows1252(text));
      this.#lengths[row] = this.#wide ? text.length * 2 : text.length;
    }
    return 0;
  }

  measure(sizes: Int32Array, from: number, count: number): void {
    const lengths = this.#lengths;
    if (!this.#long) {
      for (let index = 0; index < count; index++) sizes[index]! += 2 + Math.max(0, lengths[from + index]!);
      return;
    }
    for (let index = 0; index < count; index++) {
      const length = lengths[from + index]!;
      // PLP (MS-TDS 2.2.5.2.3): the total, one chunk if there is anything, the end.
      sizes[index]! += length < 0 ? 8 : length === 0 ? 12 : 16 + length;
    }
  }

  write(bytes: Uint8Array, view: DataView, at: Int32Array, from: number, count: number): void {
    for (let index = 0; index < count; index++) {
      const row = from + index;
      const length = this.#lengths[row]!;
      let to = at[index]!;
      if (length < 0) {
        bytes.fill(0xff, to, to + (this.#long ? 8 : 2));
        at[index] = to + (this.#long ? 8 : 2);
        continue;
      }
      if (this.#long) {
        view.setUint32(to, length, true);
        view.setUint32(to + 4, 0, true);
        to += 8;
        if (length > 0) {
          view.setUint32(to, length, true);
          to += 4;
        }
      } else {
        view.setUint16(to, length, true);
        to += 2;
      }
      this.#put(bytes, view, to, row, length);
      to += length;
      if (this.#long) {
        view.setUint32(to, 0, true);
        to += 4;
      }
      at[index] = to;
    }
  }

  #put(bytes: Uint8Array, view: DataView, to: number, row: number, length: number): void {
    const other = this.#others.size > 0 ? this.#others.get(row) : undefined;
    if (other === undefined) {
      if (this.#wide) this.#heap.widen(row, view, to);
      else this.#heap.copy(row, bytes, view, to);
    } else if (typeof other === 'string')
      for (let index = 0; index < length; index += 2) {
        const unit = other.charCodeAt(index >> 1);
        bytes[to + index] = unit;
        bytes[to + index + 1] = unit >> 8;
      }
    else bytes.set(other, to);
  }
}
