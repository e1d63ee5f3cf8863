import { TypeId, type TypeInfo, timeBytes } from '@crossview/tds-wire';
import { FixedEncoder, isNull } from './column-encoder.js';
import { momentBytes, putUint } from './moment-encoder.js';

/** 100 nanoseconds of a day are this many times 2^14. */
const dayIn16384ths = 52_734_375;

/**
 * 100 nanoseconds since the year 1 or since midnight, as BIGINT (`types/sql-type.ts`), as the types of MS-TDS 2.2.5.5.1.8 have them. All in
 * doubles: what is over 2^53 is taken apart first.
 */
export class TickEncoder extends FixedEncoder {
  readonly #dated: boolean;
  readonly #size: number;
  /** 100 nanoseconds in one unit of the type's scale. */
  readonly #unit: number;

  constructor(type: TypeInfo) {
    super(momentBytes(type));
    this.#dated = type.id !== TypeId.timeN;
    this.#size = timeBytes(type.scale);
    this.#unit = 10 ** (7 - type.scale);
  }

  write(bytes: Uint8Array, view: DataView, at: Int32Array, from: number, count: number): void {
    const { words, valid, length } = this;
    const size = this.#size;
    const unit = this.#unit;
    const dated = this.#dated;
    for (let index = 0; index < count; index++) {
      const row = from + index;
      const to = at[index]!;
      if (isNull(valid, row)) {
        bytes[to] = 0;
        at[index] = to + 1;
        continue;
      }
      bytes[to] = length;
      const low = words[row * 2]!;
      const upper = words[row * 2 + 1]! * 262_144 + (low >>> 14);
      const days = Math.floor(upper / dayIn16384ths);
      const ticks = (upper - days * dayIn16384ths) * 16_384 + (low & 16_383);
      if (unit === 1) {
        const top = (ticks / 4_294_967_296) | 0;
        view.setUint32(to + 1, ticks - top * 4_294_967_296, true);
        bytes[to + 5] = top;
      } else putUint(bytes, to + 1, Math.floor(ticks / unit), size);
      if (dated) {
        bytes[to + size + 1] = days;
        bytes[to + size + 2] = days >>> 8;
        bytes[to + size + 3] = days >>> 16;
      }
      at[index] = to + 1 + length;
    }
  }
}

/** A `datetimeoffset` as HUGEINT: such a number of UTC, times 2048, and the offset in minutes and 1024. */
export class OffsetEncoder extends FixedEncoder {
  readonly #size: number;
  readonly #unit: number;

  constructor(type: TypeInfo) {
    super(momentBytes(type));
    this.#size = timeBytes(type.scale);
    this.#unit = 10 ** (7 - type.scale);
  }

  write(bytes: Uint8Array, _view: DataView, at: Int32Array, from: number, count: number): void {
    const { words, valid, length } = this;
    const size = this.#size;
    for (let index = 0; index < count; index++) {
      const row = from + index;
      const to = at[index]!;
      if (isNull(valid, row)) {
        bytes[to] = 0;
        at[index] = to + 1;
        continue;
      }
      bytes[to] = length;
      const first = words[row * 4]!;
      const second = words[row * 4 + 1]!;
      const offset = (first & 2047) - 1024;
      const low = ((first >>> 11) | (second << 21)) >>> 0;
      const high = ((second >>> 11) | (words[row * 4 + 2]! << 21)) >>> 0;
      const upper = high * 262_144 + (low >>> 14);
      const days = Math.floor(upper / dayIn16384ths);
      const ticks = (upper - days * dayIn16384ths) * 16_384 + (low & 16_383);
      putUint(bytes, to + 1, Math.floor(ticks / this.#unit), size);
      putUint(bytes, to + 1 + size, days, 3);
      bytes[to + size + 4] = offset;
      bytes[to + size + 5] = offset >> 8;
      at[index] = to + 1 + length;
    }
  }
}
