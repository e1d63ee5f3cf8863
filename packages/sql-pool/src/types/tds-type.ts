import { decimalBytes, TypeId, type TypeInfo, typeInfo, unlimited } from '@crossview/tds-wire';
import { decimal, decimalShape, max, nvarchar, type SqlType, varchar } from './sql-type.js';

/** How a type goes over the wire: always the nullable form. */
export function toTypeInfo(type: SqlType): TypeInfo {
  switch (type.name) {
    case 'bit':
      return typeInfo(TypeId.bitN, { length: 1 });
    case 'tinyint':
      return typeInfo(TypeId.intN, { length: 1 });
    case 'smallint':
      return typeInfo(TypeId.intN, { length: 2 });
    case 'int':
      return typeInfo(TypeId.intN, { length: 4 });
    case 'bigint':
      return typeInfo(TypeId.intN, { length: 8 });
    case 'decimal':
    case 'numeric': {
      const { precision, scale } = decimalShape(type);
      const id = type.name === 'decimal' ? TypeId.decimalN : TypeId.numericN;
      return typeInfo(id, { length: decimalBytes(precision) + 1, precision, scale });
    }
    case 'money':
      return typeInfo(TypeId.moneyN, { length: 8, precision: 19, scale: 4 });
    case 'smallmoney':
      return typeInfo(TypeId.moneyN, { length: 4, precision: 10, scale: 4 });
    case 'float':
      return typeInfo(TypeId.floatN, { length: 8 });
    case 'real':
      return typeInfo(TypeId.floatN, { length: 4 });
    case 'date':
      return typeInfo(TypeId.dateN);
    case 'time':
      return typeInfo(TypeId.timeN, { scale: type.scale ?? 7 });
    case 'datetime':
      return typeInfo(TypeId.datetimeN, { length: 8 });
    case 'smalldatetime':
      return typeInfo(TypeId.datetimeN, { length: 4 });
    case 'datetime2':
      return typeInfo(TypeId.datetime2N, { scale: type.scale ?? 7 });
    case 'datetimeoffset':
      return typeInfo(TypeId.datetimeOffsetN, { scale: type.scale ?? 7 });
    case 'char':
      return typeInfo(TypeId.bigChar, { length: type.length ?? 1 });
    case 'varchar':
      return typeInfo(TypeId.bigVarChar, { length: type.length === max ? unlimited : (type.length ?? 1) || 1 });
    case 'nchar':
      return typeInfo(TypeId.nChar, { length: (type.length ?? 1) * 2 });
    case 'nvarchar':
      return typeInfo(TypeId.nVarChar, { length: type.length === max ? unlimited : ((type.length ?? 1) || 1) * 2 });
    case 'binary':
      return typeInfo(TypeId.bigBinary, { length: type.length ?? 1 });
    case 'varbinary':
      return typeInfo(TypeId.bigVarBinary, { length: type.length === max ? unlimited : (type.length ?? 1) || 1 });
    case 'uniqueidentifier':
      return typeInfo(TypeId.guid, { length: 16 });
  }
}

/** The declared type that a client's TYPE_INFO means. */
export function fromTypeInfo(type: TypeInfo): SqlType {
  const { id, length, precision, scale } = type;
  switch (id) {
    case TypeId.bit:
    case TypeId.bitN:
      return { name: 'bit' };
    case TypeId.tinyint:
      return { name: 'tinyint' };
    case TypeId.smallint:
      return { name: 'smallint' };
    case TypeId.int:
    case TypeId.null:
      return { name: 'int' };
    case TypeId.bigint:
      return { name: 'bigint' };
    case TypeId.intN:
      return { name: length === 1 ? 'tinyint' : length === 2 ? 'smallint' : length === 4 ? 'int' : 'bigint' };
    case TypeId.decimalN:
    case TypeId.numericN:
      return decimal(precision, scale);
    case TypeId.money:
      return { name: 'money' };
    case TypeId.smallmoney:
      return { name: 'smallmoney' };
    case TypeId.moneyN:
      return { name: length === 4 ? 'smallmoney' : 'money' };
    case TypeId.real:
      return { name: 'real' };
    case TypeId.float:
      return { name: 'float' };
    case TypeId.floatN:
      return { name: length === 4 ? 'real' : 'float' };
    case TypeId.datetime:
      return { name: 'datetime' };
    case TypeId.smalldatetime:
      return { name: 'smalldatetime' };
    case TypeId.datetimeN:
      return { name: length === 4 ? 'smalldatetime' : 'datetime' };
    case TypeId.dateN:
      return { name: 'date' };
    case TypeId.timeN:
      return { name: 'time', scale };
    case TypeId.datetime2N:
      return { name: 'datetime2', scale };
    case TypeId.datetimeOffsetN:
      return { name: 'datetimeoffset', scale };
    case TypeId.guid:
      return { name: 'uniqueidentifier' };
    case TypeId.bigChar:
    case TypeId.shortChar:
      return { name: 'char', length: length || 1 };
    case TypeId.shortVarChar:
      return varchar(length || 1);
    case TypeId.shortVarBinary:
      return { name: 'varbinary', length: length || 1 };
    case TypeId.bigVarChar:
      return length === unlimited ? varchar(9999) : varchar(length || 1);
    case TypeId.text:
      return { name: 'varchar', length: max };
    case TypeId.nChar:
      return { name: 'nchar', length: length >> 1 };
    case TypeId.nVarChar:
      return length === unlimited ? nvarchar(9999) : nvarchar(length >> 1 || 1);
    case TypeId.nText:
      return { name: 'nvarchar', length: max };
    case TypeId.bigBinary:
    case TypeId.shortBinary:
      return { name: 'binary', length: length || 1 };
    case TypeId.bigVarBinary:
      return { name: 'varbinary', length: length === unlimited ? max : length || 1 };
    default:
      return { name: 'varbinary', length: max };
  }
}
