import { decimal, decimalShape, familyOf, isNational, max, type SqlType, type SqlTypeName } from './sql-type.js';

/** Transact-SQL "Data type precedence", lowest first. */
const precedence: readonly SqlTypeName[] = [
  'binary',
  'varbinary',
  'char',
  'varchar',
  'nchar',
  'nvarchar',
  'uniqueidentifier',
  'bit',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'smallmoney',
  'money',
  'decimal',
  'numeric',
  'real',
  'float',
  'time',
  'date',
  'smalldatetime',
  'datetime',
  'datetime2',
  'datetimeoffset',
];

/** The type of CASE, COALESCE, UNION and comparisons over two types: the higher precedence, wide enough for both. */
export function combine(left: SqlType | undefined, right: SqlType | undefined): SqlType | undefined {
  if (!left || !right) return undefined;
  const higher = precedence.indexOf(left.name) >= precedence.indexOf(right.name) ? left : right;
  const lower = higher === left ? right : left;
  const family = familyOf(higher);
  if (family === 'string' && familyOf(lower) === 'string') {
    const length = left.length === max || right.length === max ? max : Math.max(left.length ?? 1, right.length ?? 1);
    const fixed =
      (higher.name === 'char' || higher.name === 'nchar') && left.name === right.name && left.length === right.length;
    if (fixed) return higher;
    return { name: isNational(higher) ? 'nvarchar' : 'varchar', length };
  }
  if (family === 'binary' && familyOf(lower) === 'binary') {
    const length = left.length === max || right.length === max ? max : Math.max(left.length ?? 1, right.length ?? 1);
    return { name: left.name === right.name && left.length === right.length ? left.name : 'varbinary', length };
  }
  if (higher.name === 'decimal' || higher.name === 'numeric') {
    if (familyOf(lower) !== 'integer' && familyOf(lower) !== 'decimal' && familyOf(lower) !== 'bit') return higher;
    const a = decimalShape(left);
    const b = decimalShape(right);
    const scale = Math.max(a.scale, b.scale);
    const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
    return boundedDecimal(whole + scale, scale, whole);
  }
  if (higher.name === 'datetime2' || higher.name === 'datetimeoffset' || higher.name === 'time')
    return { ...higher, scale: Math.max(higher.scale ?? 7, lower.scale ?? (lower.name === 'datetime' ? 3 : 0)) };
  return higher;
}

/** A decimal of at most 38 digits: digits before the point are kept, those after it give way. */
function boundedDecimal(precision: number, scale: number, whole: number): SqlType {
  if (precision <= 38) return decimal(precision, scale);
  return decimal(38, Math.max(0, 38 - whole));
}

/** The result of `+ - * / %` over two decimals (Transact-SQL "Precision, scale, and length"). */
export function decimalResult(operator: '+' | '-' | '*' | '/' | '%', left: SqlType, right: SqlType): SqlType {
  const a = decimalShape(left);
  const b = decimalShape(right);
  switch (operator) {
    case '+':
    case '-': {
      const scale = Math.max(a.scale, b.scale);
      const whole = Math.max(a.precision - a.scale, b.precision - b.scale) + 1;
      return reduced(whole + scale, scale);
    }
    case '*':
      return reduced(a.precision + b.precision + 1, a.scale + b.scale);
    case '/': {
      const scale = Math.max(6, a.scale + b.precision + 1);
      return reduced(a.precision - a.scale + b.scale + scale, scale);
    }
    case '%': {
      const scale = Math.max(a.scale, b.scale);
      return reduced(Math.min(a.precision - a.scale, b.precision - b.scale) + scale, scale);
    }
  }
}

/** Over 38 digits the scale shrinks, to no less than 6. */
function reduced(precision: number, scale: number): SqlType {
  if (precision <= 38) return decimal(Math.max(precision, 1), scale);
  const whole = precision - scale;
  if (whole < 32) return decimal(38, 38 - whole);
  return decimal(38, Math.min(scale, 6));
}
