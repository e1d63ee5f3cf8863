import { notSupported, SqlError } from '../../errors/sql-error.js';
import { bigint, familyOf, int, isNational, max, nvarchar, type SqlType, varchar } from '../../types/sql-type.js';
import { castTo } from '../translate/cast.js';
import { offsetMinutes, wallTicks } from '../translate/moment.js';
import { host, macro, quoteText } from '../translate/quote.js';
import type { Typed } from '../translate/typed.js';
import { bytesOf } from './checksum.js';
import type { ScalarFunction } from './function.js';
import { intOf, textOf } from './function.js';

function same(sqlOf: (text: string) => string): ScalarFunction {
  return ({ value }) => {
    const text = textOf(value(0));
    return { sql: sqlOf(text.sql), type: variable(text.type) };
  };
}

/** char becomes varchar once a function has touched it. */
function variable(type: SqlType): SqlType {
  if (type.name === 'char') return { name: 'varchar', length: type.length ?? 1 };
  if (type.name === 'nchar') return { name: 'nvarchar', length: type.length ?? 1 };
  return type;
}

function widest(type: SqlType): SqlType {
  return {
    name: isNational(type) ? 'nvarchar' : 'varchar',
    length: type.length === max ? max : isNational(type) ? 4000 : 8000,
  };
}

/** Characters that the widest value of a type takes when CONCAT writes it. */
function printedLength({ type, constant }: Typed): number | undefined {
  if (constant === null) return 1;
  const widths: Partial<Record<SqlType['name'], number>> = { bit: 1, tinyint: 12, smallint: 12, int: 12, bigint: 24 };
  return type && widths[type.name];
}

const concat: ScalarFunction = ({ arguments: list, value }) => {
  if (list.length < 2) throw new SqlError(189, 'The concat function requires 2 to 254 arguments.', { severity: 15 });
  const values = list.map((_, index) => value(index));
  const texts = values.map(textOf);
  const national = texts.some((text) => isNational(text.type));
  const long = texts.some((text) => text.type.length === max);
  const total = values.reduce((sum, item, index) => sum + (printedLength(item) ?? texts[index]!.type.length ?? 1), 0);
  const length = long ? max : Math.min(total, national ? 4000 : 8000);
  return {
    sql: `concat(${texts.map((text) => text.sql).join(', ')})`,
    type: { name: national ? 'nvarchar' : 'varchar', length },
  };
};

const substring: ScalarFunction = ({ arguments: list, value }) => {
  const source = value(0);
  const start = intOf(value(1));
  const count = list.length > 2 ? value(2) : { sql: '2147483647', type: int, constant: 2_147_483_647 };
  const length = intOf(count);
  if (source.type && familyOf(source.type) === 'binary')
    return {
      sql: macro('substring_binary', source.sql, start, length),
      type: { name: 'varbinary', length: source.type.length ?? max },
    };
  const text = textOf(source);
  const type = variable(text.type);
  const constant = typeof count.constant === 'number' && type.length !== max && count.constant > 0;
  return {
    sql: macro('substring_', text.sql, start, length),
    type: constant ? { ...type, length: Math.min(count.constant as number, type.length ?? 1) } : type,
  };
};

const dataLength: ScalarFunction = ({ value }) => {
  const source = value(0);
  const { type } = source;
  if (!type) throw notSupported('DATALENGTH of a value whose type is not known');
  const result = type.length === max ? bigint : int;
  const wrap = (sql: string) => ({ sql: `CAST(${sql} AS ${result === int ? 'INTEGER' : 'BIGINT'})`, type: result });
  switch (familyOf(type)) {
    case 'string':
      return wrap(isNational(type) ? `${macro('utf16_length', source.sql)} * 2` : `length(${source.sql})`);
    case 'binary':
      return wrap(`octet_length(${source.sql})`);
    default: {
      const sizes: Partial<Record<SqlType['name'], number>> = {
        bit: 1,
        tinyint: 1,
        smallint: 2,
        int: 4,
        bigint: 8,
        float: 8,
        real: 4,
        money: 8,
        smallmoney: 4,
        date: 3,
        datetime: 8,
        smalldatetime: 4,
        uniqueidentifier: 16,
      };
      const precision = type.precision ?? 18;
      const time = type.scale === undefined || type.scale > 4 ? 5 : type.scale > 2 ? 4 : 3;
      const size =
        sizes[type.name] ??
        (type.name === 'decimal' || type.name === 'numeric'
          ? precision <= 9
            ? 5
            : precision <= 19
              ? 9
              : precision <= 28
                ? 13
                : 17
          : type.name === 'time'
            ? time
            : type.name === 'datetime2'
              ? time + 3
              : time + 5);
      return wrap(`CASE WHEN ${source.sql} IS NULL THEN NULL ELSE ${size} END`);
    }
  }
};

