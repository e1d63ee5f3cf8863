/** A decimal or money value: `unscaled / 10^scale`. */
export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

/**
 * A date, a time or both. `days` count from 0001-01-01, `ticks` are 100 ns since midnight (below 864,000,000,000).
 * With an offset both are in UTC and `offsetMinutes` says how the value was written.
 */
export interface Moment {
  readonly days: number;
  readonly ticks: number;
  readonly offsetMinutes?: number;
}

/**
 * A value of any SQL type: bit as boolean, tinyint to int, real and float as number, bigint as bigint, decimal and money as
 * {@link Decimal}, dates and times as {@link Moment}, character types and uniqueidentifier as string, binary as bytes.
 */
export type TdsValue = null | boolean | number | bigint | string | Decimal | Moment | Uint8Array;

export const ticksPerDay = 864_000_000_000;
/** Days from 0001-01-01 to 1970-01-01. */
export const unixEpochDays = 719_162;
/** Days from 0001-01-01 to 1900-01-01, the zero of `datetime`. */
export const datetimeEpochDays = 693_595;

export function isDecimal(value: TdsValue): value is Decimal {
  return typeof value === 'object' && value !== null && 'unscaled' in value;
}

export function isMoment(value: TdsValue): value is Moment {
  return typeof value === 'object' && value !== null && 'ticks' in value;
}
