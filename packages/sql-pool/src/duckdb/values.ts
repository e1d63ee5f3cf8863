import { isDecimal, isMoment, type TdsValue, unixEpochDays } from '@crossview/tds-wire';
import { decimalShape, isExact, type SqlType } from '../types/sql-type.js';
import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  type DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBUUIDValue,
  type DuckDBValue,
  FLOAT,
  HUGEINT,
  INTEGER,
  SMALLINT,
  TIME,
  TIMESTAMP,
  UTINYINT,
  UUID,
  VARCHAR,
} from './api.js';

const microsPerDay = 86_400_000_000n;
const ticksPerDay = 864_000_000_000n;

/** The DuckDB type a value of a declared type is bound as. */
export function duckType(type: SqlType): DuckDBType {
  switch (type.name) {
    case 'bit':
      return BOOLEAN;
    case 'tinyint':
      return UTINYINT;
    case 'smallint':
      return SMALLINT;
    case 'int':
      return INTEGER;
    case 'bigint':
      return BIGINT;
    case 'decimal':
    case 'numeric':
    case 'money':
    case 'smallmoney': {
      const { precision, scale } = decimalShape(type);
      return DECIMAL(precision, scale);
    }
    case 'float':
      return DOUBLE;
    case 'real':
      return FLOAT;
    case 'date':
      return DATE;
    case 'time':
      return isExact(type) ? BIGINT : TIME;
    case 'datetime2':
      return isExact(type) ? BIGINT : TIMESTAMP;
    case 'datetime':
    case 'smalldatetime':
      return TIMESTAMP;
    case 'datetimeoffset':
      return HUGEINT;
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
      return VARCHAR;
    case 'binary':
    case 'varbinary':
      return BLOB;
    case 'uniqueidentifier':
      return UUID;
  }
}

/** A wire value as DuckDB takes it for a column of that type. */
export function toDuckDB(value: TdsValue, type: SqlType): DuckDBValue {
  if (value === null) return null;
  switch (type.name) {
    case 'bit':
      return typeof value === 'boolean' ? value : Number(value) !== 0;
    case 'bigint':
      return BigInt(value as number | bigint);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'float':
    case 'real':
      return typeof value === 'boolean' ? (value ? 1 : 0) : Number(value);
    case 'decimal':
    case 'numeric':
    case 'money':
    case 'smallmoney': {
      const { precision, scale } = decimalShape(type);
      if (!isDecimal(value)) throw new TypeError(`no decimal: ${typeof value}`);
      return new DuckDBDecimalValue(value.unscaled * 10n ** BigInt(Math.max(0, scale - value.scale)), precision, scale);
    }
    case 'date':
      if (!isMoment(value)) throw new TypeError('no date');
      return new DuckDBDateValue(value.days - unixEpochDays);
    case 'time':
      if (!isMoment(value)) throw new TypeError('no time');
      return isExact(type) ? BigInt(value.ticks) : new DuckDBTimeValue(BigInt(Math.round(value.ticks / 10)));
    case 'datetime':
    case 'datetime2':
    case 'smalldatetime':
      return isExact(type) ? ticks(value) : new DuckDBTimestampValue(micros(value));
    case 'datetimeoffset':
      return ticks(value) * 2048n + BigInt(((isMoment(value) && value.offsetMinutes) || 0) + 1024);
    case 'binary':
    case 'varbinary':
      return new DuckDBBlobValue(value as Uint8Array);
    case 'uniqueidentifier':
      return DuckDBUUIDValue.fromUint128(BigInt(`0x${String(value).replaceAll('-', '')}`));
    default:
      return String(value);
  }
}

function micros(value: TdsValue): bigint {
  if (value === null || !isMoment(value)) throw new TypeError('no date and time');
  return BigInt(value.days - unixEpochDays) * microsPerDay + BigInt(Math.round(value.ticks / 10));
}

/** 100 nanoseconds since the year 1. */
function ticks(value: TdsValue): bigint {
  if (value === null || !isMoment(value)) throw new TypeError('no date and time');
  return BigInt(value.days) * ticksPerDay + BigInt(value.ticks);
}

