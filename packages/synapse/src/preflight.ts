import {
  type Column,
  definedWidth,
  loadableType,
  type SqlTypeOptions,
  sparkTypeName,
  sqlColumnText,
  toParquetType,
  toSqlType,
} from '@crossview/columns';
import { CrossviewError } from '@crossview/contracts';
import type { TableColumn } from './tsql/ddl.js';
import type { PoolColumn } from './tsql/inspect.js';

const mostColumns = 1024;
const widestRow = 1_000_000;
const longestName = 128;

/** A column of the frame on its way to the pool. */
export interface LoadColumn extends TableColumn {
  readonly column: Column;
  /** The column of the table that it goes to, when the table is there. */
  readonly target: PoolColumn | undefined;
}

/** One reason why a frame cannot be loaded. `column` is empty when it is no column's. */
export interface Problem {
  readonly column: string;
  readonly text: string;
  readonly todo: string;
}

function baseName(sqlType: string): string {
  return sqlType.replace(/\(.*$/, '').toLowerCase();
}

const characterTypes = new Set(['nvarchar', 'varchar', 'nchar', 'char', 'sysname']);

/**
 * Whether Parquet made for `sqlType` can be read into `target` by the pool's own reader, which converts next to nothing.
 * Lengths are not compared: a value that is too long fails with its column.
 */
export function readsInto(sqlType: string, target: PoolColumn): boolean {
  const from = baseName(sqlType);
  const to = target.type.toLowerCase();
  if (from === 'nvarchar') return characterTypes.has(to);
  if (from === 'varbinary') return to === 'varbinary' || to === 'binary';
  if (from === 'decimal')
    return (to === 'decimal' || to === 'numeric') && sqlType === sqlColumnText({ ...target, type: 'decimal' });
  return from === to;
}

function typeOf(column: Column, options: SqlTypeOptions): string | Problem {
  try {
    return toSqlType(column, options);
  } catch (thrown) {
    if (!(thrown instanceof CrossviewError)) throw thrown;
    return {
      column: column.name,
      text: `${sparkTypeName(column.type)} (Parquet ${toParquetType(column.type)}) has no type in the pool`,
      todo: thrown.hint ?? 'Cast the column.',
    };
  }
}

function nameProblems(columns: readonly Column[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  for (const { name } of columns) {
    const folded = name.toLowerCase();
    const earlier = seen.get(folded);
    if (earlier !== undefined)
      problems.push({
        column: name,
        text: earlier === name ? 'is there twice' : `is "${earlier}" but for case, which the pool does not see`,
        todo: 'Rename one of them.',
      });
    seen.set(folded, name);
    if (name === '' || name.length > longestName)
      problems.push({
        column: name.slice(0, 40),
        text: `has a name of ${name.length} characters; the pool takes 1 to ${longestName}`,
        todo: 'Rename it.',
      });
  }
  return problems;
}

function sizeProblems(columns: readonly LoadColumn[]): Problem[] {
  const problems: Problem[] = [];
  if (columns.length > mostColumns)
    problems.push({
      column: columns[mostColumns]?.name ?? '',
      text: `is column ${mostColumns + 1} of ${columns.length}; a table has at most ${mostColumns}`,
      todo: 'Select fewer columns.',
    });
  const widths = columns.map(({ name, sqlType }) => ({ name, sqlType, width: definedWidth(sqlType) ?? 0 }));
  const total = widths.reduce((sum, { width }) => sum + width, 0);
  const widest = widths.toSorted((a, b) => b.width - a.width)[0];
  if (total > widestRow && widest !== undefined)
    problems.push({
      column: widest.name,
      text: `is the widest (${widest.sqlType}) of a row that its definitions make ${total.toLocaleString('en')} bytes wide; PolyBase and COPY take ${widestRow.toLocaleString('en')}`,
      todo: 'Give the string columns lengths, by the column metadata maxlength or the option maxStringLength.',
    });
  return problems;
}

function targetProblems(columns: readonly LoadColumn[], target: readonly PoolColumn[]): Problem[] {
  const problems: Problem[] = [];
  for (const { name, target: found } of columns) {
    if (found === undefined)
      problems.push({
        column: name,
        text: 'is not a column of the table',
        todo: `The table has ${target.map((column) => column.name).join(', ')}. Rename or drop the column of the frame.`,
      });
    else if (found.identity)
      problems.push({
        column: name,
        text: 'is an IDENTITY column of the table, which the pool fills itself',
        todo: 'Drop the column of the frame.',
      });
  }
  for (const column of target)
    if (!column.nullable && !column.identity && !columns.some(({ target: found }) => found === column))
      problems.push({
        column: column.name,
        text: 'is NOT NULL in the table and missing in the frame',
        todo: 'Add it to the frame.',
      });
  return problems;
}

/**
 * Whether the frame can be loaded: every problem in one error, by column, with Spark type, Parquet type, SQL type and what to do.
 * @param further problems that were found elsewhere, to be told with these.
 * @param target columns of the table when it is there and stays; matched by name, without case.
 * @throws CrossviewError `PREFLIGHT_FAILED`.
 */
export function preflight(
  columns: readonly Column[],
  target: readonly PoolColumn[] | undefined,
  options: SqlTypeOptions,
  further: readonly Problem[] = [],
): LoadColumn[] {
  const problems: Problem[] = [...further];
  if (columns.length === 0) problems.push({ column: '', text: 'the frame has no column', todo: 'Select one.' });
  const loads: LoadColumn[] = [];
  for (const column of columns) {
    const found = target?.find(({ name }) => name.toLowerCase() === column.name.toLowerCase());
    const sqlType = typeOf(column, options);
    if (typeof sqlType !== 'string') problems.push(sqlType);
    else loads.push({ column, name: found?.name ?? column.name, sqlType, target: found });
  }
  problems.push(...nameProblems(columns), ...sizeProblems(loads));
  if (target !== undefined) problems.push(...targetProblems(loads, target));
  if (problems.length === 0) return loads;
  const lines = problems.map(({ column, text, todo }) => `  ${column === '' ? '' : `"${column}" `}${text}. ${todo}`);
  throw new CrossviewError(
    'PREFLIGHT_FAILED',
    `The frame cannot be loaded into the pool, for ${problems.length} ${problems.length === 1 ? 'reason' : 'reasons'}:\n${lines.join('\n')}`,
    {
      hint: 'Nothing was written.',
      facts: { problems: problems.length, columns: [...new Set(problems.map(({ column }) => column))].join(', ') },
    },
  );
}

/** What the Parquet of a column is, in words for an error of the load: `carrier: string → BINARY (STRING) → nvarchar(4000)`. */
export function describeColumns(columns: readonly LoadColumn[]): string {
  return columns
    .map(
      ({ column, sqlType }) =>
        `${column.name}: ${sparkTypeName(column.type)} → ${toParquetType(loadableType(column.type))} → ${sqlType}`,
    )
    .join('; ');
}
