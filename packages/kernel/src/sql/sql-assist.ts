import type { Completeness, Completion, MimeBundle, ViewCatalog } from '@crossview/contracts';

const keywords = [
  ...[
    'SELECT',
    'FROM',
    'WHERE',
    'GROUP BY',
    'ORDER BY',
    'HAVING',
    'LIMIT',
    'JOIN',
    'LEFT JOIN',
    'INNER JOIN',
    'CROSS JOIN',
  ],
  ...['ON', 'USING', 'AS', 'AND', 'OR', 'NOT', 'NULL', 'IS', 'IN', 'BETWEEN', 'LIKE', 'EXISTS', 'CASE', 'WHEN', 'THEN'],
  ...['ELSE', 'END', 'CAST', 'DISTINCT', 'UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT', 'WITH', 'OVER', 'PARTITION BY'],
  ...['CREATE', 'VIEW', 'TABLE', 'INSERT INTO', 'VALUES', 'UPDATE', 'SET', 'DELETE', 'DROP', 'ALTER', 'DESCRIBE'],
  ...['count', 'sum', 'avg', 'min', 'max', 'coalesce', 'round', 'abs', 'concat', 'substring', 'upper', 'lower'],
];

/** Texts, quoted names and comments that end; what is left of them does not. */
const closed = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\n]*|\/\*[\s\S]*?\*\//g;

export function isSqlComplete(code: string): Completeness {
  const rest = code.replaceAll(closed, ' ');
  const incomplete = { status: 'incomplete', indent: '' } as const;
  if (/['"`]|\/\*/.test(rest)) return incomplete;
  let depth = 0;
  for (const sign of rest) {
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (depth < 0) return { status: 'invalid' };
  }
  const unfinished = /(?:,|=|<|>|\b(?:SELECT|FROM|WHERE|BY|JOIN|ON|AND|OR|AS|IN|HAVING|WITH|SET|VALUES))\s*$/i;
  if (depth > 0 || unfinished.test(rest)) return incomplete;
  return { status: 'complete' };
}

/** Names of the session's views, columns of those that the statement names, and keywords. Starts nothing. */
export async function completeSql(views: ViewCatalog, code: string, cursor: number): Promise<Completion> {
  const [, qualifier, typed = ''] =
    /(?:([\p{L}_][\p{L}\p{N}_]*)\.)?([\p{L}_][\p{L}\p{N}_]*)?$/u.exec(code.slice(0, cursor)) ?? [];
  const known = await views.list();
  const named = known.filter(({ name }) =>
    qualifier === undefined
      ? new RegExp(`\\b${name}\\b`, 'iu').test(code)
      : name.toLowerCase() === qualifier.toLowerCase(),
  );
  const columns = named.flatMap(({ fields }) => fields ?? []).map(({ name }) => name);
  const all = qualifier === undefined ? [...known.map(({ name }) => name), ...columns, ...keywords] : columns;
  const wanted = typed.toLowerCase();
  const matches = [...new Set(all)].filter((name) => name.toLowerCase().startsWith(wanted));
  return { matches, start: cursor - typed.length, end: cursor };
}

/** What is known of the view whose name is under the cursor. */
export async function inspectSql(views: ViewCatalog, code: string, cursor: number): Promise<MimeBundle | undefined> {
  const before = /[\p{L}\p{N}_]*$/u.exec(code.slice(0, cursor))?.[0] ?? '';
  const after = /^[\p{L}\p{N}_]*/u.exec(code.slice(cursor))?.[0] ?? '';
  const word = (before + after).toLowerCase();
  const view = (await views.list()).find(({ name }) => name.toLowerCase() === word);
  if (!view) return undefined;
  const rows = view.rows === undefined ? '' : `, ${view.rows.toLocaleString('en-US')} rows`;
  const fields = (view.fields ?? []).map(({ name, type }) => `  ${name}  ${type}`);
  return { 'text/plain': [`View ${view.name} (from ${view.language}${rows})`, ...fields].join('\n') };
}
