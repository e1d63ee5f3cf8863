import { decodeUtf16, decodeWindows1252, isUtf8Collation, TypeId, type TypeInfo } from '@crossview/tds-wire';
import { bindings } from '../api.js';
import { ColumnDecoder, chunkRows } from './column-decoder.js';
import { fillValidity } from './fixed-decoder.js';

type Vector = Parameters<typeof bindings.copy_data_to_vector>[0];
type Coding = 'utf16' | 'windows1252' | 'as it is';

const encoder = new TextEncoder();
/** DuckDB's string_t: a length, then up to twelve bytes, or four and a pointer. */
const entry = 16;
const inlined = 12;

function codingOf({ id, collation }: TypeInfo): Coding {
  switch (id) {
    case TypeId.nVarChar:
    case TypeId.nChar:
    case TypeId.nText:
      return 'utf16';
    case TypeId.bigVarChar:
    case TypeId.bigChar:
    case TypeId.shortVarChar:
    case TypeId.shortChar:
    case TypeId.text:
      return isUtf8Collation(collation) ? 'as it is' : 'windows1252';
    default:
      return 'as it is';
  }
}

/**
 * Texts and binaries. All long values of a chunk are handed to DuckDB as one text; each row then points into it, which is what
 * DuckDB's own texts do and costs one call instead of one for each.
 */
export class TextDecoder extends ColumnDecoder {
  readonly #coding: Coding;
  readonly #entries = new Uint8Array(entry * chunkRows);
  readonly #view = new DataView(this.#entries.buffer);
  #heap = new Uint8Array(16 * 1024);
  #used = 0;
  /** Where a row's text starts in the heap, -1 when it is inlined. */
  readonly #starts = new Int32Array(chunkRows).fill(-1);
  /** The row that was read last, and where its bytes start. */
  #row = -1;
  #rowStart = 0;

  constructor(type: TypeInfo) {
    super(type);
    this.#coding = codingOf(type);
  }

  override reset(): void {
    super.reset();
    this.#used = 0;
    this.#row = -1;
  }

  override setNull(row: number): void {
    super.setNull(row);
    this.#starts[row] = -1;
    this.#entries.fill(0, row * entry, (row + 1) * entry);
    this.#row = row;
    this.#rowStart = this.#used;
  }

  override rewind(row: number): void {
    if (this.#row === row) this.#used = this.#rowStart;
  }

  protected value(bytes: Uint8Array, from: number, length: number, row: number): void {
    const start = this.#used;
    this.#row = row;
    this.#rowStart = start;
    this.#append(bytes, from, length);
    const size = this.#used - start;
    const to = row * entry;
    this.#view.setUint32(to, size, true);
    this.#entries.fill(0, to + 4, to + entry);
    const heap = this.#heap;
    const shown = size <= inlined ? size : 4;
    for (let index = 0; index < shown; index++) this.#entries[to + 4 + index] = heap[start + index]!;
    if (size <= inlined) {
      this.#starts[row] = -1;
      this.#used = start;
    } else this.#starts[row] = start;
  }

  /** Puts a value behind the others as UTF-8. */
  #append(bytes: Uint8Array, from: number, length: number): void {
    const coding = this.#coding;
    this.#reserve(length * (coding === 'as it is' ? 1 : 3));
    const heap = this.#heap;
    let to = this.#used;
    if (coding === 'as it is') {
      heap.set(bytes.subarray(from, from + length), to);
      this.#used = to + length;
      return;
    }
    const step = coding === 'utf16' ? 2 : 1;
    const end = from + length - (length % step);
    for (let at = from; at < end; at += step) {
      const unit = bytes[at]!;
      if (unit >= 0x80 || (step === 2 && bytes[at + 1] !== 0)) {
        // The rest by the slow way, which knows every character.
        const rest = bytes.subarray(at, end);
        const text = step === 2 ? decodeUtf16(rest) : decodeWindows1252(rest);
        this.#used = to + encoder.encodeInto(text, heap.subarray(to)).written;
        return;
      }
      heap[to++] = unit;
    }
    this.#used = to;
  }

  #reserve(count: number): void {
    if (this.#used + count <= this.#heap.length) return;
    const grown = new Uint8Array(Math.max(this.#heap.length * 2, this.#used + count));
    grown.set(this.#heap.subarray(0, this.#used));
    this.#heap = grown;
  }

  fill(vector: Vector, rows: number): void {
    if (this.#used > 0) {
      bindings.vector_assign_string_element_len(vector, 0, this.#heap.subarray(0, this.#used));
      const placed = bindings.vector_get_data(vector, entry);
      const base = new DataView(placed.buffer, placed.byteOffset, entry).getBigUint64(8, true);
      for (let row = 0; row < rows; row++) {
        const start = this.#starts[row]!;
        if (start >= 0) this.#view.setBigUint64(row * entry + 8, base + BigInt(start), true);
      }
    }
    bindings.copy_data_to_vector(vector, 0, this.#entries.buffer as ArrayBuffer, 0, rows * entry);
    fillValidity(vector, this);
  }
}
