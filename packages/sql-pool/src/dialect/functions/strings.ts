import { notSupported, SqlError } from '../../errors/sql-error.js';
import { bigint, familyOf, int, isNational, max, nvarchar, type SqlType, varchar } from '../../types/sql-type.js';
import { castTo } from '../translate/cast.js';
import { toRegularExpression } from '../translate/like.js';
import { macro, quoteText } from '../translate/quote.js';
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

const concat: ScalarFunction = ({ arguments: list, value }) => {
  if (list.length < 2) throw new SqlError(189, 'The concat function requires 2 to 254 arguments.', { severity: 15 });
  const texts = list.map((_, index) => textOf(value(index)));
  const national = texts.some((text) => isNational(text.type));
  const long = texts.some((text) => text.type.length === max);
  const total = texts.reduce((sum, text) => sum + (text.type.length ?? 1), 0);
  const length = long ? max : Math.min(total, national ? 4000 : 8000);
  return {
    sql: `concat(${texts.map((text) => text.sql).join(', ')})`,
    type: { name: national ? 'nvarchar' : 'varchar', length },
  };
};

const substring: ScalarFunction = ({ value }) => {
  const source = value(0);
  const start = intOf(value(1));
  const length = intOf(value(2));
  if (source.type && familyOf(source.type) === 'binary')
    return {
      sql: macro('substring_binary', source.sql, start, length),
      type: { name: 'varbinary', length: source.type.length ?? max },
    };
  const text = textOf(source);
  return { sql: macro('substring_', text.sql, start, length), type: variable(text.type) };
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

const patIndex: ScalarFunction = ({ value }) => {
  const pattern = value(0);
  if (typeof pattern.constant !== 'string') throw notSupported('PATINDEX with a pattern that is not a constant');
  let text = pattern.constant;
  const open = text.startsWith('%');
  const close = text.length > 1 && text.endsWith('%');
  text = text.slice(open ? 1 : 0, close ? -1 : undefined);
  const expression = `(?is)${open ? '' : '^'}${toRegularExpression(text, undefined)}${close ? '' : '$'}`;
  return { sql: macro('pattern_index', textOf(value(1)).sql, quoteText(expression)), type: int };
};

const format: ScalarFunction = ({ value }) => {
  const source = value(0);
  const pattern = value(1);
  if (typeof pattern.constant !== 'string') throw notSupported('FORMAT with a format that is not a constant');
  const family = source.type && familyOf(source.type);
  if (family === 'date' || family === 'moment') {
    const strftime = dateFormat(pattern.constant);
    return { sql: `strftime(CAST(${source.sql} AS TIMESTAMP), ${quoteText(strftime)})`, type: nvarchar(4000) };
  }
  if (family === 'integer' || family === 'decimal' || family === 'float') {
    const found = /^([NFDnfd])(\d*)$/.exec(pattern.constant);
    if (found) {
      const kind = found[1]!.toUpperCase();
      const digits = found[2] === '' ? (kind === 'D' ? 0 : 2) : Number(found[2]);
      if (kind === 'D')
        return { sql: macro('padded_integer', `CAST(${source.sql} AS BIGINT)`, String(digits)), type: nvarchar(4000) };
      return {
        sql: `format('{:${kind === 'N' ? ',' : ''}.${digits}f}', round(CAST(${source.sql} AS DOUBLE), ${digits}))`,
        type: nvarchar(4000),
      };
    }
    if (/^0+$/.test(pattern.constant))
      return {
        sql: macro('padded_integer', `CAST(round(${source.sql}) AS BIGINT)`, String(pattern.constant.length)),
        type: nvarchar(4000),
      };
  }
  throw notSupported(`FORMAT(…, '${pattern.constant}')`, 0, 'Use CONVERT with a style.');
};

const netToStrftime: Readonly<Record<string, string>> = {
  yyyy: '%Y',
  yy: '%y',
  MMMM: '%B',
  MMM: '%b',
  MM: '%m',
  M: '%-m',
  dddd: '%A',
  ddd: '%a',
  dd: '%d',
  d: '%-d',
  HH: '%H',
  H: '%-H',
  hh: '%I',
  h: '%-I',
  mm: '%M',
  m: '%-M',
  ss: '%S',
  s: '%-S',
  fff: '%g',
  ffffff: '%f',
  tt: '%p',
};

function dateFormat(pattern: string): string {
  if (pattern === 'd') return '%-m/%-d/%Y';
  if (pattern === 'D') return '%A, %B %-d, %Y';
  return pattern.replaceAll(/'([^']*)'|([A-Za-z])\2*|%/g, (part: string, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted.replaceAll('%', '%%');
    if (part === '%') return '%%';
    const found = netToStrftime[part];
    if (!found) {
      if (part === 'T' || part === 'Z') return part;
      throw notSupported(`the date format '${part}' in FORMAT`);
    }
    return found;
  });
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
  LTRIM: same((text) => `ltrim(${text}, ' ')`),
  RTRIM: same((text) => `rtrim(${text}, ' ')`),
  TRIM: same((text) => `trim(${text}, ' ')`),
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
    return { sql: macro('replicate_', text.sql, intOf(value(1))), type: widest(text.type) };
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
    const text = textOf(value(0)).sql;
    if (quote === "'" || quote === '"')
      return {
        sql: macro('quote_name', text, quoteText(String(quote)), quoteText(String(quote))),
        type: nvarchar(258),
      };
    return { sql: macro('quote_name', text, "'['", "']'"), type: nvarchar(258) };
  },
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
      sql: `translate(${text.sql}, ${textOf(value(1)).sql}, ${textOf(value(2)).sql})`,
      type: variable(text.type),
    };
  },
  FORMAT: format,
  STRING_ESCAPE: ({ value }) => ({
    sql: `replace(replace(${textOf(value(0)).sql}, '\\', '\\\\'), '"', '\\"')`,
    type: nvarchar(9999),
  }),
  HASHBYTES: ({ value }) => {
    const algorithm = value(0).constant;
    const source = value(1);
    if (typeof algorithm !== 'string') throw notSupported('HASHBYTES with an algorithm that is not a constant');
    const bytes =
      source.type && familyOf(source.type) === 'binary'
        ? source.sql
        : source.type && isNational(source.type)
          ? macro('utf16_bytes', source.sql)
          : `encode(${textOf(source).sql})`;
    const functions: Readonly<Record<string, string>> = { MD5: 'md5', SHA1: 'sha1', SHA: 'sha1', SHA2_256: 'sha256' };
    const name = functions[algorithm.toUpperCase()];
    if (!name) throw notSupported(`HASHBYTES('${algorithm}', …)`, 0, 'SHA2_256, SHA1 and MD5 are there.');
    return { sql: `from_hex(${name}(${bytes}))`, type: { name: 'varbinary', length: 8000 } };
  },
};
