import { notSupported, SqlError } from '../../errors/sql-error.js';
import { combine, decimalResult } from '../../types/combine.js';
import {
  decimal,
  decimalShape,
  familyOf,
  int,
  isNational,
  max,
  type SqlType,
  storageType,
} from '../../types/sql-type.js';
import type { BinaryOperator } from '../ast.js';
import { castTo } from './cast.js';
import { macro } from './quote.js';
import type { Typed } from './typed.js';

/** `+ - * / % & | ^` with Transact-SQL's types. */
export function translateArithmetic(operator: BinaryOperator, left: Typed, right: Typed): Typed {
  if (!left.type || !right.type) {
    if (operator === '+') return { sql: macro('add', left.sql, right.sql), type: undefined };
    if (operator === '/') return { sql: macro('divide', left.sql, right.sql), type: undefined };
    if (operator === '^') return { sql: `xor(${left.sql}, ${right.sql})`, type: undefined };
    return { sql: `(${left.sql} ${operator} ${right.sql})`, type: undefined };
  }
  if (left.constant === null && right.constant !== null) return withNull(operator, right);
  if (right.constant === null) return withNull(operator, left);
  const families = [familyOf(left.type), familyOf(right.type)];
  const type = combine(left.type, right.type)!;
  const family = familyOf(type);
  if (family === 'string' && operator === '+') return concatenate(left, right);
  if (family === 'binary' && operator === '+' && families[0] === families[1])
    return { sql: `(${left.sql} || ${right.sql})`, type: { name: 'varbinary', length: max } };
  if (families.includes('moment') || families.includes('date') || families.includes('time'))
    return momentArithmetic(operator, left, right);
  if (family === 'string' && operator !== '&' && operator !== '|' && operator !== '^')
    throw new SqlError(8117, `Operand data type ${type.name} is invalid for ${words[operator]} operator.`);
  if (family === 'guid' || family === 'string' || family === 'binary')
    throw new SqlError(
      402,
      `The data types ${left.type.name} and ${right.type.name} are incompatible in the ${words[operator]} operator.`,
    );
  if (operator === '&' || operator === '|' || operator === '^') return bitwise(operator, left, right, type);
  if (family === 'float') {
    const a = castTo(left, { name: 'float' }).sql;
    const b = castTo(right, { name: 'float' }).sql;
    const result: SqlType = type.name === 'real' ? { name: 'real' } : { name: 'float' };
    const wrap = (sql: string): Typed => ({
      sql: result.name === 'real' ? `CAST(${sql} AS FLOAT)` : sql,
      type: result,
    });
    if (operator === '/') return wrap(macro('divide_float', a, b));
    if (operator === '%') throw notSupported('% with float', 0, 'Cast to decimal first.');
    return wrap(macro('finite', `${a} ${operator} ${b}`));
  }
  if (family === 'decimal') return decimalArithmetic(operator, left, right, type);
  const whole: SqlType = type.name === 'bit' ? int : type;
  return integerArithmetic(operator, castTo(left, whole).sql, castTo(right, whole).sql, whole);
}

const words: Record<BinaryOperator, string> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
  '&': "'&'",
  '|': "'|'",
  '^': "'^'",
};

function withNull(operator: BinaryOperator, other: Typed): Typed {
  const type = other.type ?? int;
  const result = operator === '+' || !isTextual(type) ? type : int;
  return { sql: `CAST(NULL AS ${storageType(result)})`, type: result, constant: null };
}

function isTextual(type: SqlType): boolean {
  return familyOf(type) === 'string';
}

function concatenate(left: Typed, right: Typed): Typed {
  const a = left.type!;
  const b = right.type!;
  const national = isNational(a) || isNational(b);
  const limit = national ? 4000 : 8000;
  const total = a.length === max || b.length === max ? max : Math.min(limit, (a.length ?? 1) + (b.length ?? 1));
  const sql = `(${left.sql} || ${right.sql})`;
  // Without (max) nothing grows over the limit: the rest is cut off.
  const over = total !== max && (a.length ?? 1) + (b.length ?? 1) > limit;
  return {
    sql: over ? `left(${sql}, ${limit})` : sql,
    type: { name: national ? 'nvarchar' : 'varchar', length: total },
  };
}

function integerArithmetic(operator: BinaryOperator, a: string, b: string, type: SqlType): Typed {
  // DuckDB widens what T-SQL does not: the result goes back to the type, or overflows.
  const narrow = (sql: string): Typed => ({ sql: `CAST(${sql} AS ${storageType(type)})`, type });
  if (operator === '/') return narrow(macro('divide_integer', a, b));
  if (operator === '%') return narrow(macro('modulo', a, b));
  if (type.name === 'tinyint' || type.name === 'smallint')
    return narrow(`(CAST(${a} AS BIGINT) ${operator} CAST(${b} AS BIGINT))`);
  return { sql: `(${a} ${operator} ${b})`, type };
}