const replace: ScalarFunction = ({ value }) => {
  const [text, from, to] = [textOf(value(0)), textOf(value(1)), textOf(value(2))];
  return { sql: macro('replace_', text.sql, from.sql, to.sql), type: widest(text.type) };
};

const charIndex: ScalarFunction = ({ arguments: list, value }) => {
  const start = list.length > 2 ? intOf(value(2)) : '1';
  const within = textOf(value(1));
  const result = within.type.length === max ? bigint : int;
  return {
    sql: `CAST(${macro('char_index', textOf(value(0)).sql, within.sql, start)} AS ${result === int ? 'INTEGER' : 'BIGINT'})`,
    type: result,
  };
};

const patIndex: ScalarFunction = ({ value }) => ({
  sql: `CAST(${host('pattern_index', textOf(value(0)).sql, textOf(value(1)).sql)} AS INTEGER)`,
  type: int,
});

const format: ScalarFunction = ({ arguments: list, value }) => {
  const source = value(0);
  const pattern = textOf(value(1)).sql;
  const culture = list.length > 2 ? textOf(value(2)).sql : quoteText('en-US');
  const type = nvarchar(4000);
  const family = source.type && familyOf(source.type);
  switch (family) {
    case 'date':
    case 'moment':
    case 'time':
      return { sql: host('format_moment', wallTicks(source), offsetMinutes(source), pattern, culture), type };
    case 'integer':
    case 'decimal':
    case 'float':
      return {
        sql: host(
          'format_number',
          `CAST(${source.sql} AS VARCHAR)`,
          family === 'integer' ? '1' : '0',
          pattern,
          culture,
        ),
        type,
      };
    default:
      throw new SqlError(
        8116,
        `Argument data type ${source.type?.name ?? 'unknown'} is invalid for argument 1 of format function.`,
      );
  }
};

/** TRIM, LTRIM and RTRIM: blanks, or the characters that are given. */
function trimmed(name: 'trim' | 'ltrim' | 'rtrim'): ScalarFunction {
  return ({ arguments: list, value }) => {
    const text = textOf(value(0));
    const characters = list.length > 1 ? textOf(value(1)).sql : "' '";
    return { sql: `${name}(${text.sql}, ${characters})`, type: variable(text.type) };
  };
}

const quotes: Readonly<Record<string, readonly [string, string]>> = {
  '[': ['[', ']'],
  ']': ['[', ']'],
  '(': ['(', ')'],
  ')': ['(', ')'],
  '{': ['{', '}'],
  '}': ['{', '}'],
  '<': ['<', '>'],
  '>': ['<', '>'],
  "'": ["'", "'"],
  '"': ['"', '"'],
  '`': ['`', '`'],
};

/** Arguments as a JSON array, for host functions that take any number. */
function listText(values: readonly Typed[]): string {
  if (values.length === 0) return quoteText('[]');
  return `CAST(to_json([${values.map((value) => `to_json(${value.type && familyOf(value.type) === 'string' ? textOf(value).sql : value.constant === null ? 'NULL' : value.sql})`).join(', ')}]) AS VARCHAR)`;
}

