/** Code page 1252, the `varchar` encoding of the default collation: bytes 0x80 to 0x9f differ from Latin-1. */
const high =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

const toByte: ReadonlyMap<number, number> = new Map([...high].map((char, index) => [char.charCodeAt(0), 0x80 + index]));

export function decodeWindows1252(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte >= 0x80 && byte <= 0x9f ? high[byte - 0x80]! : String.fromCharCode(byte);
  return text;
}

/** The byte of a code unit; `?` for what the code page does not have. */
export function windows1252Byte(unit: number): number {
  if (unit < 0x80 || (unit >= 0xa0 && unit <= 0xff)) return unit;
  return toByte.get(unit) ?? 0x3f;
}

export function encodeWindows1252(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = windows1252Byte(text.charCodeAt(index));
  return bytes;
}

/** Sort id or collation flags that say UTF-8 (MS-TDS 2.2.5.1.2, fUTF8). */
export function isUtf8Collation(collation: Uint8Array | undefined): boolean {
  return collation !== undefined && (collation[3]! & 0x04) !== 0;
}

export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; ) {
    const first = bytes[index++]!;
    const extra = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let point = extra === 0 ? first : first & (0x3f >> extra);
    for (let count = 0; count < extra; count++) point = (point << 6) | ((bytes[index++] ?? 0) & 0x3f);
    text += point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
  }
  return text;
}
