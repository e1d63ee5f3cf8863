import bindings from '@duckdb/node-bindings';
import { isValid, type RawVector } from './raw-vector.js';

/** DuckDB's string_t: four bytes length; up to twelve bytes stand right there, longer ones where a pointer says. */
const entry = 16;
const inlined = 12;
/** Bytes between two texts that may be read over: they never leave the pages that the texts themselves are on. */
const gap = 16;

interface Run {
  low: number;
  high: number;
  /** The row whose pointer is the lowest. */
  row: number;
  bytes: Uint8Array;
}

/**
 * The bytes of a vector of texts. Longer texts lie one after the other more often than not: such a run is fetched by one call
 * into DuckDB's memory instead of one for each.
 */
export class TextHeap {
  #bytes: Uint8Array = new Uint8Array(0);
  #words = new Uint32Array(0);
  /** Run of each row, -1 for inlined. */
  #runOf = new Int32Array(0);
  #runs: Run[] = [];

  take(vector: RawVector, rows: number): void {
    const { bytes } = vector;
    this.#bytes = bytes;
    const words = new Uint32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, rows * 4);
    this.#words = words;
    if (this.#runOf.length < rows) this.#runOf = new Int32Array(rows);
    const runs: Run[] = [];
    let run: Run | undefined;
    for (let row = 0; row < rows; row++) {
      this.#runOf[row] = -1;
      const length = words[row * 4]!;
      if (length <= inlined || !isValid(vector, row)) continue;
      const low = this.#pointer(row);
      const high = low + length;
      if (run && low >= run.low && low <= run.high + gap) run.high = Math.max(run.high, high);
      else if (run && low < run.low && high + gap >= run.low) {
        run.low = low;
        run.row = row;
        run.high = Math.max(run.high, high);
      } else {
        run = { low, high, row, bytes };
        runs.push(run);
      }
      this.#runOf[row] = runs.length - 1;
    }
    for (const one of runs)
      one.bytes = bindings.get_data_from_pointer(
        bytes.buffer as ArrayBuffer,
        bytes.byteOffset + one.row * entry + 8,
        one.high - one.low,
      );
    this.#runs = runs;
  }

  #pointer(row: number): number {
    return this.#words[row * 4 + 2]! + this.#words[row * 4 + 3]! * 4_294_967_296;
  }

  length(row: number): number {
    return this.#words[row * 4]!;
  }

  isAscii(row: number): boolean {
    const words = this.#words;
    const at = row * 4;
    const length = words[at]!;
    // Bytes of an inlined text that are not used are zero.
    if (length <= inlined) return ((words[at + 1]! | words[at + 2]! | words[at + 3]!) & 0x80808080) === 0;
    const run = this.#runs[this.#runOf[row]!]!;
    const from = this.#pointer(row) - run.low;
    let all = 0;
    for (let index = from; index < from + length; index++) all |= run.bytes[index]!;
    return all < 0x80;
  }

  bytes(row: number): Uint8Array {
    const length = this.length(row);
    if (length <= inlined) return this.#bytes.subarray(row * entry + 4, row * entry + 4 + length);
    const run = this.#runs[this.#runOf[row]!]!;
    const from = this.#pointer(row) - run.low;
    return run.bytes.subarray(from, from + length);
  }

  copy(row: number, target: Uint8Array, to: number): void {
    const length = this.length(row);
    if (length > 64) {
      target.set(this.bytes(row), to);
      return;
    }
    let source = this.#bytes;
    let from = row * entry + 4;
    if (length > inlined) {
      const run = this.#runs[this.#runOf[row]!]!;
      source = run.bytes;
      from = this.#pointer(row) - run.low;
    }
    for (let index = 0; index < length; index++) target[to + index] = source[from + index]!;
  }

  /** ASCII as UTF-16. */
  widen(row: number, target: Uint8Array, to: number): void {
    const length = this.length(row);
    let source = this.#bytes;
    let from = row * entry + 4;
    if (length > inlined) {
      const run = this.#runs[this.#runOf[row]!]!;
      source = run.bytes;
      from = this.#pointer(row) - run.low;
    }
    let at = to;
    for (let index = 0; index < length; index++) {
      target[at] = source[from + index]!;
      target[at + 1] = 0;
      at += 2;
    }
  }
}
