import { notSupported, SqlError } from '../../errors/sql-error.js';
import {
  datetime,
  decimalShape,
  familyOf,
  isExact,
  isNational,
  max,
  type SqlType,
  storageType,
} from '../../types/sql-type.js';
import { offsetMinutes, timeTicks, utcTicks, wallClock, wallTicks } from './moment.js';
import { momentLiteral } from './moment-literal.js';
import { fractionStyles, momentText, timeText } from './moment-text.js';
import { host, macro, quoteText } from './quote.js';
import type { Typed } from './typed.js';

export interface CastOptions {
  /** TRY_CAST: NULL where CAST fails. */
  readonly attempt?: boolean;
  /** CAST cuts long text silently; an implicit conversion keeps it, for the assignment to judge. */
  readonly explicit?: boolean;
  readonly style?: number | undefined;
}

/** Converts a value to a type as Transact-SQL does. Unknown source types are left to DuckDB's CAST. */
export function castTo(value: Typed, target: SqlType, options: CastOptions = {}): Typed {
  const { attempt = false } = options;
  if (value.constant === null) return { sql: `CAST(NULL AS ${storageType(target)})`, type: target, constant: null };
  const cast = attempt ? 'TRY_CAST' : 'CAST';
  const plain = (sql = value.sql): Typed => ({ sql: `${cast}(${sql} AS ${storageType(target)})`, type: target });
  const { type } = value;
  const to = familyOf(target);
  if (!type) return to === 'string' ? bounded(plain(), target, options) : plain();
  const from = familyOf(type);
  if (to === 'string') return toText(value, type, target, options);
  switch (from) {
    case 'string':
      return fromText(value, target, options);
    case 'bit':
      if (to === 'date' || to === 'time' || to === 'guid' || to === 'moment') throw clash(type, target);
      if (to === 'binary') throw notSupported('bit to binary');
      if (to === 'decimal' || to === 'float') return plain(`CAST(${value.sql} AS INTEGER)`);
      return to === 'bit' ? { ...value, type: target } : plain();
    case 'integer':
      if (to === 'date' || to === 'time' || to === 'guid') throw clash(type, target);
      if (to === 'moment') return moved({ sql: macro('days_after_1900', value.sql), type: datetime }, target);
      if (to === 'binary')
        return sized(
          {
            sql: macro(
              'integer_to_binary',
              `CAST(${value.sql} AS BIGINT)`,
              String(type.name === 'bigint' ? 8 : type.name === 'int' ? 4 : type.name === 'smallint' ? 2 : 1),
            ),
            type: undefined,
          },
          target,
          'left',
        );
      return plain();
    case 'decimal':
    case 'float':
      if (to === 'date' || to === 'time' || to === 'guid') throw clash(type, target);
      if (to === 'moment')
        return moved({ sql: macro('days_after_1900', `CAST(${value.sql} AS DOUBLE)`), type: datetime }, target);
      if (to === 'integer')
        return from === 'decimal' && decimalShape(type).scale === 0 ? plain() : plain(`trunc(${value.sql})`);
      if (to === 'bit') return { sql: `(${value.sql} <> 0)`, type: target };
      if (to === 'binary') throw notSupported(`${type.name} to ${target.name}`);
      return plain();
    case 'date':
      if (to === 'date') return { ...value, type: target };
      if (to === 'moment') return moved(value, target);
      throw clash(type, target);
    case 'time':
      if (to === 'time' || to === 'moment') return moved(value, target);
      throw clash(type, target);
    case 'moment':
      if (to === 'date' || to === 'time' || to === 'moment') return moved(value, target);
      if (to === 'float' || to === 'integer' || to === 'decimal') {
        if (type.name !== 'datetime' && type.name !== 'smalldatetime') throw clash(type, target);
        return { sql: `${cast}(${macro('days_since_1900', value.sql)} AS ${storageType(target)})`, type: target };
      }
      throw clash(type, target);
    case 'binary':
      if (to === 'binary') return sized(value, target, 'right');
      if (to === 'integer')
        return { sql: `${cast}(${macro('binary_to_integer', value.sql)} AS ${storageType(target)})`, type: target };
      if (to === 'guid') throw notSupported('binary to uniqueidentifier');
      throw clash(type, target);
    case 'guid':
      if (to === 'guid') return { ...value, type: target };
      throw clash(type, target);
  }
}

/** Bytes cut and, for binary(n), filled with zeros to their length: numbers on the left, all else on the right. */
function sized(value: Typed, target: SqlType, side: 'left' | 'right'): Typed {
  const length = target.length ?? 1;
  const known = value.type && familyOf(value.type) === 'binary' ? value.type.length : undefined;
  const fits = known !== undefined && known !== max && known <= length;
  if (length === max || (fits && target.name === 'varbinary')) return { ...value, type: target };
  const digits = String(length * 2);
  const cut = side === 'left' ? `right(hex(${value.sql}), ${digits})` : `left(hex(${value.sql}), ${digits})`;
  const filled = target.name === 'binary' ? `${side === 'left' ? 'lpad' : 'rpad'}(${cut}, ${digits}, '0')` : cut;
  return { sql: `from_hex(${filled})`, type: target };
}

