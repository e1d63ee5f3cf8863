import { bindings } from '../api.js';
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
}

/**
 * The bytes of a vector of texts. Longer texts lie one after the other more often than not: such a run is fetched by one call
 * into DuckDB's memory instead of one for each.
 */
export class TextHeap {
  /** The vector's own bytes, then those of each run. */
  #sources: DataView[] = [];
  /** Of each row, which of the sources it is in and where. */
  #sourceOf = new Int32Array(0);
  #starts = new Int32Array(0);
  #words = new Uint32Array(0);

  take(vector: RawVector, rows: number): void {
    const { bytes } = vector;
    const words = new Uint32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, rows * 4);
    this.#words = words;
    if (this.#sourceOf.length < rows) {
      this.#sourceOf = new Int32Array(rows);
      this.#starts = new Int32Array(rows);
    }
    const sourceOf = this.#sourceOf;
    const starts = this.#starts;
    const runs: Run[] = [];
    let run: Run | undefined;
    for (let row = 0; row < rows; row++) {
      const length = words[row * 4]!;
      if (length <= inlined || !isValid(vector, row)) {
        sourceOf[row] = 0;
        starts[row] = row * entry + 4;
        continue;
      }
      const low = this.#pointer(row);
      const high = low + length;
      if (run && low >= run.low && low <= run.high + gap) {
        if (high > run.high) run.high = high;
      } else if (run && low < run.low && high + gap >= run.low) {
        run.low = low;
        run.row = row;
        if (high > run.high) run.high = high;
      } else {
        run = { low, high, row };
        runs.push(run);
      }
      sourceOf[row] = runs.length;
    }
    this.#sources = [new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)];
    for (const one of runs) {
      const { buffer, byteOffset, byteLength } = bindings.get_data_from_pointer(
        bytes.buffer as ArrayBuffer,
        bytes.byteOffset + one.row * entry + 8,
        one.high - one.low,
      );
      this.#sources.push(new DataView(buffer, byteOffset, byteLength));
    }
    if (runs.length === 0) return;
    for (let row = 0; row < rows; row++) {
      const source = sourceOf[row]!;
      if (source > 0) starts[row] = this.#pointer(row) - runs[source - 1]!.low;
    }
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
    const source = this.#sources[this.#sourceOf[row]!]!;
    const end = this.#starts[row]! + length;
    let all = 0;
    let from = this.#starts[row]!;
    for (; from + 4 <= end; from += 4) all |= source.getInt32(from, true);
    for (; from < end; from++) all |= source.getUint8(from);
    return (all & 0x80808080) === 0;
  }

  bytes(row: number): Uint8Array {
    const { buffer, byteOffset } = this.#sources[this.#sourceOf[row]!]!;
    return new Uint8Array(buffer, byteOffset + this.#starts[row]!, this.length(row));
  }

  copy(row: number, target: Uint8Array, view: DataView, to: number): void {
    const length = this.length(row);
    if (length > 64) {
      target.set(this.bytes(row), to);
      return;
    }
    const source = this.#sources[this.#sourceOf[row]!]!;
    const start = this.#starts[row]!;
    let index = 0;
    for (; index + 4 <= length; index += 4) view.setUint32(to + index, source.getUint32(start + index, true), true);
    for (; index < length; index++) view.setUint8(to + index, source.getUint8(start + index));
  }

  /** ASCII as UTF-16. */
  widen(row: number, view: DataView, to: number): void {
    const source = this.#sources[this.#sourceOf[row]!]!;
    const end = this.#starts[row]! + this.length(row);
    let from = this.#starts[row]!;
    let at = to;
    for (; from + 4 <= end; from += 4) {
      const four = source.getUint32(from, true);
      view.setUint32(at, (four & 0xff) | ((four & 0xff00) << 8), true);
      view.setUint32(at + 4, ((four >>> 16) & 0xff) | ((four >>> 8) & 0xff0000), true);
      at += 8;
    }
    for (; from < end; from++) {
      view.setUint16(at, source.getUint8(from), true);
      at += 2;
    }
  }
}
