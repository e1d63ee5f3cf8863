import { datetimeEpochDays, TypeId, type TypeInfo, timeBytes, unixEpochDays } from '@crossview/tds-wire';
import { FixedEncoder, isNull } from './column-encoder.js';

const microsPerDay = 86_400_000_000;

export function putUint(bytes: Uint8Array, to: number, value: number, length: number): void {
  bytes[to] = value;
  bytes[to + 1] = value >>> 8;
  bytes[to + 2] = value >>> 16;
  if (length === 3) return;
  bytes[to + 3] = value >>> 24;
  if (length === 5) bytes[to + 4] = Math.floor(value / 4_294_967_296);
}

/** Days since 1970 as days since the year 1. */
export class DateEncoder extends FixedEncoder {
  constructor() {
    super(3);
  }

  write(bytes: Uint8Array, _view: DataView, at: Int32Array, from: number, count: number): void {
    const { words, valid } = this;
    for (let index = 0; index < count; index++) {
      const row = from + index;
      const to = at[index]!;
      if (isNull(valid, row)) {
        bytes[to] = 0;
        at[index] = to + 1;
        continue;
      }
      const days = (words[row]! | 0) + unixEpochDays;
      bytes[to] = 3;
      bytes[to + 1] = days;
      bytes[to + 2] = days >>> 8;
      bytes[to + 3] = days >>> 16;
      at[index] = to + 4;
    }
  }
}

/** Bytes of a value of a type with a time of day. */
export function momentBytes(type: TypeInfo): number {
  switch (type.id) {
    case TypeId.timeN:
      return timeBytes(type.scale);
    case TypeId.datetime2N:
      return timeBytes(type.scale) + 3;
    case TypeId.datetimeOffsetN:
      return timeBytes(type.scale) + 5;
    default:
      return type.length;
  }
}

/** Microseconds since 1970, or since midnight, as the types of MS-TDS 2.2.5.5.1.8 have them. */
export class MomentEncoder extends FixedEncoder {
  readonly #id: number;
  readonly #short: boolean;
  readonly #size: number;
  /** Microseconds in one unit of the type's scale, below 1 for seven digits. */
  readonly #unit: number;

  constructor(type: TypeInfo) {
    super(momentBytes(type));
    this.#id = type.id;
    this.#short = type.length === 4;
    this.#size = timeBytes(type.scale);
    this.#unit = 10 ** (6 - type.scale);
  }

  write(bytes: Uint8Array, _view: DataView, at: Int32Array, from: number, count: number): void {
    const { valid, length } = this;
    for (let index = 0; index < count; index++) {
      const row = from + index;
      const to = at[index]!;
      if (isNull(valid, row)) {
        bytes[to] = 0;
        at[index] = to + 1;
        continue;
      }
      bytes[to] = length;
      this.#value(bytes, to + 1, row);
      at[index] = to + 1 + length;
    }
  }

  #value(bytes: Uint8Array, to: number, row: number): void {
    // A date between the years 1 and 9999 in microseconds is more than a double's 53 bits: the halves are taken by themselves.
    const high = this.words[row * 2 + 1]! | 0;
    const low = this.words[row * 2]!;
    let days: number;
    let micros: number;
    if (high > -2_097_152 && high < 2_097_152) {
      const all = high * 4_294_967_296 + low;
      days = Math.floor(all / microsPerDay);
      micros = all - days * microsPerDay;
    } else {
      const all = (BigInt(high) << 32n) | BigInt(low);
      const rest = ((all % 86_400_000_000n) + 86_400_000_000n) % 86_400_000_000n;
      micros = Number(rest);
      days = Number((all - rest) / 86_400_000_000n);
    }
    days += unixEpochDays;
    switch (this.#id) {
      case TypeId.timeN:
        putUint(bytes, to, this.#ticks(micros), this.#size);
        return;
      case TypeId.datetime2N:
        putUint(bytes, to, this.#ticks(micros), this.#size);
        putUint(bytes, to + this.#size, days, 3);
        return;
      default:
        this.#datetime(bytes, to, days - datetimeEpochDays, micros);
    }
  }

  #ticks(micros: number): number {
    const unit = this.#unit;
    return unit < 1 ? micros * 10 : unit === 1 ? micros : Math.floor(micros / unit);
  }

  #datetime(bytes: Uint8Array, to: number, days: number, micros: number): void {
    if (this.#short) {
      const minutes = Math.floor(micros / 60_000_000);
      bytes[to] = days;
      bytes[to + 1] = days >> 8;
      bytes[to + 2] = minutes;
      bytes[to + 3] = minutes >> 8;
      return;
    }
    let day = days;
    let parts = Math.round((micros * 3) / 10_000);
    if (parts >= 25_920_000) {
      parts = 0;
      day += 1;
    }
    putUint(bytes, to, day, 4);
    putUint(bytes, to + 4, parts, 4);
  }
}
