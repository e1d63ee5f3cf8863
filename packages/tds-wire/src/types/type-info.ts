import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedBytes, UnsupportedType } from '../bytes/not-enough-bytes.js';

/** MS-TDS 2.2.5.4: the first byte of a TYPE_INFO. */
export const TypeId = {
  null: 0x1f,
  tinyint: 0x30,
  bit: 0x32,
  smallint: 0x34,
  int: 0x38,
  smalldatetime: 0x3a,
  real: 0x3b,
  money: 0x3c,
  datetime: 0x3d,
  float: 0x3e,
  smallmoney: 0x7a,
  bigint: 0x7f,
  guid: 0x24,
  intN: 0x26,
  bitN: 0x68,
  decimalN: 0x6a,
  numericN: 0x6c,
  floatN: 0x6d,
  moneyN: 0x6e,
  datetimeN: 0x6f,
  dateN: 0x28,
  timeN: 0x29,
  datetime2N: 0x2a,
  datetimeOffsetN: 0x2b,
  bigVarBinary: 0xa5,
  bigVarChar: 0xa7,
  bigBinary: 0xad,
  bigChar: 0xaf,
  nVarChar: 0xe7,
  nChar: 0xef,
  text: 0x23,
  image: 0x22,
  nText: 0x63,
  /** Before TDS 7: lengths in one byte. Some clients still send them. */
  shortVarBinary: 0x25,
  shortVarChar: 0x27,
  shortBinary: 0x2d,
  shortChar: 0x2f,
} as const;

/** SQL_Latin1_General_CP1_CI_AS as in MS-TDS 2.2.5.1.2: LCID 0x0409, flags and version, sort id 52. */
export const defaultCollation: Uint8Array = Uint8Array.of(0x09, 0x04, 0xd0, 0x00, 0x34);

/** Length of a value whose bytes come in chunks (PLP, MS-TDS 2.2.5.2.3): `(max)` types. */
export const unlimited = 0xffff;

/** A TYPE_INFO. `length` is in bytes as on the wire; {@link unlimited} for the `(max)` types. */
export interface TypeInfo {
  readonly id: number;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly collation: Uint8Array | undefined;
}

const fixedLengths: ReadonlyMap<number, number> = new Map([
  [TypeId.null, 0],
  [TypeId.tinyint, 1],
  [TypeId.bit, 1],
  [TypeId.smallint, 2],
  [TypeId.int, 4],
  [TypeId.smalldatetime, 4],
  [TypeId.real, 4],
  [TypeId.money, 8],
  [TypeId.datetime, 8],
  [TypeId.float, 8],
  [TypeId.smallmoney, 4],
  [TypeId.bigint, 8],
]);

const allowedLengths: ReadonlyMap<number, readonly number[]> = new Map([
  [TypeId.guid, [0, 16]],
  [TypeId.intN, [0, 1, 2, 4, 8]],
  [TypeId.bitN, [0, 1]],
  [TypeId.floatN, [0, 4, 8]],
  [TypeId.moneyN, [0, 4, 8]],
  [TypeId.datetimeN, [0, 4, 8]],
]);

export function typeInfo(id: number, parts: Partial<Omit<TypeInfo, 'id'>> = {}): TypeInfo {
  return { id, length: 0, precision: 0, scale: 0, collation: undefined, ...parts };
}

const known = new Map<number, TypeInfo>();
const collatedKnown = new Map<number, TypeInfo>();
const mostKnown = 1000;

/** A thousand calls of a batch describe their parameters a thousand times: types that are the same are one object. */
function shared(id: number, length: number, precision = 0, scale = 0): TypeInfo {
  const key = ((length * 64 + precision) * 64 + scale) * 256 + id;
  let found = known.get(key);
  if (!found) {
    found = typeInfo(id, { length, precision, scale });
    if (known.size >= mostKnown) known.clear();
    known.set(key, found);
  }
  return found;
}

function collated(id: number, length: number, collation: Uint8Array): TypeInfo {
  const key = length * 256 + id;
  const last = collatedKnown.get(key);
  if (last?.collation?.every((byte, index) => byte === collation[index])) return last;
  const made = typeInfo(id, { length, collation: collation.slice() });
  if (collatedKnown.size >= mostKnown) collatedKnown.clear();
  collatedKnown.set(key, made);
  return made;
}

