import { CrossviewError, type Json } from '@crossview/contracts';
import { typedValue } from './parameters.js';

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const typed: Readonly<Record<string, { pattern: RegExp; write: (value: string) => string }>> = {
  bigint: { pattern: /^-?\d+$/, write: (value) => (value.length > 18 ? `${value}BD` : `${value}L`) },
  decimal: { pattern: /^-?\d+(\.\d+)?$/, write: (value) => `${value}BD` },
  double: { pattern: /^(nan|-?inf)$/, write: (value) => `double('${value.replace('inf', 'Infinity')}')` },
  date: { pattern: /^[\d-]+$/, write: (value) => `DATE${quoted(value)}` },
  timestamp: { pattern: /^[\d\- :.+]+$/, write: (value) => `TIMESTAMP${quoted(value)}` },
};

/**
 * A value as a literal of Spark SQL. Spark's own parameters cannot stand in commands (`CREATE VIEW`, `SET`), literals can.
 * Numbers are in parentheses, because `-1` after a minus sign would begin a comment.
 * @throws CrossviewError `PARAMETER_TYPE`
 */
export function sparkLiteral(name: string, value: Json): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') return Number.isInteger(value) ? `(${value})` : `(${value.toExponential()}D)`;
  const found = typedValue(value);
  const rule = found === undefined ? undefined : typed[found.type];
  if (found && rule?.pattern.test(found.value)) return `(${rule.write(found.value)})`;
  throw new CrossviewError('PARAMETER_TYPE', `{${name}}: its value cannot stand in a SQL statement`, {
    hint: 'A parameter is a number, a text, a truth value, a date, a decimal or None.',
    facts: { name },
  });
}