/** An integer literal counts only the digits it has. */
function shape(value: Typed): SqlType {
  if (typeof value.constant === 'number' && familyOf(value.type!) === 'integer')
    return decimal(String(Math.abs(value.constant)).length, 0);
  const { precision, scale } = decimalShape(value.type!);
  return decimal(precision, scale);
}

function decimalArithmetic(operator: BinaryOperator, left: Typed, right: Typed, type: SqlType): Typed {
  if (operator === '&' || operator === '|' || operator === '^')
    throw new TypeError('bitwise operators are not decimal');
  const money = type.name === 'money' || type.name === 'smallmoney';
  const a = shape(left);
  const b = shape(right);
  const result = money ? type : decimalResult(operator, a, b);
  const storage = storageType(result);
  const x = castTo(left, a).sql;
  const y = castTo(right, b).sql;
  switch (operator) {
    case '+':
    case '-': {
      const wide = `CAST(${x} AS ${storage}) ${operator} CAST(${y} AS ${storage})`;
      return { sql: `CAST(${wide} AS ${storage})`, type: result };
    }
    case '*':
      return { sql: `CAST(${x} * ${y} AS ${storage})`, type: result };
    case '%':
      return { sql: `CAST(${macro('modulo', x, y)} AS ${storage})`, type: result };
    case '/': {
      // The quotient by whole numbers, cut after the last digit: DuckDB would divide as DOUBLE.
      const shift = (result.scale ?? 4) - a.scale! + b.scale!;
      const unscaled = (sql: string, of: SqlType) => {
        const factor = `CAST(1e${of.scale} AS DECIMAL(${of.scale! + 1},0))`;
        if (of.precision! + of.scale! <= 38) return `CAST(${sql} * ${factor} AS HUGEINT)`;
        // In two parts: the whole of it has more digits than a decimal of DuckDB.
        return `(CAST(trunc(${sql}) AS HUGEINT) * CAST(1e${of.scale} AS HUGEINT) + CAST((${sql} - trunc(${sql})) * ${factor} AS HUGEINT))`;
      };
      const numerator =
        shift >= 0
          ? `${unscaled(x, a)} * CAST(1e${shift} AS HUGEINT)`
          : `${unscaled(x, a)} // CAST(1e${-shift} AS HUGEINT)`;
      const quotient = macro('divide_integer', numerator, unscaled(y, b));
      const unit = `CAST('1e-${result.scale ?? 4}' AS DECIMAL(38,${result.scale ?? 4}))`;
      return { sql: `CAST(CAST(${quotient} AS DECIMAL(38,0)) * ${unit} AS ${storage})`, type: result };
    }
  }
}

function bitwise(operator: '&' | '|' | '^', left: Typed, right: Typed, type: SqlType): Typed {
  if (familyOf(type) === 'decimal' || familyOf(type) === 'float')
    throw new SqlError(
      402,
      `The data types ${left.type!.name} and ${right.type!.name} are incompatible in the '${operator}' operator.`,
    );
  const whole = type.name === 'bit' ? int : type;
  const a = castTo(left, whole).sql;
  const b = castTo(right, whole).sql;
  const sql = operator === '^' ? `xor(${a}, ${b})` : `(${a} ${operator} ${b})`;
  return type.name === 'bit' ? { sql: `(${sql} <> 0)`, type } : { sql, type: whole };
}

/** datetime and smalldatetime take numbers as days; the newer types take none. */
function momentArithmetic(operator: BinaryOperator, left: Typed, right: Typed): Typed {
  const old = (type: SqlType) => type.name === 'datetime' || type.name === 'smalldatetime';
  const a = left.type!;
  const b = right.type!;
  const bad = new SqlError(
    402,
    `The data types ${a.name} and ${b.name} are incompatible in the ${words[operator]} operator.`,
  );
  if (operator !== '+' && operator !== '-') throw bad;
  const numeric = (type: SqlType) => ['integer', 'decimal', 'float', 'bit', 'string'].includes(familyOf(type));
  if ((old(a) && (old(b) || numeric(b))) || (old(b) && numeric(a))) {
    const type: SqlType = { name: 'datetime' };
    const days = (value: Typed) =>
      old(value.type!)
        ? macro('days_since_1900', value.sql)
        : familyOf(value.type!) === 'string'
          ? macro('days_since_1900', castTo(value, type).sql)
          : castTo(value, { name: 'float' }).sql;
    return { sql: macro('days_after_1900', `${days(left)} ${operator} ${days(right)}`), type };
  }
  const [fresh, other] = old(a) || numeric(a) ? [b, a] : [a, b];
  if (numeric(other) && familyOf(other) !== 'string')
    throw new SqlError(206, `Operand type clash: ${fresh.name} is incompatible with ${other.name}`, { state: 2 });
  throw bad;
}