function clash(from: SqlType, to: SqlType): SqlError {
  return new SqlError(529, `Explicit conversion from data type ${from.name} to ${to.name} is not allowed.`);
}

/** Digits of a second's fraction that a type has. */
function digitsOf(type: SqlType): number {
  if (type.name === 'datetime') return 3;
  return type.name === 'date' || type.name === 'smalldatetime' ? 0 : (type.scale ?? 7);
}

/** A date, time or moment as another one, rounded to its digits; datetime keeps 1/300 s, smalldatetime minutes. */
function moved(value: Typed, target: SqlType): Typed {
  const from = value.type!;
  const known = (sql: string): Typed => ({ sql, type: target });
  const digits = digitsOf(target);
  const rounds = digitsOf(from) > digits;
  const round = (ticks: string) => (rounds ? macro('round_ticks', ticks, String(10 ** (7 - digits))) : ticks);
  switch (target.name) {
    case 'date':
      return known(`CAST(${wallClock(value)} AS DATE)`);
    case 'datetime':
      return known(
        from.name === 'datetime' || from.name === 'smalldatetime' ? value.sql : macro('to_datetime', wallClock(value)),
      );
    case 'smalldatetime':
      return known(from.name === 'smalldatetime' ? value.sql : macro('to_smalldatetime', wallClock(value)));
    case 'time': {
      if (from.name === 'time' && !rounds && isExact(from) === isExact(target)) return known(value.sql);
      const ticks = round(from.name === 'time' ? timeTicks(value) : `(${wallTicks(value)} % 864000000000)`);
      // What is rounded up to midnight is midnight.
      if (isExact(target)) return known(ticks);
      return known(rounds ? macro('time_of', ticks) : `CAST(${wallClock(value)} AS TIME)`);
    }
    case 'datetimeoffset':
      if (from.name !== 'datetimeoffset') return known(macro('offset_value', round(wallTicks(value)), '0'));
      return known(rounds ? macro('offset_value', round(utcTicks(value)), offsetMinutes(value)) : value.sql);
    default:
      if (isExact(target)) return known(wallTicks(value));
      return known(rounds ? macro('moment_of', round(wallTicks(value))) : wallClock(value));
  }
}

function fromText(value: Typed, target: SqlType, options: CastOptions): Typed {
  if (typeof value.constant === 'string') {
    const literal = momentLiteral(value.constant, target, options.style ?? 0);
    if (literal !== undefined) return { sql: literal, type: target };
  }
  const sql = value.sql;
  const name = quoteText(value.type!.name);
  const pick = (attemptSql: string, strictSql: string): Typed => ({
    sql: options.attempt ? attemptSql : strictSql,
    type: target,
  });
  const storage = storageType(target);
  const failure = (parsed: string, number: number, text: string) =>
    `CASE WHEN ${sql} IS NULL THEN NULL ELSE coalesce(${parsed}, error(${quoteText(`§${number}§${text}`)})) END`;
  switch (familyOf(target)) {
    case 'integer': {
      const parsed = `TRY_CAST(${macro('integer_text', sql)} AS ${storage})`;
      return pick(
        parsed,
        `CASE WHEN ${sql} IS NULL THEN NULL ELSE coalesce(${parsed}, CAST(${macro('integer_error', sql, name, quoteText(target.name))} AS ${storage})) END`,
      );
    }
    case 'bit':
      return pick(macro('try_bit', sql), macro('to_bit', sql, name));
    case 'decimal':
    case 'float': {
      const money = target.name === 'money' || target.name === 'smallmoney';
      const reading = money ? 'money_text' : familyOf(target) === 'float' ? 'number_text' : 'exact_text';
      const parsed = `TRY_CAST(${macro(reading, sql)} AS ${storage})`;
      const shown = target.name === 'decimal' || target.name === 'numeric' ? 'numeric' : target.name;
      const text = money
        ? 'Cannot convert a char value to money. The char value has incorrect syntax.'
        : `Error converting data type ${value.type!.name} to ${shown}.`;
      return pick(parsed, failure(parsed, money ? 235 : 8114, text));
    }
    case 'date': {
      const parsed = `CAST(${macro('parse_moment', sql, String(options.style ?? 0))} AS DATE)`;
      return pick(
        parsed,
        failure(parsed, 241, 'Conversion failed when converting date and/or time from character string.'),
      );
    }
    case 'time': {
      const parsed = macro('parse_time_ticks', sql, String(options.style ?? 0));
      const strict = failure(parsed, 241, 'Conversion failed when converting date and/or time from character string.');
      return moved({ sql: options.attempt ? parsed : strict, type: { name: 'time', scale: 7 } }, target);
    }
    case 'moment': {
      if (target.name === 'datetimeoffset' || target.name === 'datetime2') {
        const reading = target.name === 'datetime2' ? 'parse_ticks' : 'parse_offset';
        const parsed = macro(reading, sql, String(options.style ?? 0));
        const strict = failure(
          parsed,
          241,
          'Conversion failed when converting date and/or time from character string.',
        );
        return moved({ sql: options.attempt ? parsed : strict, type: { name: target.name, scale: 7 } }, target);
      }
      const parsed = macro('parse_moment', sql, String(options.style ?? 0));
      const strict = `CASE WHEN ${sql} IS NULL THEN NULL ELSE coalesce(${parsed}, ${macro('no_moment', sql, name, quoteText(target.name))}) END`;
      return moved({ sql: options.attempt ? parsed : strict, type: { name: 'datetime2', scale: 6 } }, target);
    }
    case 'guid': {
      const parsed = `TRY_CAST(left(trim(${sql}, '{} '), 36) AS UUID)`;
      return pick(
        parsed,
        failure(parsed, 8169, 'Conversion failed when converting from a character string to uniqueidentifier.'),
      );
    }
    case 'binary':
      if (options.style === 1 || options.style === 2)
        return sized(
          { sql: `from_hex(${options.style === 1 ? `substr(${sql}, 3)` : sql})`, type: undefined },
          target,
          'right',
        );
      return sized(
        { sql: macro(isNational(value.type!) ? 'utf16_bytes' : 'latin1_bytes', sql), type: undefined },
        target,
        'right',
      );
    case 'string':
      throw new TypeError('text to text is no conversion');
  }
}

