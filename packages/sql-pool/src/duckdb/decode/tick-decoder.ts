import { TypeId, type TypeInfo, timeBytes } from '@crossview/tds-wire';
import { uint, wrongLength } from './column-decoder.js';
import { FixedDecoder } from './fixed-decoder.js';

/** 100 nanoseconds of a day are this many times 2^14. */
const dayIn16384ths = 52_734_375;

/** `time`, `datetime2` and `datetimeoffset` (MS-TDS 2.2.5.5.1.8) as the numbers that DuckDB keeps of them (`types/sql-type.ts`). */
export class TickDecoder extends FixedDecoder {
  readonly #id: number;
  readonly #size: number;
  readonly #unit: number;
  readonly #words: Uint32Array;

  constructor(type: TypeInfo) {
    const offset = type.id === TypeId.datetimeOffsetN;
    super(type, offset ? 16 : 8);
    this.#id = type.id;
    this.#size = timeBytes(type.scale);
    this.#unit = 10 ** (7 - type.scale);
    this.#words = new Uint32Array(this.target.buffer);
  }

  protected value(bytes: Uint8Array, from: number, length: number, row: number): void {
    const size = this.#size;
    const dated = this.#id !== TypeId.timeN;
    const offset = this.#id === TypeId.datetimeOffsetN;
    if (length !== size + (offset ? 5 : dated ? 3 : 0)) throw wrongLength('a time', length);
    const ticks = uint(bytes, from, size) * this.#unit;
    const days = dated ? uint(bytes, from + size, 3) : 0;
    const upper = days * dayIn16384ths + Math.floor(ticks / 16_384);
    const low = ((upper % 262_144) * 16_384 + (ticks % 16_384)) >>> 0;
    const high = Math.floor(upper / 262_144);
    const words = this.#words;
    if (!offset) {
      words[row * 2] = low;
      words[row * 2 + 1] = high;
      return;
    }
    const minutes = (((bytes[from + size + 3]! | (bytes[from + size + 4]! << 8)) << 16) >> 16) + 1024;
    words[row * 4] = (low << 11) | (minutes & 2047);
    words[row * 4 + 1] = (high << 11) | (low >>> 21);
    words[row * 4 + 2] = high >>> 21;
    words[row * 4 + 3] = 0;
  }
}
