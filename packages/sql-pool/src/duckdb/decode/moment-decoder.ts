import { datetimeEpochDays, TypeId, type TypeInfo, timeBytes, unixEpochDays } from '@crossview/tds-wire';
import { uint, uint32, wrongLength } from './column-decoder.js';
import { FixedDecoder } from './fixed-decoder.js';

const microsPerDay = 86_400_000_000;

export class DateDecoder extends FixedDecoder {
  constructor(type: TypeInfo) {
    super(type, 4);
  }

  protected value(bytes: Uint8Array, from: number, length: number, row: number): void {
    if (length !== 3) throw wrongLength('date', length);
    const days = uint(bytes, from, 3) - unixEpochDays;
    const to = row * 4;
    this.target[to] = days;
    this.target[to + 1] = days >> 8;
    this.target[to + 2] = days >> 16;
    this.target[to + 3] = days >> 24;
  }
}

/** Dates and times of day (MS-TDS 2.2.5.5.1.8) as microseconds since 1970, or since midnight. */
export class MomentDecoder extends FixedDecoder {
  readonly #id: number;
  readonly #size: number;
  /** Microseconds of the last digit of the type's scale. */
  readonly #unit: number;
  readonly #view: DataView;

  constructor(type: TypeInfo) {
    super(type, 8);
    this.#id = type.id;
    this.#size = timeBytes(type.scale);
    this.#unit = 10 ** (6 - type.scale);
    this.#view = new DataView(this.target.buffer);
  }

  protected value(bytes: Uint8Array, from: number, length: number, row: number): void {
    const size = this.#size;
    switch (this.#id) {
      case TypeId.timeN:
        if (length !== size) throw wrongLength('time', length);
        this.#put(row, 0, this.#time(bytes, from));
        return;
      case TypeId.datetime2N:
        if (length !== size + 3) throw wrongLength('datetime2', length);
        this.#put(row, uint(bytes, from + size, 3) - unixEpochDays, this.#time(bytes, from));
        return;
      default:
        this.#datetime(bytes, from, length, row);
    }
  }

  /** Microseconds: what has a seventh digit is not kept this way. */
  #time(bytes: Uint8Array, from: number): number {
    return Math.round(uint(bytes, from, this.#size) * this.#unit);
  }

  #datetime(bytes: Uint8Array, from: number, length: number, row: number): void {
    const epoch = datetimeEpochDays - unixEpochDays;
    if (length === 4) {
      const days = bytes[from]! | (bytes[from + 1]! << 8);
      const minutes = bytes[from + 2]! | (bytes[from + 3]! << 8);
      this.#put(row, days + epoch, minutes * 60_000_000);
      return;
    }
    if (length !== 8) throw wrongLength('datetime', length);
    // Three hundredths of a second, shown as .000, .003 and .007.
    this.#put(row, (uint32(bytes, from) | 0) + epoch, Math.round((uint32(bytes, from + 4) * 10) / 3) * 1000);
  }

  #put(row: number, days: number, micros: number): void {
    const to = row * 8;
    if (days > -104_000 && days < 104_000) {
      // Below 2^53 a double holds every microsecond.
      const all = days * microsPerDay + micros;
      const high = Math.floor(all / 4_294_967_296);
      this.#view.setInt32(to + 4, high, true);
      this.#view.setUint32(to, all - high * 4_294_967_296, true);
    } else this.#view.setBigInt64(to, BigInt(days) * 86_400_000_000n + BigInt(micros), true);
  }
}
