import { notSupported, SqlError } from '../../errors/sql-error.js';
import { bigint, int } from '../../types/sql-type.js';
import type { ColumnShape } from '../ast.js';
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
    const text = [
      intOf(from),
      intOf(to),
      step ? intOf(step) : `CASE WHEN ${intOf(from)} <= ${intOf(to)} THEN 1 ELSE -1 END`,
    ];
    return {
      sql: `(SELECT CAST(unnest(generate_series(${text.join(', ')})) AS INTEGER))`,
      columns: [{ name: 'value', type: int }],
    };
  },
  openjson: () => {
    throw notSupported('OPENJSON', 0, 'Take single values with JSON_VALUE.');
  },
};
