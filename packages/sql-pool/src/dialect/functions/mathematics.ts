import { notSupported } from '../../errors/sql-error.js';
import { decimal, decimalShape, familyOf, float, int, type SqlType, storageType } from '../../types/sql-type.js';
import { castTo } from '../translate/cast.js';
import { macro } from '../translate/quote.js';
import type { Typed } from '../translate/typed.js';
import type { ScalarFunction } from './function.js';
import { floatOf, intOf } from './function.js';

function floating(name: string): ScalarFunction {
  return ({ value }) => ({ sql: `${name}(${floatOf(value(0))})`, type: float });
}

/** ABS, CEILING and FLOOR keep the type of numbers; text becomes float. */
function keeping(name: string, whole: boolean): ScalarFunction {
  return ({ value }) => {
    const source = numeric(value(0));
    if (!source.type) return { sql: `${name}(${source.sql})`, type: undefined };
    const family = familyOf(source.type);
    const type: SqlType =
      family === 'decimal' && whole && source.type.name === 'decimal'
        ? decimal(decimalShape(source.type).precision, 0)
        : source.type;
    return { sql: `CAST(${name}(${source.sql}) AS ${storageType(type)})`, type };
  };
}

function numeric(value: Typed): Typed {
  if (!value.type) return value;
  const family = familyOf(value.type);
  if (family === 'bit') return castTo(value, int);
  return family === 'string' ? castTo(value, float) : value;
}

const round: ScalarFunction = ({ arguments: list, value }) => {
  const source = numeric(value(0));
  const digits = intOf(value(1));
  const cut = list.length > 2 && value(2).constant !== 0;
  if (!source.type) throw notSupported('ROUND of a value whose type is not known');
  const family = familyOf(source.type);
  if (family === 'float')
    return {
      sql: cut ? macro('cut_float', source.sql, digits) : macro('round_float', source.sql, digits),
      type: float,
    };
  const places = value(1).constant;
  if (typeof places !== 'number')
    throw notSupported('ROUND of an exact number with a length that is not a constant', 0, 'Cast to float first.');
  if (family === 'integer') {
    if (places >= 0) return source;
    return {
      sql: `CAST(${macro(cut ? 'cut_whole' : 'round_whole', `CAST(${source.sql} AS BIGINT)`, `CAST(1e${-places} AS BIGINT)`)} AS ${storageType(source.type)})`,
      type: source.type,
    };
  }
  const { precision, scale } = decimalShape(source.type);
  if (places >= scale) return source;
  if (cut) {
    if (places < 0) throw notSupported('ROUND with a negative length and truncation');
    return {
      sql: `CAST(trunc(${source.sql} * CAST(1e${places} AS DECIMAL(${places + 1},0))) / 1e${places} AS ${storageType(source.type)})`,
      type: source.type,
    };
  }
  if (places < 0) {
    // 748.58 rounded to thousands is 1000.00: one digit more than the type says, which decimal has to take.
    const type =
      source.type.name === 'decimal' || source.type.name === 'numeric'
        ? decimal(Math.min(38, precision + 1), scale)
        : source.type;
    return {
      sql: `CAST(${macro('round_whole', `CAST(round(${source.sql}) AS HUGEINT)`, `CAST(1e${-places} AS HUGEINT)`)} AS ${storageType(type)})`,
      type,
    };
  }
  if (places >= 0)
    return {
      sql: `CAST(CAST(${source.sql} AS DECIMAL(${precision},${places})) AS ${storageType(source.type)})`,
      type: source.type,
    };
  return {
    sql: `CAST(${macro('round_whole', `CAST(round(${source.sql}) AS HUGEINT)`, `CAST(1e${-places} AS HUGEINT)`)} AS ${storageType(source.type)})`,
    type: source.type,
  };
};

/** Mathematical functions by upper-case name. */
export const mathematics: Readonly<Record<string, ScalarFunction>> = {
  ABS: keeping('abs', false),
  CEILING: keeping('ceil', true),
  FLOOR: keeping('floor', true),
  ROUND: round,
  SIGN: ({ value }) => {
    const source = numeric(value(0));
    return {
      sql: `CAST(sign(${source.sql}) AS ${source.type ? storageType(source.type) : 'INTEGER'})`,
      type: source.type ?? int,
    };
  },
  POWER: ({ value }) => {
    const base = numeric(value(0));
    const sql = `pow(${floatOf(base)}, ${floatOf(value(1))})`;
    if (!base.type || familyOf(base.type) === 'float') return { sql, type: float };
    const type =
      familyOf(base.type) === 'decimal' && base.type.name !== 'money' && base.type.name !== 'smallmoney'
        ? decimal(38, decimalShape(base.type).scale)
        : base.type;
    return {
      sql:
        familyOf(type) === 'integer'
          ? `CAST(trunc(${sql}) AS ${storageType(type)})`
          : `CAST(${sql} AS ${storageType(type)})`,
      type,
    };
  },
  SQRT: ({ value }) => ({ sql: macro('square_root', floatOf(value(0))), type: float }),
  SQUARE: ({ value }) => ({ sql: `pow(${floatOf(value(0))}, 2)`, type: float }),
  EXP: floating('exp'),
  LOG: ({ arguments: list, value }) =>
    list.length > 1
      ? {
          sql: `(${macro('natural_log', floatOf(value(0)))} / ${macro('natural_log', floatOf(value(1)))})`,
          type: float,
        }
      : { sql: macro('natural_log', floatOf(value(0))), type: float },
  LOG10: ({ value }) => ({ sql: `log10(${macro('positive', floatOf(value(0)))})`, type: float }),
  SIN: floating('sin'),
  COS: floating('cos'),
  TAN: floating('tan'),
  COT: floating('cot'),
  ASIN: floating('asin'),
  ACOS: floating('acos'),
  ATAN: floating('atan'),
  ATN2: ({ value }) => ({ sql: `atan2(${floatOf(value(0))}, ${floatOf(value(1))})`, type: float }),
  DEGREES: floating('degrees'),
  RADIANS: floating('radians'),
  PI: () => ({ sql: 'pi()', type: float }),
  // One number for all rows of a query; a seed that is a column gives each row that of its own.
  RAND: ({ arguments: list, value, translation }) => {
    const [first] = list;
    const known = first?.kind === 'variable' ? translation.source.constant(first.name) : undefined;
    const seed = first && known === undefined ? value(0).constant : known;
    if (first && typeof seed !== 'number') return { sql: macro('seeded', intOf(value(0))), type: float };
    if (typeof seed === 'number' && seed < 0) throw notSupported('RAND with a seed below zero');
    const found = translation.source.fact('RAND', typeof seed === 'number' ? [Math.trunc(seed)] : []);
    translation.momentary = true;
    return { sql: `CAST(${found?.constant ?? 0} AS DOUBLE)`, type: float };
  },
};
