import type { Completeness, Completion, MimeBundle } from '@crossview/contracts';
import type { SqlNames, SqlTable } from './sql-names.js';

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

/** A plain name, or one in the quotes of Spark, of T-SQL or of the standard. */
const word = '(?:[\\p{L}_][\\p{L}\\p{N}_]*|`[^`]+`|\\[[^\\]]+\\]|"[^"]+")';
const plain = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const bare = (name: string) => name.replace(/^[`["](.*)[`\]"]$/su, '$1').toLowerCase();

interface Place {
  /** Names in front of the dot, `dbo` or `dbo.people` or an alias. */
  readonly qualifiers: readonly string[];
  readonly typed: string;
  readonly start: number;
}

function placeOf(code: string, cursor: number): Place {
  const [, path = '', typed = ''] =
    new RegExp(`((?:${word}\\.)*)([\`["]?[\\p{L}\\p{N}_]*)$`, 'u').exec(code.slice(0, cursor)) ?? [];
  const qualifiers = [...path.matchAll(new RegExp(word, 'gu'))].map(([name]) => bare(name));
  return { qualifiers, typed: typed.replace(/^[`["]/, '').toLowerCase(), start: cursor - typed.length };
}

/** Tables that the statement names after FROM, JOIN, INTO, UPDATE, each with its alias. */
function namedTables(code: string, tables: readonly SqlTable[]): readonly { table: SqlTable; alias: string }[] {
  const stop =
    /^(?:on|where|group|order|join|left|right|full|inner|cross|outer|set|values|select|union|limit|having|using|as)$/i;
  const named = new RegExp(
    `\\b(?:from|join|into|update|table)\\s+((?:${word}\\.)*)(${word})(?:\\s+(?:as\\s+)?(${word}))?`,
    'giu',
  );
  return [...code.matchAll(named)].flatMap(([, path = '', name = '', alias = '']) => {
    const schema = bare([...path.matchAll(new RegExp(word, 'gu'))].at(-1)?.[0] ?? '');
    const table = tables.find(
      (it) => it.name.toLowerCase() === bare(name) && (schema === '' || it.schema?.toLowerCase() === schema),
    );
    return table ? [{ table, alias: stop.test(alias) ? '' : bare(alias) }] : [];
  });
}

/** What a statement can go on with at the cursor: columns behind an alias or a table, tables behind a schema, else all. */
export function completeSql(names: SqlNames, code: string, cursor: number): Completion {
  const { qualifiers, typed, start } = placeOf(code, cursor);
  const named = namedTables(code, names.tables);
  const columnsOf = (table: SqlTable) => (table.columns ?? []).map(({ name }) => name);
  const written = (name: string) => (plain.test(name) ? name : names.quote(name));
  let found: readonly string[];
  const last = qualifiers.at(-1);
  if (last !== undefined) {
    const aliased = named.filter(({ table, alias }) => alias === last || table.name.toLowerCase() === last);
    const others = names.tables.filter(({ name }) => aliased.length === 0 && name.toLowerCase() === last);
    const inSchema = names.tables.filter(({ schema }) => schema?.toLowerCase() === last);
    found = [
      ...[...aliased.map(({ table }) => table), ...others].flatMap(columnsOf),
      ...inSchema.map(({ name }) => name),
    ];
    found = found.map(written);
  } else {
    const schemas = names.tables.flatMap(({ schema }) => schema ?? []);
    const columns = named.flatMap(({ table }) => columnsOf(table));
    const own = [
      ...columns,
      ...named.flatMap(({ alias }) => alias || []),
      ...names.tables.map(({ name }) => name),
      ...schemas,
    ];
    found = [...own.map(written), ...names.keywords, ...(typed.length > 1 ? names.functions : [])];
  }
  const matches = [...new Set(found)].filter((name) => bare(name).startsWith(typed));
  return { matches, start, end: cursor };
}

/** The name under the cursor, with the quotes and the schema it is written with. */
export function nameAt(code: string, cursor: number): string {
  for (const found of code.matchAll(new RegExp(`${word}`, 'gu')))
    if (found.index <= cursor && cursor <= found.index + found[0].length) return bare(found[0]);
  return '';
}

/** What is known of the table or the column whose name is under the cursor. */
export function inspectSql(names: SqlNames, code: string, cursor: number): MimeBundle | undefined {
  const name = nameAt(code, cursor);
  const table =
    names.tables.find((it) => it.name.toLowerCase() === name) ??
    namedTables(code, names.tables).find(({ alias }) => alias === name)?.table;
  if (table) {
    const whole = table.schema === undefined ? table.name : `${table.schema}.${table.name}`;
    const columns = (table.columns ?? []).map((column) => `  ${column.name}  ${column.type}`);
    return { 'text/plain': [`${whole} (${table.what})`, ...columns].join('\n') };
  }
  const columns = namedTables(code, names.tables).flatMap(({ table: of }) =>
    (of.columns ?? [])
      .filter((column) => column.name.toLowerCase() === name)
      .map((it) => `${of.name}.${it.name}  ${it.type}`),
  );
  return columns.length > 0 ? { 'text/plain': columns.join('\n') } : undefined;
}
