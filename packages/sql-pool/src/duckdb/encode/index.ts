import { TypeId, type TypeInfo } from '@crossview/tds-wire';
import { type DuckDBDecimalType, type DuckDBType, DuckDBTypeId } from '../api.js';
import type { ColumnEncoder } from './column-encoder.js';
import { DecimalEncoder, MoneyEncoder } from './decimal-encoder.js';
import { DateEncoder, MomentEncoder } from './moment-encoder.js';
import { GuidEncoder, plainEncoder } from './plain-encoder.js';
import { TextEncoder } from './text-encoder.js';
import { OffsetEncoder, TickEncoder } from './tick-encoder.js';
import { ValueEncoder } from './value-encoder.js';

/** The fastest encoder from how DuckDB keeps a column to how the wire has it. */
export function columnEncoder(type: TypeInfo, stored: DuckDBType): ColumnEncoder {
  const { id, length } = type;
  switch (stored.typeId) {
    case DuckDBTypeId.BOOLEAN:
      if (id === TypeId.bitN) return plainEncoder(1);
      break;
    case DuckDBTypeId.UTINYINT:
      if (id === TypeId.intN && length === 1) return plainEncoder(1);
      break;
    case DuckDBTypeId.SMALLINT:
      if (id === TypeId.intN && length === 2) return plainEncoder(2);
      break;
    case DuckDBTypeId.INTEGER:
      if (id === TypeId.intN && length === 4) return plainEncoder(4);
      break;
    case DuckDBTypeId.BIGINT:
      if (id === TypeId.intN && length === 8) return plainEncoder(8);
      if (id === TypeId.datetime2N || id === TypeId.timeN) return new TickEncoder(type);
      break;
    case DuckDBTypeId.FLOAT:
      if (id === TypeId.floatN && length === 4) return plainEncoder(4);
      break;
    case DuckDBTypeId.DOUBLE:
      if (id === TypeId.floatN && length === 8) return plainEncoder(8);
      break;
    case DuckDBTypeId.DECIMAL: {
      const { width } = stored as DuckDBDecimalType;
      if (id === TypeId.moneyN) return new MoneyEncoder(length, width);
      if (id === TypeId.decimalN || id === TypeId.numericN) return new DecimalEncoder(type.precision, width);
      break;
    }
    case DuckDBTypeId.DATE:
      if (id === TypeId.dateN) return new DateEncoder();
      break;
    case DuckDBTypeId.TIME:
      if (id === TypeId.timeN) return new MomentEncoder(type);
      break;
    case DuckDBTypeId.TIMESTAMP:
      if (id === TypeId.datetime2N || id === TypeId.datetimeN) return new MomentEncoder(type);
      break;
    case DuckDBTypeId.HUGEINT:
      if (id === TypeId.datetimeOffsetN) return new OffsetEncoder(type);
      break;
    case DuckDBTypeId.UUID:
      if (id === TypeId.guid) return new GuidEncoder();
      break;
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.BLOB:
      if (texts.includes(id)) return new TextEncoder(type);
      break;
    default:
  }
  return new ValueEncoder(type, stored);
}

const texts: readonly number[] = [
  TypeId.bigVarChar,
  TypeId.bigChar,
  TypeId.nVarChar,
  TypeId.nChar,
  TypeId.bigVarBinary,
  TypeId.bigBinary,
];
