import type { InterimType } from '../columns/column.js';
import { readTimestamp } from '../columns/date-text.js';
import { cellText, zoneOffset } from './cell-text.js';
import type { CellValue } from './column-values.js';

export interface ConversionSettings {
  readonly allowDataTruncation: boolean;
  readonly treatBooleanAsNumber: boolean;
  readonly timeZone: string;
  /** Writes and reads moments by a format of the document. */
  readonly dateTime: ((micros: bigint) => string) | undefined;
}

export class ConversionError extends Error {}

type Group = 'boolean' | 'integer' | 'real' | 'decimal' | 'moment' | 'text' | 'bytes';

const groups: Readonly<Record<InterimType, Group>> = {
  Boolean: 'boolean',
  SByte: 'integer',
  Int16: 'integer',
  Int32: 'integer',
  Int64: 'integer',
  Single: 'real',
  Double: 'real',
  Decimal: 'decimal',
  DateTime: 'moment',
  DateTimeOffset: 'moment',
  String: 'text',
  'Byte[]': 'bytes',
};

const bits: Readonly<Partial<Record<InterimType, number>>> = { SByte: 8, Int16: 16, Int32: 32, Int64: 64 };

/** The documentation's matrix of conversions, by groups; numbers and booleans go into each other, bytes only into text. */
export function canConvert(from: InterimType, to: InterimType, settings: ConversionSettings): boolean {
  if (from === to) return true;
  const [source, target] = [groups[from], groups[to]];
  if (source === 'text' || target === 'text') return true;
  if (source === 'bytes' || target === 'bytes') return false;
  if (source === 'moment' || target === 'moment') return source === target;
  if (source === 'boolean') return settings.treatBooleanAsNumber;
  return true;
}

/**
 * @param fromScale,toScale digits behind the point of decimals.
 * @throws ConversionError saying what does not fit.
 */
export function convertValue(
  value: Exclude<CellValue, null>,
  from: { interim: InterimType; scale: number },
  to: { interim: InterimType; scale: number; precision: number },
  settings: ConversionSettings,
): CellValue {
  if (from.interim === to.interim && from.scale === to.scale) return value;
  const source = groups[from.interim];
  switch (groups[to.interim]) {
    case 'text':
      return cellText(value, from.interim, from.scale, settings);
    case 'bytes':
      return Buffer.from(value as string, 'base64');
    case 'moment':
      return toMoment(value, source, from.interim, to.interim, settings);
    case 'boolean':
      return toBoolean(value, source);
    case 'integer':
      return toInteger(value, source, from.scale, to.interim, settings);
    case 'real': {
      const number =
        source === 'decimal'
          ? Number(cellText(value, 'Decimal', from.scale))
          : source === 'text'
            ? realOf(value)
            : Number(value);
      return to.interim === 'Single' ? Math.fround(number) : number;
    }
    case 'decimal':
      return toDecimal(value, source, from, to, settings);
  }
}

const realOf = (value: unknown): number => {
  const text = String(value).trim();
  const number = Number(text);
  if (text === '' || Number.isNaN(number)) throw new ConversionError(`"${text}" is no number`);
  return number;
};

function toMoment(
  value: CellValue,
  source: Group,
  from: InterimType,
  to: InterimType,
  { timeZone }: ConversionSettings,
): bigint {
  if (source === 'moment') {
    const micros = value as bigint;
    const offset = BigInt(zoneOffset(micros, timeZone)) * 60_000_000n;
    if (from === 'DateTimeOffset' && to === 'DateTime') return micros + offset;
    if (from === 'DateTime' && to === 'DateTimeOffset')
      return micros - BigInt(zoneOffset(micros - offset, timeZone)) * 60_000_000n;
    return micros;
  }
  const text = String(value).trim();
  const [, clock = text, zone] = /^(.*?)\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(text) ?? [];
  const isDate = /^[+-]?\d{4,6}-\d\d-\d\d([T ]|$)/.test(text);
  const bytes = Buffer.from(isDate ? clock : text);
  const micros = isDate ? readTimestamp(bytes, 0, bytes.length) : undefined;
  if (micros === undefined) throw new ConversionError(`"${text}" is no date and time`);
  return zone === undefined || zone.toUpperCase() === 'Z'
    ? micros
    : micros - BigInt(zoneOffset(0n, zone)) * 60_000_000n;
}

function toBoolean(value: CellValue, source: Group): boolean {
  if (source !== 'text') return Number(value) !== 0;
  const text = String(value).trim().toLowerCase();
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new ConversionError(`"${value}" is neither true nor false`);
}

function toInteger(
  value: CellValue,
  source: Group,
  fromScale: number,
  to: InterimType,
  settings: ConversionSettings,
): number | bigint {
  let whole: bigint;
  if (source === 'text') {
    const text = String(value).trim();
    if (!/^[+-]?\d+$/.test(text)) throw new ConversionError(`"${text}" is no whole number`);
    whole = BigInt(text.replace(/^\+/, ''));
  } else if (source === 'decimal') {
    const unit = 10n ** BigInt(fromScale);
    whole = (value as bigint) / unit;
    if (whole * unit !== value) refuseTruncation(settings, 'digits behind the point');
  } else if (source === 'real') {
    const number = value as number;
    if (!Number.isFinite(number)) throw new ConversionError(`${number} is no whole number`);
    if (!Number.isInteger(number)) refuseTruncation(settings, 'digits behind the point');
    whole = BigInt(Math.trunc(number));
  } else whole = BigInt(value as number | bigint | boolean);
  const size = bits[to] ?? 64;
  if (BigInt.asIntN(size, whole) !== whole) throw new ConversionError(`${whole} is too large for ${to}`);
  return size === 64 ? whole : Number(whole);
}

function toDecimal(
  value: CellValue,
  source: Group,
  from: { scale: number },
  to: { scale: number; precision: number },
  settings: ConversionSettings,
): bigint {
  let unscaled: bigint;
  let scale = from.scale;
  if (source === 'decimal') unscaled = value as bigint;
  else {
    const text = source === 'text' ? String(value).trim() : String(Number(value) === 0 ? 0 : value);
    const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(
      typeof value === 'boolean' ? (value ? '1' : '0') : text,
    );
    if (!match || (match[2] === '' && !match[3])) throw new ConversionError(`"${text}" is no number`);
    const [, sign, whole = '', fraction = '', exponent = '0'] = match;
    scale = fraction.length - Number(exponent);
    unscaled = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}` || '0');
  }
  if (scale < to.scale) unscaled *= 10n ** BigInt(to.scale - scale);
  else if (scale > to.scale) {
    const unit = 10n ** BigInt(scale - to.scale);
    if (unscaled % unit !== 0n) refuseTruncation(settings, 'digits behind the point');
    unscaled /= unit;
  }
  if ((unscaled < 0n ? -unscaled : unscaled) >= 10n ** BigInt(to.precision))
    throw new ConversionError(`the number has more than ${to.precision} digits`);
  return unscaled;
}

function refuseTruncation({ allowDataTruncation }: ConversionSettings, what: string): void {
  if (!allowDataTruncation) throw new ConversionError(`${what} would be lost, and allowDataTruncation is false`);
}
