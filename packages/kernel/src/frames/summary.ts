import type { Json } from '@crossview/contracts';
import { DataType, Float64, Int32, Table, Utf8, type Vector, vectorFromArray } from 'apache-arrow';
import { toText, valueAt } from './cell-value.js';

/** Distinct values are counted exactly up to here; of more it is only said that there are more. */
const mostDistinct = 1_000_000;

interface Summary {
  readonly count: number;
  readonly missing: number;
  readonly distinct: number | null;
  readonly mean: number | null;
  readonly stddev: number | null;
  readonly min: string | null;
  readonly quartiles: readonly (number | null)[];
  readonly max: string | null;
}

/** One row for each column of a table: the statistics that `display(df, summary=True)` shows in every language. */
export function summarize(table: Table): Table {
  const { fields } = table.schema;
  const all = fields.map((_, at) => summaryOf(table.getChildAt(at)!, table.numRows));
  const texts = (values: readonly (string | null)[]) => vectorFromArray(values, new Utf8());
  const integers = (values: readonly (number | null)[]) => vectorFromArray(values, new Int32());
  const floats = (values: readonly (number | null)[]) => vectorFromArray(values, new Float64());
  return new Table({
    column: texts(fields.map(({ name }) => name)),
    type: texts(fields.map(({ type }) => String(type))),
    count: integers(all.map(({ count }) => count)),
    missing: integers(all.map(({ missing }) => missing)),
    distinct: integers(all.map(({ distinct }) => distinct)),
    mean: floats(all.map(({ mean }) => mean)),
    stddev: floats(all.map(({ stddev }) => stddev)),
    min: texts(all.map(({ min }) => min)),
    '25%': floats(all.map(({ quartiles }) => quartiles[0] ?? null)),
    '50%': floats(all.map(({ quartiles }) => quartiles[1] ?? null)),
    '75%': floats(all.map(({ quartiles }) => quartiles[2] ?? null)),
    max: texts(all.map(({ max }) => max)),
  });
}

function summaryOf(column: Vector, rows: number): Summary {
  const type = column.type as DataType;
  const numeric = DataType.isInt(type) || DataType.isFloat(type) || DataType.isDecimal(type);
  const seen = new Set<Json>();
  const numbers = new Float64Array(numeric ? rows : 0);
  let count = 0;
  let nested = false;
  let [least, greatest]: [string | null, string | null] = [null, null];
  for (let row = 0; row < rows; row += 1) {
    const value = valueAt(column, row);
    if (value === null) continue;
    if (numeric) numbers[count] = Number(value);
    count += 1;
    if (typeof value === 'object') {
      nested = true;
      continue;
    }
    if (seen.size <= mostDistinct) seen.add(value);
    if (numeric) continue;
    const text = toText(value);
    if (least === null || text < least) least = text;
    if (greatest === null || text > greatest) greatest = text;
  }
  const sorted = numbers.subarray(0, numeric ? count : 0).sort();
  const mean = sorted.length > 0 ? sorted.reduce((sum, value) => sum + value / count, 0) : null;
  const squares = sorted.reduce((sum, value) => sum + (value - (mean ?? 0)) ** 2, 0);
  return {
    count,
    missing: rows - count,
    distinct: nested || seen.size > mostDistinct ? null : seen.size,
    mean,
    stddev: mean !== null && count > 1 ? Math.sqrt(squares / (count - 1)) : null,
    min: mean === null ? least : String(sorted[0]),
    quartiles: [0.25, 0.5, 0.75].map((share) => (mean === null ? null : quantile(sorted, share))),
    max: mean === null ? greatest : String(sorted.at(-1)),
  };
}

/** Between two values it is on the line between them, as pandas and Arrow have it. */
function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN];
  return low + (high - low) * (place - Math.floor(place));
}
