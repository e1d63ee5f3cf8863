import { max, type SqlType, type SqlTypeName } from '../../types/sql-type.js';

const collation = 'SQL_Latin1_General_CP1_CI_AS';

/** system_type_id by name (sys.types). */
const numbers: Record<SqlTypeName, number> = {
  uniqueidentifier: 36,
  date: 40,
  time: 41,
  datetime2: 42,
  datetimeoffset: 43,
  tinyint: 48,
  smallint: 52,
  int: 56,
  smalldatetime: 58,
  real: 59,
  money: 60,
  datetime: 61,
  float: 62,
  bit: 104,
  decimal: 106,
  numeric: 108,
  smallmoney: 122,
  bigint: 127,
  varbinary: 165,
  varchar: 167,
  binary: 173,
  char: 175,
  nvarchar: 231,
  nchar: 239,
};

export function typeNumber(name: SqlTypeName): number {
  return numbers[name];
}

export interface TypeShape {
  readonly bytes: number;
  readonly precision: number;
  readonly scale: number;
  readonly collation: string | null;
}

const fixed: Partial<Record<SqlTypeName, readonly [bytes: number, precision: number, scale: number]>> = {
  bit: [1, 1, 0],
  tinyint: [1, 3, 0],
  smallint: [2, 5, 0],
  int: [4, 10, 0],
  bigint: [8, 19, 0],
  money: [8, 19, 4],
  smallmoney: [4, 10, 4],
  float: [8, 53, 0],
  real: [4, 24, 0],
  date: [3, 10, 0],
  datetime: [8, 23, 3],
  smalldatetime: [4, 16, 0],
  uniqueidentifier: [16, 0, 0],
};

/** max_length, precision and scale as sys.columns shows them. */
export function typeShape(type: SqlType): TypeShape {
  const known = fixed[type.name];
  if (known) return { bytes: known[0], precision: known[1], scale: known[2], collation: null };
  const digits = type.scale ?? 7;
  const time = digits <= 2 ? 3 : digits <= 4 ? 4 : 5;
  switch (type.name) {
    case 'decimal':
    case 'numeric': {
      const precision = type.precision ?? 18;
      return {
        bytes: precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17,
        precision,
        scale: type.scale ?? 0,
        collation: null,
      };
    }
    case 'time':
      return { bytes: time, precision: digits === 0 ? 8 : 9 + digits, scale: digits, collation: null };
    case 'datetime2':
      return { bytes: time + 3, precision: digits === 0 ? 19 : 20 + digits, scale: digits, collation: null };
    case 'datetimeoffset':
      return { bytes: time + 5, precision: digits === 0 ? 26 : 27 + digits, scale: digits, collation: null };
    case 'binary':
    case 'varbinary':
      return { bytes: type.length ?? 1, precision: 0, scale: 0, collation: null };
    default: {
      const wide = type.name === 'nvarchar' || type.name === 'nchar' ? 2 : 1;
      return { bytes: type.length === max ? -1 : (type.length ?? 1) * wide, precision: 0, scale: 0, collation };
    }
  }
}

const largest: Partial<Record<SqlTypeName, SqlType>> = {
  decimal: { name: 'decimal', precision: 38, scale: 38 },
  numeric: { name: 'numeric', precision: 38, scale: 38 },
};

/** Rows of sys.types. */
export const systemTypes: readonly (TypeShape & {
  readonly name: string;
  readonly number: number;
  readonly userNumber: number;
})[] = [
  ...(Object.keys(numbers) as SqlTypeName[]).map((name) => {
    const wide = name === 'nvarchar' || name === 'nchar';
    const text = wide || name === 'varchar' || name === 'char' || name === 'binary' || name === 'varbinary';
    const shape = typeShape(largest[name] ?? (text ? { name, length: wide ? 4000 : 8000 } : { name }));
    return { ...shape, name, number: numbers[name], userNumber: numbers[name] };
  }),
  { name: 'sysname', number: 231, userNumber: 256, bytes: 256, precision: 0, scale: 0, collation },
];
