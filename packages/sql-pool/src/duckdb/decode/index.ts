import { TypeId, type TypeInfo } from '@crossview/tds-wire';
import { decimalShape, isExact, type SqlType, storageType } from '../../types/sql-type.js';
import { storedBytes } from '../encode/decimal-encoder.js';
import type { ColumnDecoder } from './column-decoder.js';
import { DateDecoder, MomentDecoder } from './moment-decoder.js';
import { BitDecoder, DecimalDecoder, GuidDecoder, MoneyDecoder, PlainDecoder } from './number-decoder.js';
import { TextDecoder } from './text-decoder.js';
import { TickDecoder } from './tick-decoder.js';
import { ValueDecoder } from './value-decoder.js';

/** The fastest decoder from how the wire has a column to how DuckDB keeps the type. */
export function columnDecoder(type: TypeInfo, sqlType: SqlType): ColumnDecoder {
  const storage = storageType(sqlType);
  switch (storage) {
    case 'BOOLEAN':
      return new BitDecoder(type);
    case 'UTINYINT':
      return new PlainDecoder(type, 1);
    case 'SMALLINT':
      return new PlainDecoder(type, 2);
    case 'INTEGER':
      return type.id === TypeId.null ? new ValueDecoder(type, sqlType) : new PlainDecoder(type, 4);
    case 'BIGINT':
      return isExact(sqlType) ? new TickDecoder(type) : new PlainDecoder(type, 8);
    case 'HUGEINT':
      return new TickDecoder(type);
    case 'FLOAT':
      return new PlainDecoder(type, 4);
    case 'DOUBLE':
      return new PlainDecoder(type, 8);
    case 'DATE':
      return new DateDecoder(type);
    case 'TIME':
    case 'TIMESTAMP':
      return new MomentDecoder(type);
    case 'UUID':
      return new GuidDecoder(type);
    case 'VARCHAR':
    case 'BLOB':
      return new TextDecoder(type);
    default: {
      if (!storage.startsWith('DECIMAL')) return new ValueDecoder(type, sqlType);
      const stored = storedBytes(decimalShape(sqlType).precision);
      return sqlType.name === 'money' || sqlType.name === 'smallmoney'
        ? new MoneyDecoder(type, stored)
        : new DecimalDecoder(type, stored);
    }
  }
}
