/**
 * Writes a decimal number, `-123.45`, as Arrow's 128-bit two's complement (four 32-bit words, lowest first), exactly.
 * @param scale digits behind the point that the column has; missing ones are zeros.
 * @returns false for text that is no such number, has digits beyond the scale that are not zero, or is too large.
 */
export function writeDecimal(
  bytes: Uint8Array,
  start: number,
  end: number,
  scale: number,
  words: Uint32Array,
  at: number,
): boolean {
  // Fifteen digits fit a double exactly, and almost all numbers have no more.
  const first = bytes[start];
  const negative = first === 45;
  let position = negative || first === 43 ? start + 1 : start;
  if (position === end || end - position > 16) return writeLong(bytes, start, end, scale, words, at);
  let value = 0;
  let digits = 0;
  let point = -1;
  for (; position < end; position += 1) {
    const digit = bytes[position]! - 48;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digits += 1;
    } else if (digit === -2 && point < 0) point = digits;
    else return false;
  }
  if (digits === 0) return false;
  const missing = scale - (point < 0 ? 0 : digits - point);
  if (missing < 0 || digits + missing > 15) return writeLong(bytes, start, end, scale, words, at);
  value *= powers[missing]!;
  if (negative) value = -value;
  const upper = Math.floor(value / 4294967296);
  words[at] = value >>> 0;
  words[at + 1] = upper >>> 0;
  words[at + 2] = upper < 0 ? 0xffff_ffff : 0;
  words[at + 3] = upper < 0 ? 0xffff_ffff : 0;
  return true;
}

const powers = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/** The same for any number of digits. */
function writeLong(
  bytes: Uint8Array,
  start: number,
  end: number,
  scale: number,
  words: Uint32Array,
  at: number,
): boolean {
  let position = start;
  const negative = bytes[position] === 45;
  if (negative || bytes[position] === 43) position += 1;
  if (position === end) return false;

  let chunk = 0;
  let chunkSize = 1;
  let fraction = -1;
  let low = 0;
  let middle = 0;
  let high = 0;
  let top = 0;

  // Multiplies the 128-bit number by `factor` (at most 10^7) and adds; each step stays below 2^53.
  const flush = () => {
    let carry = low * chunkSize + chunk;
    low = carry >>> 0;
    carry = middle * chunkSize + Math.floor(carry / 4294967296);
    middle = carry >>> 0;
    carry = high * chunkSize + Math.floor(carry / 4294967296);
    high = carry >>> 0;
    carry = top * chunkSize + Math.floor(carry / 4294967296);
    top = carry;
    chunk = 0;
    chunkSize = 1;
  };
  const push = (digit: number) => {
    chunk = chunk * 10 + digit;
    chunkSize *= 10;
    if (chunkSize === 1_000_000) flush();
  };

  for (; position < end; position += 1) {
    const digit = bytes[position]! - 48;
    if (digit === -2 && fraction < 0) {
      fraction = 0;
      continue;
    }
    if (digit < 0 || digit > 9) return false;
    if (fraction >= 0) {
      if (fraction === scale) {
        if (digit !== 0) return false;
        continue;
      }
      fraction += 1;
    }
    push(digit);
  }
  for (let missing = scale - Math.max(fraction, 0); missing > 0; missing -= 1) push(0);
  flush();
  if (top > 0x7fff_ffff) return false;

  if (negative) {
    // Two's complement: invert and add one.
    low = (~low + 1) >>> 0;
    middle = (~middle + (low === 0 ? 1 : 0)) >>> 0;
    high = (~high + (low === 0 && middle === 0 ? 1 : 0)) >>> 0;
    top = (~top + (low === 0 && middle === 0 && high === 0 ? 1 : 0)) >>> 0;
  }
  words[at] = low;
  words[at + 1] = middle;
  words[at + 2] = high;
  words[at + 3] = top;
  return true;
}
