import { notSupported, SqlError } from '../../errors/sql-error.js';
import { combine } from '../../types/combine.js';
import { familyOf, isString, type SqlType } from '../../types/sql-type.js';
import type { ComparisonOperator, Expression } from '../ast.js';
import { convertIfNeeded, isCondition, translateValue } from './expression.js';
import { binaryOrder, keyText, orderKey } from './key.js';
import { likePattern } from './like.js';
import { translateQuery } from './query.js';
import { macro } from './quote.js';
import type { Scope } from './scope.js';
import type { Translation } from './translation.js';
import type { Typed } from './typed.js';

/** The DuckDB text of a search condition. @throws SqlError 4145 when a value stands there */
export function translateCondition(expression: Expression, scope: Scope, translation: Translation): string {
  const condition = (inner: Expression): string => translateCondition(inner, scope, translation);
  const value = (inner: Expression): Typed => translateValue(inner, scope, translation);
  if (!isCondition(expression))
    throw new SqlError(
      4145,
      'An expression of non-boolean type specified in a context where a condition is expected.',
      { severity: 15 },
    );
  const not = 'negated' in expression && expression.negated ? 'NOT ' : '';
  switch (expression.kind) {
    case 'distinctFrom': {
      const [left, right] = [value(expression.left), value(expression.right)];
      const type =
        left.constant === null ? right.type : right.constant === null ? left.type : combine(left.type, right.type);
      return `(${comparable(left, type)} IS ${not}DISTINCT FROM ${comparable(right, type)})`;
    }
    case 'and':
      return `(${condition(expression.left)} AND ${condition(expression.right)})`;
    case 'or':
      return `(${condition(expression.left)} OR ${condition(expression.right)})`;
    case 'not':
      return `(NOT ${condition(expression.operand)})`;
    case 'comparison':
      return compare(expression.operator, value(expression.left), value(expression.right));
    case 'between': {
      const subject = value(expression.value);
      const low = compare('>=', subject, value(expression.low));
      const high = compare('<=', subject, value(expression.high));
      return `(${not}(${low} AND ${high}))`;
    }
    case 'inList': {
      const subject = value(expression.value);
      const items = expression.items.map(value);
      const type = [subject, ...items].reduce<SqlType | undefined>(
        (all, item) => (item.constant === null ? all : combine(all ?? item.type, item.type)),
        subject.type,
      );
      const [first, ...rest] = [subject, ...items].map((item) => comparable(item, type));
      return `(${first} ${not}IN (${rest.join(', ')}))`;
    }
    case 'inQuery': {
      const subject = value(expression.value);
      const query = translateQuery(expression.query, scope, translation);
      if (query.columns.length !== 1) throw oneColumn();
      const inner = query.columns[0]!;
      const type = combine(subject.type, inner.type);
      const name = translation.freshName();
      const column = comparable({ sql: `"${name}".c`, type: inner.type }, type);
      return `(${comparable(subject, type)} ${not}IN (SELECT ${column} FROM (${query.sql}) AS "${name}"(c)))`;
    }
    case 'quantified': {
      const subject = value(expression.left);
      const query = translateQuery(expression.query, scope, translation);
      if (query.columns.length !== 1) throw oneColumn();
      const type = combine(subject.type, query.columns[0]!.type);
      const name = translation.freshName();
      const inner = { sql: `"${name}".c`, type: query.columns[0]!.type };
      const [own, column] = sides(expression.operator, type, subject, inner);
      return `(${own} ${expression.operator} ${expression.quantifier.toUpperCase()} (SELECT ${column} FROM (${query.sql}) AS "${name}"(c)))`;
    }
    case 'like':
      return `(${not}${likePattern(value(expression.value), value(expression.pattern), expression.escape && value(expression.escape))})`;
    case 'isNull':
      return `(${value(expression.value).sql} IS ${not}NULL)`;
    case 'exists':
      return `EXISTS (${translateQuery(expression.query, scope, translation).sql})`;
  }
}

function oneColumn(): SqlError {
  return new SqlError(
    116,
    'Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.',
  );
}

export function compare(operator: ComparisonOperator, left: Typed, right: Typed): string {
  const type =
    left.constant === null ? right.type : right.constant === null ? left.type : combine(left.type, right.type);
  if (type && (type.name === 'varbinary' || type.name === 'binary') && (isString(left.type) || isString(right.type)))
    throw notSupported('comparing text with binary');
  clash(left, right);
  return `(${sides(operator, type, left, right).join(` ${operator} `)})`;
}

/** Both sides of a comparison; which text comes first is told by the collation's order. */
function sides(operator: ComparisonOperator, type: SqlType | undefined, ...values: readonly Typed[]): string[] {
  const sorted =
    isString(type) && !/^(=|<>|!=)$/.test(operator) && !values.some(({ sql }) => sql.endsWith(binaryOrder));
  return values.map((value) => (sorted ? orderKey(convertIfNeeded(value, type!)) : comparable(value, type)));
}

/** Dates and times other than datetime know no numbers. @throws SqlError 206 */
function clash(left: Typed, right: Typed): void {
  if (!left.type || !right.type || left.constant === null || right.constant === null) return;
  const fresh = (type: SqlType) => ['date', 'time', 'datetime2', 'datetimeoffset'].includes(type.name);
  const number = (type: SqlType) => ['integer', 'decimal', 'float', 'bit'].includes(familyOf(type));
  if ((fresh(left.type) && number(right.type)) || (number(left.type) && fresh(right.type)))
    throw new SqlError(206, `Operand type clash: ${left.type.name} is incompatible with ${right.type.name}`, {
      state: 2,
    });
}

/** Converted to the common type; text without its trailing blanks, which Transact-SQL does not compare. */
export function comparable(value: Typed, type: SqlType | undefined): string {
  const converted = type ? convertIfNeeded(value, type) : value;
  if (type?.name === 'datetimeoffset') return keyText(converted);
  if (!isString(type)) return converted.sql;
  if (typeof value.constant === 'string')
    return value.constant.endsWith(' ')
      ? `'${value.constant.replace(/ +$/, '').replaceAll("'", "''")}'`
      : converted.sql;
  return macro('unpadded', converted.sql);
}
