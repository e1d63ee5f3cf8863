export type ChartType = 'bar' | 'line' | 'area' | 'pie' | 'scatter';
export type Aggregation = 'sum' | 'avg' | 'min' | 'max' | 'count' | 'first' | 'last' | 'none';

export const chartTypes: readonly ChartType[] = ['bar', 'line', 'area', 'pie', 'scatter'];
export const aggregations: readonly Aggregation[] = ['sum', 'avg', 'min', 'max', 'count', 'first', 'last', 'none'];

/** A column as the table shows it; values that are missing are `null`. */
export interface Column {
  readonly name: string;
  readonly kind: 'number' | 'date' | 'text';
  readonly values: readonly (string | null)[];
}

/** What a reader picks. Columns are named by their place, because two may have one name. */
export interface Choice {
  readonly type: ChartType;
  readonly key: number;
  readonly values: readonly number[];
  readonly aggregation: Aggregation;
  /** The column whose values become series of their own; `undefined` for none. */
  readonly series: number | undefined;
}

/** What a notebook asks for, by the names of columns. */
export interface Wish {
  readonly type?: ChartType;
  readonly key?: string;
  readonly values?: readonly string[];
  readonly aggregation?: Aggregation;
  readonly series?: string;
}

/** Most categories with which a column is offered as key before any other. */
const fewKeys = 40;

function distinct({ values }: Column): number {
  return new Set(values).size;
}

function likelyKey(columns: readonly Column[]): number {
  const named = columns.findIndex((it) => it.kind === 'text' && distinct(it) > 1 && distinct(it) <= fewKeys);
  if (named >= 0) return named;
  const other = columns.findIndex(({ kind }) => kind !== 'number');
  return Math.max(0, other);
}

/** A chart that is likely to say something, and what the wish says of it. */
export function chooseFirst(columns: readonly Column[], wish: Wish = {}): Choice {
  const place = (name: string | undefined) => {
    const at = columns.findIndex((column) => column.name === name);
    return at < 0 ? undefined : at;
  };
  const key = place(wish.key) ?? likelyKey(columns);
  const wanted = (wish.values ?? []).map(place).filter((at) => at !== undefined);
  const numeric = columns.findIndex(({ kind }, at) => kind === 'number' && at !== key);
  const value = numeric >= 0 ? numeric : columns[key]?.kind === 'number' ? key : -1;
  const values = wanted.length > 0 ? wanted : [Math.max(0, value)];
  const counted = values.every((at) => columns[at]?.kind !== 'number');
  const onlyNumbers = columns.every(({ kind }) => kind === 'number') && numeric >= 0;
  const byTime = columns[key]?.kind === 'date';
  const type = wish.type ?? (onlyNumbers ? 'scatter' : byTime ? 'line' : 'bar');
  const aggregation = wish.aggregation ?? (counted ? 'count' : type === 'scatter' ? 'none' : 'sum');
  return { type, key, values, aggregation, series: place(wish.series) };
}