/** A DuckDB value of a declared type as the wire has it, where its number stands for a time (`types/sql-type.ts`). */
export function fromStored(value: DuckDBValue, type: SqlType | undefined, stored: DuckDBType): TdsValue {
  if (value === null || !type || typeof value !== 'bigint') return fromDuckDB(value, stored);
  if (type.name === 'datetimeoffset' && stored.typeId === DuckDBTypeId.HUGEINT)
    return { ...ticked(value / 2048n), offsetMinutes: Number(value % 2048n) - 1024 };
  if (!isExact(type) || stored.typeId !== DuckDBTypeId.BIGINT) return fromDuckDB(value, stored);
  return type.name === 'time' ? { days: 0, ticks: Number(value) } : ticked(value);
}

function ticked(value: bigint): { days: number; ticks: number } {
  return { days: Number(value / ticksPerDay), ticks: Number(value % ticksPerDay) };
}

/** A DuckDB value as the wire has it. */
export function fromDuckDB(value: DuckDBValue, type: DuckDBType): TdsValue {
  if (value === null) return null;
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.BIGINT:
      return value as number | bigint | boolean;
    case DuckDBTypeId.UINTEGER:
      return BigInt(value as number);
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
      return { unscaled: value as bigint, scale: 0 };
    case DuckDBTypeId.DECIMAL: {
      const decimal = value as DuckDBDecimalValue;
      return { unscaled: decimal.value, scale: decimal.scale };
    }
    case DuckDBTypeId.DATE:
      return { days: (value as DuckDBDateValue).days + unixEpochDays, ticks: 0 };
    case DuckDBTypeId.TIME:
      return { days: 0, ticks: Number((value as DuckDBTimeValue).micros) * 10 };
    case DuckDBTypeId.TIMESTAMP:
      return momentOf((value as DuckDBTimestampValue).micros);
    case DuckDBTypeId.TIMESTAMP_TZ:
      return { ...momentOf((value as DuckDBTimestampTZValue).micros), offsetMinutes: 0 };
    case DuckDBTypeId.BLOB:
      return Uint8Array.from((value as DuckDBBlobValue).bytes);
    case DuckDBTypeId.UUID:
      return String(value).toUpperCase();
    default:
      return String(value);
  }
}

export function momentOf(microseconds: bigint): { days: number; ticks: number } {
  let days = microseconds / microsPerDay;
  if (microseconds % microsPerDay < 0n) days -= 1n;
  return { days: Number(days) + unixEpochDays, ticks: Number(microseconds - days * microsPerDay) * 10 };
}

/** The declared type for a DuckDB type when the translator did not know one. */
export function declaredType(type: DuckDBType): SqlType {
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return { name: 'bit' };
    case DuckDBTypeId.UTINYINT:
      return { name: 'tinyint' };
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
      return { name: 'smallint' };
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.INTEGER:
      return { name: 'int' };
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.BIGINT:
      return { name: 'bigint' };
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
      return { name: 'decimal', precision: 38, scale: 0 };
    case DuckDBTypeId.FLOAT:
      return { name: 'real' };
    case DuckDBTypeId.DOUBLE:
      return { name: 'float' };
    case DuckDBTypeId.DECIMAL: {
      const decimal = type as DuckDBType & { width: number; scale: number };
      return { name: 'decimal', precision: decimal.width, scale: decimal.scale };
    }
    case DuckDBTypeId.DATE:
      return { name: 'date' };
    case DuckDBTypeId.TIME:
      return { name: 'time', scale: 6 };
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
      return { name: 'datetime2', scale: 6 };
    case DuckDBTypeId.TIMESTAMP_TZ:
      return { name: 'datetimeoffset', scale: 7 };
    case DuckDBTypeId.BLOB:
      return { name: 'varbinary', length: -1 };
    case DuckDBTypeId.UUID:
      return { name: 'uniqueidentifier' };
    case DuckDBTypeId.SQLNULL:
      return { name: 'int' };
    default:
      return { name: 'nvarchar', length: -1 };
  }
}
