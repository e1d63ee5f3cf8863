import type { Aggregation, Choice, Column } from './choice.js';

export interface Point {
  /** Where on the key's axis: a number, milliseconds since 1970, or the place among `Groups.keys`. */
  readonly at: number;
  readonly key: string;
  readonly value: number;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

/** What a chart draws: series over one axis of keys. */
export interface Groups {
  readonly axis: 'number' | 'date' | 'category';
  /** All keys, in the order in which they stand on a category axis. */
  readonly keys: readonly string[];
  readonly series: readonly Series[];
}

/** More series than colours that can be told apart: the rest is not drawn, and said. */
export const mostSeries = 20;

/** Milliseconds since 1970 of `2013-01-01` or `2013-01-01 05:00:00.123456Z`; without a zone it counts as UTC. */
export function readDate(text: string): number {
  const iso = text.replace(' ', 'T').replace(/(\.\d{3})\d+/, '$1');
  return Date.parse(/Z$|^[^T]*$/.test(iso) ? iso : `${iso}Z`);
}

const combine: Record<Exclude<Aggregation, 'none' | 'count'>, (values: readonly number[]) => number> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  avg: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  min: (values) => values.reduce((least, value) => Math.min(least, value)),
  max: (values) => values.reduce((most, value) => Math.max(most, value)),
  first: (values) => values[0] ?? Number.NaN,
  last: (values) => values.at(-1) ?? Number.NaN,
};

const position = (kind: Column['kind'], key: string): number => (kind === 'date' ? readDate(key) : Number(key));

/** Rows without a key or without a value are left out, as SQL's aggregates leave them out. */
export function groupRows(columns: readonly Column[], { key, values, aggregation, series }: Choice): Groups {
  const keyColumn = columns[key];
  if (!keyColumn) return { axis: 'category', keys: [], series: [] };
  const rows = keyColumn.values.map((_, row) => row).filter((row) => keyColumn.values[row] !== null);
  const keys = [...new Set(rows.map((row) => keyColumn.values[row] as string))];
  const ordered = keyColumn.kind !== 'text' && keys.every((it) => Number.isFinite(position(keyColumn.kind, it)));
  if (ordered) keys.sort((a, b) => position(keyColumn.kind, a) - position(keyColumn.kind, b));
  const places = new Map(keys.map((it, at) => [it, ordered ? position(keyColumn.kind, it) : at]));
  const made = new Map<string, Map<string, number[]> | Point[]>();
  for (const value of values) {
    const column = columns[value];
    if (!column) continue;
    for (const row of rows) {
      const text = column.values[row];
      const number = aggregation === 'count' ? 1 : Number(text);
      if (text === null || text === undefined || !Number.isFinite(number)) continue;
      const of = series === undefined ? undefined : (columns[series]?.values[row] ?? 'null');
      const name = of === undefined ? column.name : values.length > 1 ? `${of}, ${column.name}` : of;
      const at = keyColumn.values[row] as string;
      if (aggregation === 'none') {
        const points = (made.get(name) ?? []) as Point[];
        points.push({ at: places.get(at) as number, key: at, value: number });
        made.set(name, points);
      } else {
        const groups = (made.get(name) ?? new Map()) as Map<string, number[]>;
        const group = groups.get(at);
        if (group) group.push(number);
        else groups.set(at, [number]);
        made.set(name, groups);
      }
    }
  }
  const finish = (found: Map<string, number[]> | Point[]): Point[] =>
    Array.isArray(found)
      ? found
      : [...found].map(([at, group]) => ({
          at: places.get(at) as number,
          key: at,
          value: aggregation === 'count' ? group.length : combine[aggregation as keyof typeof combine](group),
        }));
  return {
    axis: ordered ? (keyColumn.kind as 'number' | 'date') : 'category',
    keys,
    series: [...made].map(([name, found]) => ({ name, points: finish(found).sort((a, b) => a.at - b.at) })),
  };
}
