import { errors } from '../../errors/catalogue.js';
import { notSupported, SqlError, syntaxError } from '../../errors/sql-error.js';
import { combine } from '../../types/combine.js';
import {
  datetime2,
  decimal,
  familyOf,
  float,
  int,
  max,
  nvarchar,
  type SqlType,
  storageType,
  varchar,
} from '../../types/sql-type.js';
import type { Condition, Expression, LoopExpression } from '../ast.js';
import { notBuiltVariables } from '../functions/not-built.js';
import { translateArithmetic } from './arithmetic.js';
import { translateCall } from './call.js';
import { castTo } from './cast.js';
import { translateCondition } from './condition.js';
import { atZone } from './moment.js';
import { subqueryValue } from './query.js';
import { quoteName, quoteText } from './quote.js';
import { Scope } from './scope.js';
import type { Translation } from './translation.js';
import type { Typed } from './typed.js';

const conditionKinds: ReadonlySet<Expression['kind']> = new Set([
  'comparison',
  'quantified',
  'and',
  'or',
  'not',
  'between',
  'inList',
  'inQuery',
  'like',
  'isNull',
  'distinctFrom',
  'exists',
] as const);

export function isCondition(expression: Expression): expression is Condition {
  return conditionKinds.has(expression.kind);
}

/** The DuckDB text of a value. @throws SqlError 156-like for a condition where a value has to stand */
export function translateValue(expression: Expression, scope: Scope, translation: Translation): Typed {
  const translated = translatePlain(expression, scope, translation);
  const grouped = scope.groupKeys.get(translated.sql);
  return grouped === undefined ? translated : { sql: grouped, type: translated.type };
}

function translatePlain(expression: Expression, scope: Scope, translation: Translation): Typed {
  const value = (inner: Expression): Typed => translateValue(inner, scope, translation);
  switch (expression.kind) {
    case 'null':
      return { sql: 'NULL', type: int, constant: null };
    case 'default':
      throw syntaxError('DEFAULT', 0);
    case 'number':
      return numberLiteral(expression.text);
    case 'string': {
      const { text, national } = expression;
      if (text.includes('\0')) throw notSupported('the character U+0000 in text');
      const type = national ? nvarchar(text.length || 1) : varchar(text.length || 1);
      return { sql: quoteText(text), type, constant: text };
    }
    case 'binary': {
      const hex = expression.hex.length % 2 === 1 ? `0${expression.hex}` : expression.hex;
      return { sql: `from_hex('${hex}')`, type: { name: 'varbinary', length: hex.length / 2 || 1 } };
    }
    case 'variable': {
      if (expression.name.startsWith('@@')) {
        const name = expression.name.toUpperCase();
        const found = translation.source.systemVariable(name);
        const hint = notBuiltVariables[name];
        if (!found && hint) throw notSupported(name, expression.line, hint);
        if (!found) throw errors.undeclaredVariable(expression.name, expression.line);
        translation.momentary = true;
        return found;
      }
      const { position, type } = translation.parameter(expression.name, expression.line);
      return { sql: `CAST(${position} AS ${storageType(type)})`, type };
    }
    case 'column':
      return scope.column(expression.name, expression.line);
    case 'plus':
      return value(expression.operand);
    case 'negate': {
      const operand = value(expression.operand);
      if (typeof operand.constant === 'number')
        return { sql: `(-${operand.sql})`, type: operand.type, constant: -operand.constant };
      if (operand.type?.name === 'tinyint')
        return { sql: `(-CAST(${operand.sql} AS SMALLINT))`, type: { name: 'smallint' } };
      if (operand.type && castableToNumber(operand.type)) return { sql: `(-${castTo(operand, int).sql})`, type: int };
      return { sql: `(-${operand.sql})`, type: operand.type };
    }
    case 'complement': {
      const operand = value(expression.operand);
      if (operand.type?.name === 'bit') return { sql: `(NOT ${operand.sql})`, type: operand.type };
      return { sql: `(~${operand.sql})`, type: operand.type };
    }
    case 'binaryOperation':
      return translateArithmetic(expression.operator, value(expression.left), value(expression.right));
    case 'case':
      return translateCase(expression, scope, translation);
    case 'cast':
      return castTo(value(expression.value), expression.type, { attempt: expression.attempt, explicit: true });
    case 'convert': {
      const style = expression.style ? value(expression.style).constant : undefined;
      if (expression.style && typeof style !== 'number')
        throw notSupported('a style of CONVERT that is not a constant');
      return castTo(value(expression.value), expression.type, {
        attempt: expression.attempt,
        explicit: true,
        style: typeof style === 'number' ? style : undefined,
      });
    }
    case 'call':
      return translateCall(expression, scope, translation);
    case 'subquery':
      return subqueryValue(expression.query, scope, translation);
    case 'loop':
      return translateLoop(expression, scope, translation);
    case 'collate': {
      const operand = value(expression.value);
      const name = expression.collation.toUpperCase();
      if (name === 'DATABASE_DEFAULT' || /_CI_AS/.test(name)) return operand;
      if (/_BIN2?(_|$)|_CS_AS/.test(name)) return { ...operand, sql: `(${operand.sql} COLLATE "binary")` };
      throw notSupported(`the collation ${expression.collation}`);
    }
    case 'atTimeZone': {
      const operand = value(expression.value);
      const { constant } = value(expression.zone);
      if (typeof constant !== 'string') throw notSupported('AT TIME ZONE with a zone that is not a constant');
      const family = operand.type && familyOf(operand.type);
      const moment = !operand.type || family === 'string' || family === 'date' ? castTo(operand, datetime2) : operand;
      const scale =
        moment.type?.scale ?? (moment.type?.name === 'datetime' ? 3 : moment.type?.name === 'smalldatetime' ? 0 : 7);
      return { sql: atZone(moment, constant), type: { name: 'datetimeoffset', scale } };
    }
    case 'star':
      throw syntaxError('*', 0);
    default:
      throw new SqlError(
        4145,
        'A search condition stands where a value is expected; write CASE WHEN … THEN 1 ELSE 0 END.',
        { severity: 15 },
      );
  }
}

