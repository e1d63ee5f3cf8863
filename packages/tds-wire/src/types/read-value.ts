import { type ByteReader, decodeUtf16 } from '../bytes/byte-reader.js';
import { MalformedBytes } from '../bytes/not-enough-bytes.js';
import { concatBytes } from '../packets/message.js';
import { decodeUtf8, decodeWindows1252, isUtf8Collation } from './codepage.js';
import { TypeId, type TypeInfo, timeBytes, unlimited } from './type-info.js';
import { datetimeEpochDays, type Moment, type TdsValue } from './value.js';

const plpNull = 0xffff_ffff_ffff_ffffn;

/** Reads one value of a type (MS-TDS 2.2.5.5). */
export function readValue(reader: ByteReader, type: TypeInfo): TdsValue {
  switch (type.id) {
    case TypeId.null:
      return null;
    case TypeId.tinyint:
    case TypeId.smallint:
    case TypeId.int:
    case TypeId.bigint:
      return integer(reader, type.length);
    case TypeId.bit:
      return reader.uint8() !== 0;
    case TypeId.real:
      return reader.float32();
    case TypeId.float:
      return reader.float64();
    case TypeId.money:
    case TypeId.smallmoney:
      return money(reader, type.length);
    case TypeId.datetime:
    case TypeId.smalldatetime:
      return datetime(reader, type.length);
    case TypeId.bigVarBinary:
    case TypeId.bigBinary:
    case TypeId.bigVarChar:
    case TypeId.bigChar:
    case TypeId.nVarChar:
    case TypeId.nChar: {
      if (type.length === unlimited) return decodeBytes(type, readPlp(reader));
      const length = reader.uint16();
      return length === 0xffff ? null : decodeBytes(type, reader.take(length));
    }
    case TypeId.text:
    case TypeId.nText:
    case TypeId.image: {
      // A text pointer and a timestamp stand before the value in rows (MS-TDS 2.2.7.17); parameters have none.
      const length = reader.int32();
      return length < 0 ? null : decodeBytes(type, reader.take(length));
    }
    case TypeId.shortVarBinary:
    case TypeId.shortBinary:
    case TypeId.shortVarChar:
    case TypeId.shortChar: {
      const length = reader.uint8();
      return length === 0 ? null : decodeBytes(type, reader.take(length));
    }
    default:
      return nullable(reader, type);
  }
}

function nullable(reader: ByteReader, type: TypeInfo): TdsValue {
  const length = reader.uint8();
  if (length === 0) return null;
  switch (type.id) {
    case TypeId.intN:
      return integer(reader, length);
    case TypeId.bitN:
      return reader.uint8() !== 0;
    case TypeId.floatN:
      return length === 4 ? reader.float32() : reader.float64();
    case TypeId.moneyN:
      return money(reader, length);
    case TypeId.datetimeN:
      return datetime(reader, length);
    case TypeId.decimalN:
    case TypeId.numericN: {
      const positive = reader.uint8() !== 0;
      const magnitude = reader.bigUint(length - 1);
      return { unscaled: positive ? magnitude : -magnitude, scale: type.scale };
    }
    case TypeId.guid:
      return guid(reader.take(16));
    case TypeId.dateN:
      return { days: reader.uint(3), ticks: 0 };
    case TypeId.timeN:
      return { days: 0, ticks: ticks(reader, type.scale) };
    case TypeId.datetime2N: {
      const time = ticks(reader, type.scale);
      return { days: reader.uint(3), ticks: time };
    }
    case TypeId.datetimeOffsetN: {
      const time = ticks(reader, type.scale);
      const days = reader.uint(3);
      return { days, ticks: time, offsetMinutes: reader.int16() };
    }
    default:
      throw new MalformedBytes(`no value of type 0x${type.id.toString(16)} can be read`);
  }
}

function integer(reader: ByteReader, length: number): number | bigint {
  switch (length) {
    case 1:
      return reader.uint8();
    case 2:
      return reader.int16();
    case 4:
      return reader.int32();
    case 8:
      return reader.int64();
    default:
      throw new MalformedBytes(`an integer of ${length} bytes`);
  }
}

/** The high half comes first (MS-TDS 2.2.5.5.1.3). */
function money(reader: ByteReader, length: number): TdsValue {
  if (length === 4) return { unscaled: BigInt(reader.int32()), scale: 4 };
  const high = BigInt(reader.int32());
  return { unscaled: (high << 32n) | BigInt(reader.uint32()), scale: 4 };
}

/** Four bytes count minutes, eight bytes count 1/300 s (MS-TDS 2.2.5.5.1.8). */
function datetime(reader: ByteReader, length: number): Moment {
  if (length === 4) {
    const days = reader.uint16();
    return { days: days + datetimeEpochDays, ticks: reader.uint16() * 600_000_000 };
  }
  const days = reader.int32();
  // The server shows 3 1/3 ms as .000, .003, .007: rounded to whole milliseconds.
  return { days: days + datetimeEpochDays, ticks: Math.round((reader.uint32() * 10) / 3) * 10_000 };
}

function ticks(reader: ByteReader, scale: number): number {
  return reader.uint(timeBytes(scale)) * 10 ** (7 - scale);
}

function guid(bytes: Uint8Array): string {
  const hex = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((index) =>
    bytes[index]!.toString(16).padStart(2, '0'),
  );
  const text = hex.join('').toUpperCase();
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}

function readPlp(reader: ByteReader): Uint8Array | null {
  if (reader.uint64() === plpNull) return null;
  const parts: Uint8Array[] = [];
  for (let length = reader.uint32(); length > 0; length = reader.uint32()) parts.push(reader.take(length));
  return parts.length === 1 ? parts[0]! : concatBytes(parts);
}

function decodeBytes(type: TypeInfo, bytes: Uint8Array | null): TdsValue {
  if (bytes === null) return null;
  switch (type.id) {
    case TypeId.nVarChar:
    case TypeId.nChar:
    case TypeId.nText:
      return decodeUtf16(bytes);
    case TypeId.bigVarChar:
    case TypeId.bigChar:
    case TypeId.text:
    case TypeId.shortVarChar:
    case TypeId.shortChar:
      return isUtf8Collation(type.collation) ? decodeUtf8(bytes) : decodeWindows1252(bytes);
    default:
      return bytes.slice();
  }
}
