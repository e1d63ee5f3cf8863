import { errors } from '../../errors/catalogue.js';
import { notSupported, SqlError } from '../../errors/sql-error.js';
import { familyOf, max, nvarchar, varchar } from '../../types/sql-type.js';
import type { Name, TableAlias, TableSource } from '../ast.js';
import { isServerFunction } from '../functions/not-built.js';
import { tableFunctions } from '../functions/table-functions.js';
import { aggregateCall, parameterTable } from './call.js';
import { castTo } from './cast.js';
import { translateCondition } from './condition.js';
import { translateValue, unify } from './expression.js';
import { keyText, needsKey } from './key.js';
import { refuseOrder, renamed, type TranslatedQuery, translateQuery } from './query.js';
import { quoteName, quoteText } from './quote.js';
import { Scope, type ScopeTable, sameName } from './scope.js';
import type { Translation } from './translation.js';
import type { OutputColumn } from './typed.js';

/** ` FROM …`; adds the tables to the scope from left to right. */
export function translateSources(sources: readonly TableSource[], scope: Scope, translation: Translation): string {
  if (sources.length === 0) return '';
  return ` FROM ${sources.map((source) => translateSource(source, scope, translation)).join(', ')}`;
}

export function translateSource(source: TableSource, scope: Scope, translation: Translation): string {
  switch (source.kind) {
    case 'table':
      return translateTable(source.name, source.alias, scope, translation) + sampleText(source.sample);
    case 'derived': {
      if (!source.alias)
        throw new SqlError(102, "Incorrect syntax near ')': a derived table needs an alias.", { severity: 15 });
      refuseOrder(source.query);
      const query = translateQuery(source.query, outerOf(scope), translation);
      return addDerived(query, source.alias, scope);
    }
    case 'values': {
      if (!source.alias) throw new SqlError(102, "Incorrect syntax near ')': VALUES needs an alias.", { severity: 15 });
      return addDerived(valuesQuery(source.rows, scope, translation), source.alias, scope);
    }
    case 'join': {
      const left = translateSource(source.left, scope, translation);
      const right = translateSource(source.right, scope, translation);
      if (source.type === 'cross') return `${left} CROSS JOIN ${right}`;
      const on = translateCondition(source.on!, scope, translation);
      const nested = source.right.kind === 'join' ? `(${right})` : right;
      return `${left} ${source.type.toUpperCase()} JOIN ${nested} ON ${on}`;
    }
    case 'apply':
      return translateApply(source, scope, translation);
    case 'tableFunction': {
      const make = tableFunctions[source.name.at(-1)!.toLowerCase()];
      if (!make || source.name.length > 1) return translateTableFunction(source, scope, translation);
      const values = source.arguments.map((argument) => translateValue(argument, scope, translation));
      const made = make(values, source.columns);
      return addDerived(
        { sql: `SELECT * FROM ${made.sql}`, columns: made.columns },
        source.alias ?? { name: source.name.at(-1)!, columns: [] },
        scope,
        true,
      );
    }
    case 'openRowset': {
      if (!source.columns)
        throw notSupported(
          'OPENROWSET without WITH (column type, …)',
          0,
          'Name the columns and their types in WITH (…) before the alias.',
        );
      const placeholder = translation.external({ table: undefined, rowset: source });
      const columns = source.columns.map((column): OutputColumn => ({ name: column.name, type: column.type }));
      return addDerived(
        { sql: `SELECT * FROM ${placeholder}`, columns },
        source.alias ?? { name: 'openrowset', columns: [] },
        scope,
      );
    }
    case 'pivot':
      return translatePivot(source, scope, translation);
    case 'unpivot':
      return translateUnpivot(source, scope, translation);
  }
}

/** `*` and PIVOT read every column. */
export function readAll(table: ScopeTable): void {
  for (const { name } of table.columns) table.read?.add(name.toLowerCase());
}

function sampleText(sample: { readonly count: number; readonly percent: boolean } | undefined): string {
  if (!sample) return '';
  return ` TABLESAMPLE ${sample.percent ? `${sample.count}%` : `reservoir(${Math.trunc(sample.count)} ROWS)`}`;
}