/** A loop is a recursive table with a row for each turn; the last row has the value. */
function translateLoop(loop: LoopExpression, scope: Scope, translation: Translation): Typed {
  const inner = new Scope(scope);
  const table = inner.add(
    `$loop${translation.freshName()}`,
    loop.variables.map(({ name, type }) => ({ name, type })),
  );
  const alias = quoteName(table.alias);
  const typed = (value: Expression, index: number, within: Scope) =>
    castTo(translateValue(value, within, translation), loop.variables[index]!.type, { explicit: true }).sql;
  const starts = loop.variables.map(({ start }, index) => typed(start, index, scope));
  const steps = loop.steps.map((step, index) => typed(step, index, inner));
  const condition = translateCondition(loop.condition, inner, translation);
  const names = loop.variables.map(({ name }) => quoteName(name));
  const sql = `(WITH RECURSIVE ${alias}("$turn", ${names.join(', ')}) AS (SELECT 0, ${starts.join(', ')} UNION ALL SELECT "$turn" + 1, ${steps.join(', ')} FROM ${alias} WHERE ${condition}) SELECT ${names[loop.result]} FROM ${alias} ORDER BY "$turn" DESC LIMIT 1)`;
  return { sql, type: loop.variables[loop.result]!.type };
}

function castableToNumber(type: SqlType): boolean {
  return type.name === 'varchar' || type.name === 'nvarchar' || type.name === 'bit';
}

/** Whole numbers are int when they fit, otherwise decimal (not bigint); with a point decimal, with an exponent float. */
function numberLiteral(text: string): Typed {
  if (text.startsWith('$')) return { sql: `CAST('${text.slice(1)}' AS DECIMAL(19,4))`, type: { name: 'money' } };
  if (/e/i.test(text)) return { sql: `CAST(${text} AS DOUBLE)`, type: float, constant: Number(text) };
  const [whole = '', fraction] = text.split('.');
  const digits = whole.replace(/^0+/, '');
  if (fraction === undefined) {
    const value = BigInt(text);
    if (value <= 2_147_483_647n) return { sql: `${value}`, type: int, constant: Number(value) };
    if (digits.length > 38)
      throw new SqlError(
        1007,
        `The number '${text}' is out of the range for numeric representation (maximum precision 38).`,
        { severity: 15 },
      );
    return { sql: `CAST(${value} AS DECIMAL(${digits.length},0))`, type: decimal(digits.length, 0) };
  }
  const precision = Math.max(1, digits.length + fraction.length);
  if (precision > 38)
    throw new SqlError(
      1007,
      `The number '${text}' is out of the range for numeric representation (maximum precision 38).`,
      { severity: 15 },
    );
  const sql = `CAST('${whole || '0'}.${fraction || '0'}' AS DECIMAL(${precision},${fraction.length}))`;
  return { sql, type: decimal(precision, fraction.length) };
}

/** The common type of several values; literals NULL have no say. */
export function commonType(values: readonly Typed[]): SqlType | undefined {
  let result: SqlType | undefined;
  let first = true;
  for (const value of values) {
    if (value.constant === null) continue;
    result = first ? value.type : combine(result, value.type);
    first = false;
    if (!result) return undefined;
  }
  return first ? int : result;
}

export function unify(values: readonly Typed[]): {
  readonly type: SqlType | undefined;
  readonly sql: readonly string[];
} {
  const type = commonType(values);
  return { type, sql: values.map((value) => (type ? convertIfNeeded(value, type).sql : value.sql)) };
}

/** Implicit conversion; nothing where the storage is the same already. */
export function convertIfNeeded(value: Typed, type: SqlType): Typed {
  if (value.constant === null) return { sql: 'NULL', type, constant: null };
  if (!value.type) return value;
  if (storageType(value.type) === storageType(type) && value.type.name === type.name) return value;
  if (
    storageType(value.type) === 'VARCHAR' &&
    storageType(type) === 'VARCHAR' &&
    type.name !== 'char' &&
    type.name !== 'nchar'
  )
    return { ...value, type };
  return castTo(
    value,
    type.name === 'char' || type.name === 'varchar' || type.name === 'nvarchar' || type.name === 'nchar'
      ? {
          ...type,
          length: max,
          name: type.name === 'nchar' ? 'nvarchar' : type.name === 'char' ? 'varchar' : type.name,
        }
      : type,
  );
}

function translateCase(
  expression: Extract<Expression, { kind: 'case' }>,
  scope: Scope,
  translation: Translation,
): Typed {
  const conditions = expression.branches.map((branch) =>
    expression.operand
      ? translateCondition(
          { kind: 'comparison', operator: '=', left: expression.operand, right: branch.when },
          scope,
          translation,
        )
      : translateCondition(branch.when, scope, translation),
  );
  const results = expression.branches.map((branch) => translateValue(branch.result, scope, translation));
  if (expression.otherwise) results.push(translateValue(expression.otherwise, scope, translation));
  const { type, sql } = unify(results);
  const branches = conditions.map((condition, index) => `WHEN ${condition} THEN ${sql[index]}`);
  const otherwise = expression.otherwise ? ` ELSE ${sql.at(-1)}` : '';
  return { sql: `CASE ${branches.join(' ')}${otherwise} END`, type };
}