/** String functions by upper-case name. */
export const strings: Readonly<Record<string, ScalarFunction>> = {
  LEN: ({ value }) => {
    const text = textOf(value(0));
    const result = text.type.length === max ? bigint : int;
    return {
      sql: `CAST(${macro('utf16_length', macro('unpadded', text.sql))} AS ${result === int ? 'INTEGER' : 'BIGINT'})`,
      type: result,
    };
  },
  DATALENGTH: dataLength,
  UPPER: same((text) => `upper(${text})`),
  LOWER: same((text) => `lower(${text})`),
  LTRIM: trimmed('ltrim'),
  RTRIM: trimmed('rtrim'),
  TRIM: trimmed('trim'),
  REVERSE: same((text) => `reverse(${text})`),
  LEFT: ({ value }) => {
    const text = textOf(value(0));
    const count = value(1);
    const length =
      typeof count.constant === 'number' && text.type.length !== max
        ? Math.max(1, Math.min(count.constant, text.type.length ?? 1))
        : (text.type.length ?? 1);
    return { sql: macro('left_', text.sql, intOf(count)), type: { ...variable(text.type), length } };
  },
  RIGHT: ({ value }) => {
    const text = textOf(value(0));
    return { sql: macro('right_', text.sql, intOf(value(1))), type: variable(text.type) };
  },
  SUBSTRING: substring,
  CONCAT: concat,
  CONCAT_WS: ({ arguments: list, value }) => ({
    sql: `concat_ws(${list.map((_, index) => textOf(value(index)).sql).join(', ')})`,
    type: nvarchar(4000),
  }),
  REPLACE: replace,
  REPLICATE: ({ value }) => {
    const text = textOf(value(0));
    const type = widest(text.type);
    const repeated = macro('replicate_', text.sql, intOf(value(1)));
    return { sql: type.length === max ? repeated : `left(${repeated}, ${type.length})`, type };
  },
  SPACE: ({ value }) => ({ sql: macro('replicate_', "' '", intOf(value(0))), type: varchar(8000) }),
  STUFF: ({ value }) => {
    const text = textOf(value(0));
    return {
      sql: macro('stuff_', text.sql, intOf(value(1)), intOf(value(2)), textOf(value(3)).sql),
      type: widest(text.type),
    };
  },
  CHARINDEX: charIndex,
  PATINDEX: patIndex,
  CHAR: ({ value }) => ({ sql: macro('char_', intOf(value(0))), type: { name: 'char', length: 1 } }),
  NCHAR: ({ value }) => ({ sql: `chr(${intOf(value(0))})`, type: { name: 'nchar', length: 1 } }),
  ASCII: ({ value }) => ({ sql: `CAST(ascii(nullif(${textOf(value(0)).sql}, '')) AS INTEGER)`, type: int }),
  UNICODE: ({ value }) => ({ sql: `CAST(unicode(nullif(${textOf(value(0)).sql}, '')) AS INTEGER)`, type: int }),
  QUOTENAME: ({ arguments: list, value }) => {
    const quote = list.length > 1 ? value(1).constant : '[';
    if (typeof quote !== 'string') throw notSupported('QUOTENAME with a quote that is not a constant');
    const pair = quotes[quote === '' ? '[' : quote[0]!];
    const type = nvarchar(258);
    if (!pair) return { sql: 'CAST(NULL AS VARCHAR)', type };
    return { sql: macro('quote_name', textOf(value(0)).sql, quoteText(pair[0]), quoteText(pair[1])), type };
  },
  PARSENAME: ({ value }) => ({
    sql: host('parse_name', textOf(value(0)).sql, `CAST(${intOf(value(1))} AS BIGINT)`),
    type: nvarchar(128),
  }),
  SOUNDEX: ({ value }) => ({ sql: host('soundex', textOf(value(0)).sql), type: varchar(4) }),
  DIFFERENCE: ({ value }) => ({
    sql: `CAST(${host('difference', textOf(value(0)).sql, textOf(value(1)).sql)} AS INTEGER)`,
    type: int,
  }),
  FORMATMESSAGE: ({ arguments: list, value }) => ({
    sql: host('format_message', textOf(value(0)).sql, listText(list.slice(1).map((_, index) => value(index + 1)))),
    type: nvarchar(2047),
  }),
  $PARSE_NUMBER: ({ value }) => ({
    sql: `coalesce(${host('parse_number', textOf(value(0)).sql, textOf(value(1)).sql)}, ${textOf(value(0)).sql})`,
    type: nvarchar(4000),
  }),
  STR: ({ arguments: list, value }) => {
    const number = castTo(value(0), { name: 'float' }).sql;
    const length = list.length > 1 ? intOf(value(1)) : '10';
    const digits = list.length > 2 ? value(2).constant : 0;
    if (typeof digits !== 'number') throw notSupported('STR with decimals that are not a constant');
    return { sql: macro('str_', `format('{:.${digits}f}', round(${number}, ${digits}))`, length), type: varchar(8000) };
  },
  TRANSLATE: ({ value }) => {
    const text = textOf(value(0));
    return {
      sql: host('translate', text.sql, textOf(value(1)).sql, textOf(value(2)).sql),
      type: variable(text.type),
    };
  },
  FORMAT: format,
  STRING_ESCAPE: ({ value }) => {
    const kind = value(1).constant;
    if (typeof kind !== 'string' || kind.toLowerCase() !== 'json')
      throw new SqlError(10737, "In the STRING_ESCAPE function only the type 'json' is allowed.", { severity: 15 });
    return { sql: host('escape_json', textOf(value(0)).sql), type: nvarchar(9999) };
  },
  HASHBYTES: ({ value }) => ({
    sql: host('hash_bytes', textOf(value(0)).sql, bytesOf(value(1))),
    type: { name: 'varbinary', length: 8000 },
  }),
};