/** An inline table-valued function is a query over its parameters. */
function translateTableFunction(
  source: Extract<TableSource, { kind: 'tableFunction' }>,
  scope: Scope,
  translation: Translation,
): string {
  const found = source.name.length > 1 ? translation.source.tableFunction(source.name) : undefined;
  if (!found && isServerFunction(source.name)) throw notSupported(`the function ${source.name.join('.')}`, source.line);
  if (!found) throw errors.invalidObject(source.name.join('.'));
  if (++translation.viewDepth > 32) throw notSupported('functions nested deeper than 32');
  translation.reads.push(source.name);
  const reads = translation.reads.length;
  const parameters = parameterTable(source.name, found.parameters, source.arguments, scope, translation);
  const query = translateQuery(found.query, parameters.inner, translation);
  translation.reads.length = reads;
  translation.viewDepth--;
  const alias = source.alias ?? { name: source.name.at(-1)!, columns: [] };
  const columns = renamed(query.columns, [], alias.name);
  const name = translation.freshName();
  const names = columns.map((_, index) => `c${index}`).join(', ');
  const sql =
    parameters.source === ''
      ? query.sql
      : `SELECT ${quoteName(name)}.* FROM ${parameters.source}, LATERAL (${query.sql}) AS ${quoteName(name)}(${names})`;
  return addDerived({ sql, columns }, alias, scope, true);
}

/** Derived tables see the blocks around the query, not their neighbours in FROM; but they do see common tables. */
function outerOf(scope: Scope): Scope {
  const inner = new Scope(scope.parent);
  inner.common.push(...scope.common);
  return inner;
}

/** Adds `(query) AS alias(columns)` to the scope. */
function addDerived(query: TranslatedQuery, alias: TableAlias, scope: Scope, lateral = false): string {
  const columns = renamed(query.columns, alias.columns, alias.name);
  duplicateCheck(columns, alias.name);
  const table = scope.add(alias.name, columns);
  const names = columns.map((column) => quoteName(column.name)).join(', ');
  return `${lateral ? 'LATERAL ' : ''}(${query.sql}) AS ${quoteName(table.alias)}(${names})`;
}

function duplicateCheck(columns: readonly OutputColumn[], table: string): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    const key = name.toLowerCase();
    if (seen.has(key)) throw new SqlError(8156, `The column '${name}' was specified multiple times for '${table}'.`);
    seen.add(key);
  }
}

export function valuesQuery(
  rows: readonly (readonly import('../ast.js').Expression[])[],
  scope: Scope | undefined,
  translation: Translation,
): TranslatedQuery {
  const inner = scope ?? new Scope();
  const translated = rows.map((row) => row.map((item) => translateValue(item, inner, translation)));
  const width = translated[0]!.length;
  if (translated.some((row) => row.length !== width))
    throw new SqlError(10709, 'The number of columns for each row in a table value constructor must be the same.', {
      severity: 15,
    });
  const unified = Array.from({ length: width }, (_, index) => unify(translated.map((row) => row[index]!)));
  const text = rows.map((_, row) => `(${unified.map((column) => column.sql[row]).join(', ')})`);
  return {
    sql: `VALUES ${text.join(', ')}`,
    columns: unified.map((column): OutputColumn => ({ name: '', type: column.type })),
  };
}

function translateTable(name: Name, alias: TableAlias | undefined, scope: Scope, translation: Translation): string {
  if (name.length === 1) {
    const common = scope.findCommon(name[0]!);
    if (common) {
      const table = scope.add(alias?.name ?? common.name, common.columns);
      return `${quoteName(common.sqlName)} AS ${quoteName(table.alias)}`;
    }
  }
  const relation = translation.source.relation(name);
  const exposed = alias?.name ?? name.at(-1)!;
  const qualifiers = alias ? [] : relation.name.slice(0, -1);
  switch (relation.kind) {
    case 'stored': {
      const table = scope.add(exposed, relation.columns, qualifiers, translation.read(relation.name));
      return `${relation.sql} AS ${quoteName(table.alias)}`;
    }
    case 'system': {
      translation.momentary = true;
      const table = scope.add(exposed, relation.columns, qualifiers);
      const names = relation.columns.map((column) => quoteName(column.name)).join(', ');
      return `(${relation.sql}) AS ${quoteName(table.alias)}(${names})`;
    }
    case 'external': {
      const placeholder = translation.external({ table: relation.name, rowset: undefined });
      const table = scope.add(exposed, relation.columns, qualifiers, translation.read(relation.name));
      const names = relation.columns.map((column) => quoteName(column.name)).join(', ');
      return `${placeholder} AS ${quoteName(table.alias)}(${names})`;
    }
    case 'view': {
      const read = translation.read(relation.name);
      if (++translation.viewDepth > 32)
        throw new SqlError(
          217,
          'Maximum stored procedure, function, trigger, or view nesting level exceeded (limit 32).',
        );
      const reads = translation.reads.length;
      const query = translateQuery(relation.query, undefined, translation);
      // Whoever may read the view may read through it: ownership chaining.
      translation.reads.length = reads;
      translation.viewDepth--;
      const columns = renamed(query.columns, relation.columns, exposed);
      const table = scope.add(exposed, columns, qualifiers, read);
      return `(${query.sql}) AS ${quoteName(table.alias)}(${columns.map((column) => quoteName(column.name)).join(', ')})`;
    }
  }
}

