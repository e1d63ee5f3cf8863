import type { ByteWriter } from '../bytes/byte-writer.js';
import { encodeWindows1252 } from './codepage.js';
import { decimalBytes, TypeId, type TypeInfo, timeBytes, unlimited } from './type-info.js';
import { datetimeEpochDays, isDecimal, isMoment, type Moment, type TdsValue, ticksPerDay } from './value.js';

/** Writes one value of a type (MS-TDS 2.2.5.5). @throws TypeError when the value is not one of that type. */
export function writeValue(writer: ByteWriter, type: TypeInfo, value: TdsValue): void {
  switch (type.id) {
    case TypeId.bigVarBinary:
    case TypeId.bigBinary:
    case TypeId.bigVarChar:
    case TypeId.bigChar:
    case TypeId.nVarChar:
    case TypeId.nChar:
      writeCounted(writer, type, value);
      return;
    default:
  }
  if (value === null) {
    writer.uint8(0);
    return;
  }
  switch (type.id) {
    case TypeId.intN:
      writer.uint8(type.length);
      writeInteger(writer, type.length, value);
      return;
    case TypeId.bitN:
      writer.uint8(1).uint8(value === true || value === 1 ? 1 : 0);
      return;
    case TypeId.floatN:
      writer.uint8(type.length);
      if (type.length === 4) writer.float32(Number(value));
      else writer.float64(Number(value));
      return;
    case TypeId.decimalN:
    case TypeId.numericN:
      if (!isDecimal(value)) throw wrong(type, value);
      writeDecimal(writer, value.unscaled, type.precision);
      return;
    case TypeId.moneyN:
      if (!isDecimal(value)) throw wrong(type, value);
      writeMoney(writer, value.unscaled, type.length);
      return;
    case TypeId.guid:
      if (typeof value !== 'string') throw wrong(type, value);
      writeGuid(writer, value);
      return;
    default:
      if (!isMoment(value)) throw wrong(type, value);
      writeMoment(writer, type, value);
  }
}

function wrong(type: TypeInfo, value: TdsValue): TypeError {
  return new TypeError(`a ${typeof value} is no value of the type 0x${type.id.toString(16)}`);
}

function writeInteger(writer: ByteWriter, length: number, value: TdsValue): void {
  if (length === 8) writer.int64(BigInt(value as bigint | number));
  else if (length === 4) writer.int32(Number(value));
  else if (length === 2) writer.uint16(Number(value) & 0xffff);
  else writer.uint8(Number(value));
}

/** Length byte, sign byte (1 is positive), magnitude (MS-TDS 2.2.5.5.1.6). */
export function writeDecimal(writer: ByteWriter, unscaled: bigint, precision: number): void {
  const bytes = decimalBytes(precision);
  let magnitude = unscaled < 0n ? -unscaled : unscaled;
  writer.uint8(bytes + 1).uint8(unscaled < 0n ? 0 : 1);
  for (let index = 0; index < bytes; index += 4) {
    writer.uint32(Number(magnitude & 0xffff_ffffn));
    magnitude >>= 32n;
  }
}

export function writeMoney(writer: ByteWriter, unscaled: bigint, length: number): void {
  writer.uint8(length);
  if (length === 4) writer.int32(Number(unscaled));
  else writer.int32(Number(unscaled >> 32n)).uint32(Number(unscaled & 0xffff_ffffn));
}

const guidOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

export function writeGuid(writer: ByteWriter, text: string): void {
  const hex = text.replaceAll('-', '');
  writer.uint8(16);
  for (const index of guidOrder) writer.uint8(Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16));
}

/** A date, time, datetime, datetime2 or datetimeoffset with its length byte. */
export function writeMoment(writer: ByteWriter, type: TypeInfo, value: Moment): void {
  const size = timeBytes(type.scale);
  switch (type.id) {
    case TypeId.dateN:
      writer.uint8(3).uint(value.days, 3);
      return;
    case TypeId.timeN:
      writer.uint8(size).uint(Math.floor(value.ticks / 10 ** (7 - type.scale)), size);
      return;
    case TypeId.datetime2N:
      writer.uint8(size + 3).uint(Math.floor(value.ticks / 10 ** (7 - type.scale)), size);
      writer.uint(value.days, 3);
      return;
    case TypeId.datetimeOffsetN:
      writer.uint8(size + 5).uint(Math.floor(value.ticks / 10 ** (7 - type.scale)), size);
      writer.uint(value.days, 3).uint16((value.offsetMinutes ?? 0) & 0xffff);
      return;
    case TypeId.datetimeN: {
      let days = value.days - datetimeEpochDays;
      if (type.length === 4) {
        writer
          .uint8(4)
          .uint16(days)
          .uint16(Math.floor(value.ticks / 600_000_000));
        return;
      }
      let threeHundredths = Math.round((value.ticks * 300) / 10_000_000);
      if (threeHundredths >= (ticksPerDay * 300) / 10_000_000) {
        threeHundredths = 0;
        days += 1;
      }
      writer.uint8(8).int32(days).uint32(threeHundredths);
      return;
    }
    default:
      throw new TypeError(`no moment can be written as the type 0x${type.id.toString(16)}`);
  }
}

function writeCounted(writer: ByteWriter, type: TypeInfo, value: TdsValue): void {
  const long = type.length === unlimited;
  if (value === null) {
    if (long) writer.uint64(0xffff_ffff_ffff_ffffn);
    else writer.uint16(0xffff);
    return;
  }
  const wide = type.id === TypeId.nVarChar || type.id === TypeId.nChar;
  const bytes = value instanceof Uint8Array ? value : wide ? undefined : encodeWindows1252(String(value));
  const text = bytes ? '' : String(value);
  const length = bytes ? bytes.length : text.length * 2;
  if (long) {
    // The total and one chunk: every client takes a value whose length is known (PLP, MS-TDS 2.2.5.2.3).
    writer.uint64(BigInt(length));
    if (length > 0) {
      writer.uint32(length);
      if (bytes) writer.put(bytes);
      else writer.text(text);
    }
    writer.uint32(0);
    return;
  }
  writer.uint16(length);
  if (bytes) writer.put(bytes);
  else writer.text(text);
}
