import { notSupported, SqlError } from '../../errors/sql-error.js';
import { nvarchar } from '../../types/sql-type.js';
import type { Query, SelectItem } from '../ast.js';
import { jsonText } from '../functions/json.js';
import { escapeJson } from '../host/text.js';
import type { TranslatedQuery } from './query.js';
import { quoteName, quoteText } from './quote.js';
import type { Translation } from './translation.js';

interface Leaf {
  readonly path: readonly string[];
  readonly sql: string;
}

/** FOR JSON: the rows as one text. Names with points make nested objects; AUTO is told for one source only. */
export function translateForJson(query: Query, translated: TranslatedQuery, translation: Translation): TranslatedQuery {
  const options = query.forJson!;
  if (options.root !== undefined && options.withoutArrayWrapper)
    throw new SqlError(
      13620,
      'ROOT option and WITHOUT_ARRAY_WRAPPER option cannot be used together in FOR JSON. Remove one of these options.',
    );
  const { body } = query;
  if (
    options.mode === 'AUTO' &&
    (body.kind !== 'select' ||
      body.from.length !== 1 ||
      body.from[0]!.kind === 'join' ||
      body.from[0]!.kind === 'apply')
  )
    throw notSupported(
      'FOR JSON AUTO over several sources',
      0,
      'Use FOR JSON PATH with names like a.b, or nested FOR JSON PATH.',
    );
  const items: readonly (SelectItem | undefined)[] =
    body.kind === 'select' && !body.items.some((item) => item.value.kind === 'star') ? body.items : [];
  const rows = translation.freshName();
  const leaves = translated.columns.map((column, index): Leaf => {
    if (column.name === '')
      throw new SqlError(
        13605,
        'Column expressions and data sources without names or aliases cannot be formatted as JSON text using FOR JSON clause. Add alias to the unnamed column or table.',
      );
    const value = { sql: `${quoteName(rows)}.c${index}`, type: column.type };
    const text = jsonText(value, items[index]?.value);
    return {
      path: options.mode === 'PATH' ? column.name.split('.') : [column.name],
      sql: options.includeNulls ? `coalesce(${text}, 'null')` : text,
    };
  });
  const names = translated.columns.map((_, index) => `c${index}`).join(', ');
  const all = translation.freshName();
  const list = `string_agg(${quoteName(all)}.j, ',' ORDER BY ${quoteName(all)}.n)`;
  const array = options.withoutArrayWrapper ? list : `'[' || ${list} || ']'`;
  const whole =
    options.root === undefined ? array : `${quoteText(`{"${escapeJson(options.root)}":`)} || ${array} || '}'`;
  const sql = `SELECT ${whole} AS "JSON_F52E2B61-18A1-11d1-B105-00805F49916B" FROM (SELECT ${objectText(leaves, false)} AS j, row_number() OVER () AS n FROM (${translated.sql}) AS ${quoteName(rows)}(${names})) AS ${quoteName(all)} HAVING count(*) > 0`;
  return {
    sql,
    columns: [{ name: 'JSON_F52E2B61-18A1-11d1-B105-00805F49916B', type: nvarchar(9999), nullable: true }],
  };
}

/** `{…}` of the leaves; members that are NULL are left out, and so are nested objects without any. */
function objectText(leaves: readonly Leaf[], nested: boolean): string {
  const members: string[] = [];
  for (let index = 0; index < leaves.length; ) {
    const [head, ...rest] = leaves[index]!.path;
    const key = `"${escapeJson(head!)}":`;
    if (rest.length === 0) {
      members.push(`${quoteText(key)} || ${leaves[index]!.sql}`);
      index++;
      continue;
    }
    const group: Leaf[] = [];
    while (index < leaves.length && leaves[index]!.path.length > 1 && leaves[index]!.path[0] === head) {
      group.push({ path: leaves[index]!.path.slice(1), sql: leaves[index]!.sql });
      index++;
    }
    members.push(`${quoteText(key)} || ${objectText(group, true)}`);
  }
  const inside = `concat_ws(',', ${members.join(', ')})`;
  return nested ? `'{' || nullif(${inside}, '') || '}'` : `'{' || ${inside} || '}'`;
}