/** Types that a dedicated SQL pool does not have either. */
const unsupported: ReadonlyMap<number, string> = new Map([
  [0x62, 'sql_variant'],
  [0xf0, 'of the common language runtime (geography, geometry, hierarchyid)'],
  [0xf1, 'xml'],
  [0xf3, 'table (table-valued parameters)'],
  [0xf4, 'json'],
  [0xf5, 'vector'],
]);

/**
 * @throws UnsupportedType for a type that the pool does not have
 * @throws MalformedBytes for a byte that is no type, or a length the type cannot have
 */
export function readTypeInfo(reader: ByteReader): TypeInfo {
  const id = reader.uint8();
  const fixed = fixedLengths.get(id);
  if (fixed !== undefined) return shared(id, fixed);
  const allowed = allowedLengths.get(id);
  if (allowed) {
    const length = reader.uint8();
    if (!allowed.includes(length)) throw new MalformedBytes(`type 0x${id.toString(16)} with length ${length}`);
    return shared(id, length);
  }
  switch (id) {
    case TypeId.decimalN:
    case TypeId.numericN: {
      const length = reader.uint8();
      const precision = reader.uint8();
      const scale = reader.uint8();
      if (precision < 1 || precision > 38 || scale > precision)
        throw new MalformedBytes(`decimal(${precision},${scale})`);
      return shared(id, length, precision, scale);
    }
    case TypeId.dateN:
      return shared(id, 0);
    case TypeId.timeN:
    case TypeId.datetime2N:
    case TypeId.datetimeOffsetN: {
      const scale = reader.uint8();
      if (scale > 7) throw new MalformedBytes(`a time with ${scale} digits`);
      return shared(id, 0, 0, scale);
    }
    case TypeId.bigVarBinary:
    case TypeId.bigBinary:
      return shared(id, reader.uint16());
    case TypeId.bigVarChar:
    case TypeId.bigChar:
    case TypeId.nVarChar:
    case TypeId.nChar: {
      const length = reader.uint16();
      return collated(id, length, reader.take(5));
    }
    case TypeId.text:
    case TypeId.nText: {
      const length = reader.uint32();
      return collated(id, length, reader.take(5));
    }
    case TypeId.image:
      return shared(id, reader.uint32());
    case TypeId.shortVarBinary:
    case TypeId.shortBinary:
    case TypeId.shortVarChar:
    case TypeId.shortChar:
      return shared(id, reader.uint8());
    default: {
      const name = unsupported.get(id);
      if (name) throw new UnsupportedType(name);
      throw new MalformedBytes(`0x${id.toString(16)} is no type`);
    }
  }
}

export function writeTypeInfo(writer: ByteWriter, type: TypeInfo): void {
  writer.uint8(type.id);
  if (fixedLengths.has(type.id)) return;
  if (allowedLengths.has(type.id)) {
    writer.uint8(type.length);
    return;
  }
  switch (type.id) {
    case TypeId.decimalN:
    case TypeId.numericN:
      writer.uint8(type.length).uint8(type.precision).uint8(type.scale);
      return;
    case TypeId.dateN:
      return;
    case TypeId.timeN:
    case TypeId.datetime2N:
    case TypeId.datetimeOffsetN:
      writer.uint8(type.scale);
      return;
    case TypeId.bigVarBinary:
    case TypeId.bigBinary:
      writer.uint16(type.length);
      return;
    case TypeId.bigVarChar:
    case TypeId.bigChar:
    case TypeId.nVarChar:
    case TypeId.nChar:
      writer.uint16(type.length).put(type.collation ?? defaultCollation);
      return;
    case TypeId.text:
    case TypeId.nText:
      writer.uint32(type.length).put(type.collation ?? defaultCollation);
      return;
    case TypeId.image:
      writer.uint32(type.length);
      return;
    case TypeId.shortVarBinary:
    case TypeId.shortBinary:
    case TypeId.shortVarChar:
    case TypeId.shortChar:
      writer.uint8(type.length);
      return;
    default:
      throw new RangeError(`the type 0x${type.id.toString(16)} cannot be written`);
  }
}

/** Bytes of a decimal's magnitude by its precision (MS-TDS 2.2.5.5.1.6). */
export function decimalBytes(precision: number): 4 | 8 | 12 | 16 {
  return precision <= 9 ? 4 : precision <= 19 ? 8 : precision <= 28 ? 12 : 16;
}

/** Bytes of a time of day by its number of fractional digits (MS-TDS 2.2.5.4.2). */
export function timeBytes(scale: number): 3 | 4 | 5 {
  return scale <= 2 ? 3 : scale <= 4 ? 4 : 5;
}
