import { type ChartWish, CrossviewError } from '@crossview/contracts';

const words = {
  type: ['bar', 'line', 'area', 'pie', 'scatter'],
  aggregation: ['sum', 'avg', 'min', 'max', 'count', 'first', 'last', 'none'],
} as const;

/**
 * What a cell said of its chart, checked before it is drawn in a browser that has no way to complain.
 * @throws CrossviewError `CHART_OPTION_UNKNOWN`, `CHART_COLUMN_UNKNOWN`
 */
export function checkChart(wish: ChartWish, columns: readonly string[]): void {
  for (const option of ['type', 'aggregation'] as const) {
    const said = wish[option];
    if (said === undefined || (words[option] as readonly string[]).includes(said)) continue;
    throw new CrossviewError('CHART_OPTION_UNKNOWN', `There is no chart ${option} ${JSON.stringify(said)}`, {
      hint: `One of ${words[option].join(', ')}.`,
      facts: { option, value: String(said) },
    });
  }
  for (const name of [wish.key, wish.series, ...(wish.values ?? [])])
    if (name !== undefined && !columns.includes(name))
      throw new CrossviewError('CHART_COLUMN_UNKNOWN', `The frame has no column ${JSON.stringify(name)}`, {
        hint: `Its columns are ${columns.slice(0, 30).join(', ')}${columns.length > 30 ? ', …' : ''}.`,
        facts: { column: name },
      });
}