function toText(value: Typed, type: SqlType, target: SqlType, options: CastOptions): Typed {
  const sql = value.sql;
  const text = (expression: string): Typed => bounded({ sql: expression, type: target }, target, options);
  switch (familyOf(type)) {
    case 'string': {
      const fits =
        target.length === max ||
        (type.length !== undefined && type.length !== max && type.length <= (target.length ?? 1));
      const fixed = target.name === 'char' || target.name === 'nchar';
      if (fits && !fixed) return { ...value, type: target };
      return text(sql);
    }
    case 'bit':
      return text(`CASE ${sql} WHEN true THEN '1' WHEN false THEN '0' END`);
    case 'integer':
      return shortened(`CAST(${sql} AS VARCHAR)`, type, target, options);
    case 'decimal':
      if (type.name !== 'money' && type.name !== 'smallmoney')
        return shortened(`CAST(${sql} AS VARCHAR)`, type, target, options);
      return text(
        type.name === 'money' || type.name === 'smallmoney'
          ? macro('money_to_text', sql, String(options.style ?? 0))
          : `CAST(${sql} AS VARCHAR)`,
      );
    case 'float':
      return text(
        macro(
          type.name === 'real' ? 'real_to_text' : 'float_to_text',
          `CAST(${sql} AS DOUBLE)`,
          String(options.style ?? 0),
        ),
      );
    case 'date':
      return text(momentText(value, type, options.style ?? 23));
    case 'time': {
      const { style } = options;
      if (style === 0 || style === 100) return text(macro('time_style_0', wallClock(value)));
      return text(
        style === undefined || fractionStyles[style] !== undefined ? timeText(value) : momentText(value, type, style),
      );
    }
    case 'moment':
      return text(
        momentText(value, type, options.style ?? (type.name === 'datetime' || type.name === 'smalldatetime' ? 0 : 121)),
      );
    case 'guid':
      return text(`upper(CAST(${sql} AS VARCHAR))`);
    case 'binary':
      if (options.style === 1) return text(`'0x' || hex(${sql})`);
      if (options.style === 2) return text(`hex(${sql})`);
      if (isNational(target)) return text(host('decode', sql, '1'));
      return text(host('decode', sql, '0'));
  }
}

/** Numbers are never cut: those that do not fit become a star (int to varchar) or an error. */
function shortened(sql: string, type: SqlType, target: SqlType, options: CastOptions): Typed {
  const length = target.length ?? 1;
  const widest: Partial<Record<SqlType['name'], number>> = { tinyint: 3, smallint: 6, int: 11, bigint: 20 };
  const most = widest[type.name] ?? decimalShape(type).precision + 3;
  if (length === max || length >= most || !options.explicit) return bounded({ sql, type: target }, target, options);
  const star = familyOf(type) === 'integer' && type.name !== 'bigint' && !isNational(target);
  const shown = type.name === 'decimal' ? 'numeric' : type.name === 'numeric' ? 'numeric' : 'expression';
  const otherwise = star
    ? "'*'"
    : options.attempt
      ? 'NULL'
      : `error('§8115§Arithmetic overflow error converting ${shown} to data type ${target.name}.')`;
  return bounded(
    { sql: `CASE WHEN length(${sql}) > ${length} THEN ${otherwise} ELSE ${sql} END`, type: target },
    target,
    options,
  );
}

/** Cuts (explicit) and pads to the declared length. */
function bounded(value: Typed, target: SqlType, options: CastOptions): Typed {
  const length = target.length ?? 1;
  if (length === max) return { sql: value.sql, type: target };
  let sql = value.sql;
  if (options.explicit) sql = `left(${sql}, ${length})`;
  if (target.name === 'char' || target.name === 'nchar') sql = macro('pad', sql, String(length));
  return { sql, type: target };
}
