const zero = 48;

/** Days since 1970-01-01 in the proleptic Gregorian calendar (the civil-from-days rule of Howard Hinnant, read backwards). */
export function daysFromDate(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/** `2013-01-31`, `-0001-01-01`, `+10000-01-01` → days since 1970-01-01; `undefined` for other text. */
export function readDate(bytes: Uint8Array, start: number, end: number): number | undefined {
  const date = { next: start };
  const day = readDay(bytes, date, end);
  return date.next === end ? day : undefined;
}

/** `2013-01-31 10:20:30.123456`, also with `T` → microseconds since 1970-01-01 00:00:00 on the same clock. */
export function readTimestamp(bytes: Uint8Array, start: number, end: number): bigint | undefined {
  return parseClock(bytes, start, end) ? BigInt(clock.seconds) * 1_000_000n + BigInt(clock.micros) : undefined;
}

/**
 * The same into `values[row]`, without making a BigInt where a double is exact.
 * @param halves the memory of `values` as 32-bit integers.
 * @returns false for other text.
 */
export function writeTimestamp(
  bytes: Uint8Array,
  start: number,
  end: number,
  values: BigInt64Array,
  halves: Int32Array,
  row: number,
): boolean {
  if (!parseClock(bytes, start, end)) return false;
  const { seconds } = clock;
  // Up to the year 2255 the microseconds fit a double exactly.
  if (seconds < 9_007_199_253 && seconds > -9_007_199_253) {
    const micros = seconds * 1_000_000 + clock.micros;
    halves[row * 2] = micros | 0;
    halves[row * 2 + 1] = Math.floor(micros / 4294967296);
  } else values[row] = BigInt(seconds) * 1_000_000n + BigInt(clock.micros);
  return true;
}

/** What `parseClock` read last: no object for each of millions of values. */
const clock = { seconds: 0, micros: 0 };
const place = { next: 0 };

function parseClock(bytes: Uint8Array, start: number, end: number): boolean {
  place.next = start;
  const day = readDay(bytes, place, end);
  if (day === undefined) return false;
  let position = place.next;
  clock.seconds = day * 86_400;
  clock.micros = 0;
  if (position === end) return true;
  if (bytes[position] !== 32 && bytes[position] !== 84) return false;
  const hour = twoDigits(bytes, position + 1);
  const minute = twoDigits(bytes, position + 4);
  const second = twoDigits(bytes, position + 7);
  if (hour > 23 || minute > 59 || second > 59 || bytes[position + 3] !== 58 || bytes[position + 6] !== 58) return false;
  position += 9;
  if (position > end) return false;
  clock.seconds += hour * 3_600 + minute * 60 + second;
  if (position === end) return true;
  if (bytes[position] !== 46 || end - position > 10) return false;
  let micros = 0;
  let unit = 100_000;
  for (position += 1; position < end; position += 1) {
    const digit = bytes[position]! - zero;
    if (digit < 0 || digit > 9 || (unit < 1 && digit !== 0)) return false;
    micros += digit * unit;
    unit = unit > 1 ? unit / 10 : 0;
  }
  clock.micros = micros;
  return true;
}

function twoDigits(bytes: Uint8Array, position: number): number {
  const tens = bytes[position]! - zero;
  const ones = bytes[position + 1]! - zero;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 99;
}

function readDay(bytes: Uint8Array, at: { next: number }, end: number): number | undefined {
  let position = at.next;
  const sign = bytes[position];
  if (sign === 45 || sign === 43) position += 1;
  let year = 0;
  let digits = 0;
  for (; position < end; position += 1, digits += 1) {
    const digit = bytes[position]! - zero;
    if (digit < 0 || digit > 9) break;
    year = year * 10 + digit;
  }
  if (digits < 4 || digits > 6 || bytes[position] !== 45 || bytes[position + 3] !== 45) return undefined;
  const month = twoDigits(bytes, position + 1);
  const day = twoDigits(bytes, position + 4);
  at.next = position + 6;
  if (month < 1 || month > 12 || day < 1 || day > 31 || at.next > end) return undefined;
  return daysFromDate(sign === 45 ? -year : year, month, day);
}
