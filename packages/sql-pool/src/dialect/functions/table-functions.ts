import { SqlError } from '../../errors/sql-error.js';
import { bigint, int, nvarchar } from '../../types/sql-type.js';
import type { ColumnShape } from '../ast.js';
import { castTo } from '../translate/cast.js';
import { host, quoteText } from '../translate/quote.js';
import type { OutputColumn, Typed } from '../translate/typed.js';
import { intOf, textOf } from './function.js';

type TableFunction = (
  values: readonly Typed[],
  columns: readonly ColumnShape[] | undefined,
) => { readonly sql: string; readonly columns: readonly OutputColumn[] };

/** Functions that may stand in FROM, by lower-case name. */
export const tableFunctions: Readonly<Record<string, TableFunction>> = {
  string_split: ([text, separator, ordinal]) => {
    if (!text || !separator)
      throw new SqlError(
        313,
        'An insufficient number of arguments were supplied for the procedure or function string_split.',
      );
    const source = textOf(text);
    const numbered = ordinal?.constant === 1;
    const parts = `string_split(${source.sql}, ${textOf(separator).sql})`;
    const columns: OutputColumn[] = [{ name: 'value', type: source.type }];
    if (numbered) columns.push({ name: 'ordinal', type: bigint });
    return {
      sql: numbered ? `(SELECT unnest(${parts}), generate_subscripts(${parts}, 1))` : `(SELECT unnest(${parts}))`,
      columns,
    };
  },
  generate_series: ([from, to, step]) => {
    if (!from || !to)
      throw new SqlError(
        313,
        'An insufficient number of arguments were supplied for the procedure or function generate_series.',
      );
    const columns: OutputColumn[] = [{ name: 'value', type: int }];
    const own = Number(from.constant) <= Number(to.constant) ? 1 : -1;
    const fixed = [from.constant, to.constant, step ? step.constant : own];
    // A list would hold every number at once; the table function gives them as they are read, but takes constants only.
    if (fixed.every((value) => typeof value === 'number' && Number.isInteger(value)) && fixed[2] !== 0)
      return {
        sql: `(SELECT CAST(s.generate_series AS INTEGER) FROM generate_series(${fixed.join(', ')}) AS s)`,
        columns,
      };
    const text = [
      intOf(from),
      intOf(to),
      step ? intOf(step) : `CASE WHEN ${intOf(from)} <= ${intOf(to)} THEN 1 ELSE -1 END`,
    ];
    return {
      sql: `(SELECT CAST(unnest(generate_series(${text.join(', ')})) AS INTEGER))`,
      columns,
    };
  },
  openjson: ([text, path], shape) => {
    if (!text)
      throw new SqlError(
        313,
        'An insufficient number of arguments were supplied for the procedure or function openjson.',
      );
    const from = path ? textOf(path).sql : quoteText('$');
    if (shape) return openWithShape(textOf(text).sql, from, shape);
    const rows = host('open_json', textOf(text).sql, from);
    return {
      sql: `(SELECT j.k, j.v, j.t FROM (SELECT unnest(from_json(${rows}, '[{"k":"VARCHAR","v":"VARCHAR","t":"UTINYINT"}]')) AS j))`,
      columns: [
        { name: 'key', type: nvarchar(4000) },
        { name: 'value', type: nvarchar(9999) },
        { name: 'type', type: { name: 'tinyint' } },
      ],
    };
  },
};

/** Each column is the text at its path (the column's name when none is given), converted to its type. */
function openWithShape(text: string, path: string, shape: readonly ColumnShape[]): ReturnType<TableFunction> {
  const paths = JSON.stringify(
    shape.map((column) => [column.path ?? `$."${column.name.replaceAll(/["\\]/g, '\\$&')}"`, column.asJson === true]),
  );
  const rows = host('open_json_rows', text, path, quoteText(paths));
  const items = shape.map(
    (column, index) => castTo({ sql: `j[${index + 1}]`, type: nvarchar(9999) }, column.type, { explicit: true }).sql,
  );
  return {
    sql: `(SELECT ${items.join(', ')} FROM (SELECT unnest(from_json(${rows}, '[["VARCHAR"]]')) AS j))`,
    columns: shape.map((column) => ({ name: column.name, type: column.type })),
  };
}
