import { type Column, type ColumnKind, sparkTypeName } from '@crossview/columns';
import { CrossviewError, type SynapseFilter, type SynapseLiteral } from '@crossview/contracts';
import { identifier, likePattern, literal, plainLiteral } from '../tsql/quote.js';

/** Turns a literal's text into T-SQL; the text is checked, so that only a value of the type can come out. */
const literals: Partial<Record<ColumnKind, { readonly form: RegExp; readonly write: (text: string) => string }>> = {
  boolean: { form: /^(true|false)$/i, write: (text) => (text.toLowerCase() === 'true' ? '1' : '0') },
  byte: { form: /^-?\d{1,3}$/, write: (text) => text },
  short: { form: /^-?\d{1,5}$/, write: (text) => text },
  integer: { form: /^-?\d{1,10}$/, write: (text) => text },
  long: { form: /^-?\d{1,19}$/, write: (text) => `CAST(${plainLiteral(text)} AS bigint)` },
  decimal: { form: /^-?\d{1,38}(\.\d{1,38})?$/, write: (text) => text },
  float: { form: /^-?\d+(\.\d+)?(E-?\d+)?$/i, write: (text) => `CAST(${plainLiteral(text)} AS real)` },
  double: { form: /^-?\d+(\.\d+)?(E-?\d+)?$/i, write: (text) => `CAST(${plainLiteral(text)} AS float)` },
  date: { form: /^\d{4}-\d\d-\d\d$/, write: (text) => `CAST(${plainLiteral(text)} AS date)` },
  timestamp: {
    form: /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?$/,
    write: (text) => `CAST(${plainLiteral(text.replace('T', ' '))} AS datetime2(7))`,
  },
  string: { form: /^[^\0]*$/, write: literal },
};

function refuse(reason: string): CrossviewError {
  return new CrossviewError('FILTER_INVALID', `A filter cannot be pushed to the pool: ${reason}.`, {
    hint: 'This is a fault of Crossview; cache the frame or filter after select("*") meanwhile.',
  });
}

/** A predicate over the columns of the frame, whose expressions in the pool are `expressions`. */
export function predicate(
  filter: SynapseFilter,
  columns: readonly Column[],
  expression: (column: Column) => string,
): string {
  const column = (name: string): Column => {
    const found = columns.find((candidate) => candidate.name === name);
    if (found === undefined) throw refuse(`there is no column "${name}"`);
    return found;
  };
  const value = (of: Column, { value: text }: SynapseLiteral): string => {
    const rule = literals[of.type.kind];
    if (rule === undefined || !rule.form.test(text))
      throw refuse(`a value of column "${of.name}" is no ${sparkTypeName(of.type)}`);
    return rule.write(text);
  };
  const like = (of: Column, { value: text }: SynapseLiteral, before: string, after: string): string =>
    `${expression(of)} LIKE ${literal(`${before}${likePattern(text)}${after}`)} ESCAPE ${plainLiteral('\\')}`;
  const write = (node: SynapseFilter): string => {
    switch (node.op) {
      case 'and':
      case 'or':
        return `(${write(node.left)} ${node.op.toUpperCase()} ${write(node.right)})`;
      case 'not':
        return `(NOT ${write(node.child)})`;
      case 'isNull':
        return `(${identifier(column(node.column).name)} IS NULL)`;
      case 'isNotNull':
        return `(${identifier(column(node.column).name)} IS NOT NULL)`;
      case 'in': {
        const of = column(node.column);
        if (node.values.length === 0) return '(1 = 0)';
        return `(${expression(of)} IN (${node.values.map((each) => value(of, each)).join(', ')}))`;
      }
      case 'startsWith':
        return `(${like(column(node.column), node.value, '', '%')})`;
      case 'endsWith':
        return `(${like(column(node.column), node.value, '%', '')})`;
      case 'contains':
        return `(${like(column(node.column), node.value, '%', '%')})`;
      case '=':
      case '<>':
      case '<':
      case '<=':
      case '>':
      case '>=': {
        const of = column(node.column);
        return `(${expression(of)} ${node.op} ${value(of, node.value)})`;
      }
      default:
        throw refuse(`the operator ${String((node as { op: unknown }).op)} is not known`);
    }
  };
  return write(filter);
}