/** CROSS APPLY is a lateral join, OUTER APPLY a lateral left join. */
function translateApply(
  source: Extract<TableSource, { kind: 'apply' }>,
  scope: Scope,
  translation: Translation,
): string {
  const left = translateSource(source.left, scope, translation);
  const join = source.outer ? 'LEFT JOIN' : 'JOIN';
  const { right } = source;
  if (right.kind === 'derived' && right.alias) {
    refuseOrder(right.query);
    const query = translateQuery(right.query, scope, translation);
    return `${left} ${join} ${addDerived(query, right.alias, scope, true)} ON true`;
  }
  return `${left} ${join} ${translateSource(right, scope, translation)} ON true`;
}

/** PIVOT groups by every column that is neither the value nor the pivoted one. */
function translatePivot(
  source: Extract<TableSource, { kind: 'pivot' }>,
  scope: Scope,
  translation: Translation,
): string {
  if (!source.alias) throw new SqlError(102, "Incorrect syntax near ')': PIVOT needs an alias.", { severity: 15 });
  const inner = new Scope(scope.parent);
  inner.common.push(...scope.common);
  const from = translateSource(source.source, inner, translation);
  const pivoted = inner.column(source.column, 0);
  const value = translateValue(source.value, inner, translation);
  const used = [source.column.at(-1)!, source.value.kind === 'column' ? source.value.name.at(-1)! : ''];
  for (const table of inner.tables) readAll(table);
  const kept = inner.tables.flatMap((table) =>
    table.columns
      .filter((column) => !used.some((name) => sameName(name, column.name)))
      .map((column) => ({ column, sql: `${quoteName(table.alias)}.${quoteName(column.name)}` })),
  );
  const moment = pivoted.type && ['moment', 'time'].includes(familyOf(pivoted.type));
  const pivotedText = moment ? castTo(pivoted, varchar(max)).sql : `CAST(${pivoted.sql} AS VARCHAR)`;
  const texts = source.values.map((name) => {
    const matches = `${pivotedText} = ${quoteText(name)}`;
    return {
      name,
      ...aggregateCall(source.aggregate, { sql: `CASE WHEN ${matches} THEN ${value.sql} END`, type: value.type }),
    };
  });
  const items = [
    // Text counts without trailing blanks, as in any GROUP BY.
    ...kept.map(
      (item) => `${needsKey(item.column.type) ? `any_value(${item.sql})` : item.sql} AS ${quoteName(item.column.name)}`,
    ),
    ...texts.map((item) => `${item.sql} AS ${quoteName(item.name)}`),
  ];
  const groupBy =
    kept.length > 0
      ? ` GROUP BY ${kept.map((item) => keyText({ sql: item.sql, type: item.column.type })).join(', ')}`
      : '';
  const columns: OutputColumn[] = [
    ...kept.map((item) => item.column),
    ...texts.map((item) => ({ name: item.name, type: item.type })),
  ];
  return addDerived({ sql: `SELECT ${items.join(', ')} FROM ${from}${groupBy}`, columns }, source.alias, scope);
}

function translateUnpivot(
  source: Extract<TableSource, { kind: 'unpivot' }>,
  scope: Scope,
  translation: Translation,
): string {
  if (!source.alias) throw new SqlError(102, "Incorrect syntax near ')': UNPIVOT needs an alias.", { severity: 15 });
  const inner = new Scope(scope.parent);
  inner.common.push(...scope.common);
  const from = translateSource(source.source, inner, translation);
  const values = source.columns.map((name) => inner.column([name], 0));
  const unified = unify(values);
  for (const table of inner.tables) readAll(table);
  const kept = inner.tables.flatMap((table) =>
    table.columns
      .filter((column) => !source.columns.some((name) => sameName(name, column.name)))
      .map((column) => ({ column, sql: `${quoteName(table.alias)}.${quoteName(column.name)}` })),
  );
  const keptText = kept.map((item) => `${item.sql} AS ${quoteName(item.column.name)}, `).join('');
  const name = translation.freshName();
  const rows = source.columns.map((column, index) => `(${quoteText(column)}, ${unified.sql[index]})`).join(', ');
  const sql = `SELECT ${keptText}${quoteName(name)}.v, ${quoteName(name)}.k FROM ${from} JOIN LATERAL (VALUES ${rows}) AS ${quoteName(name)}(k, v) ON true WHERE ${quoteName(name)}.v IS NOT NULL`;
  const columns: OutputColumn[] = [
    ...kept.map((item) => item.column),
    { name: source.value, type: unified.type },
    { name: source.column, type: nvarchar(128) },
  ];
  return addDerived({ sql, columns }, source.alias, scope);
}
