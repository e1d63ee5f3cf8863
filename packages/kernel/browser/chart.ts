import type { Choice, Column } from './choice.js';
import { groupRows, mostSeries } from './groups.js';
import { drawPie, slices } from './pie.js';
import { drawPlot, mostBars } from './plot.js';

export interface Chart {
  /** Empty when there is nothing to draw. */
  readonly svg: string;
  /** What a reader must know about what is not drawn. */
  readonly notes: readonly string[];
}

/** The picture of a choice, as SVG text. */
export function drawChart(columns: readonly Column[], choice: Choice, width = 760, height = 380): Chart {
  const groups = groupRows(columns, choice);
  const name = (at: number) => columns[at]?.name ?? '';
  const values = choice.values.map(name).join(', ');
  const value = choice.aggregation === 'none' ? values : `${choice.aggregation}(${values})`;
  const title = `${choice.type} chart of ${value} by ${name(choice.key)}`;
  const notes: string[] = [];
  const negative = groups.series[0]?.points.some((point) => point.value < 0) ?? false;
  const drawable =
    choice.type === 'pie' ? slices(groups).length > 0 : groups.series.some(({ points }) => points.length > 0);
  if (!drawable) {
    const numeric = choice.aggregation === 'count' || choice.values.some((at) => columns[at]?.kind === 'number');
    const why = numeric
      ? 'no row has both a key and a value'
      : `${values} is not numeric; count can be drawn of any column`;
    return { svg: '', notes: [`Nothing to draw: ${why}.`] };
  }
  if (choice.type === 'pie') {
    if (negative) notes.push('Negative values have no share and are left out.');
    if (groups.series.length > 1) notes.push(`A pie shows one series: ${groups.series[0]?.name}.`);
    return { svg: drawPie(groups, title, width, height), notes };
  }
  if (choice.type === 'bar' && groups.keys.length > mostBars)
    notes.push(`The first ${mostBars} of ${groups.keys.length.toLocaleString('en-US')} keys are drawn.`);
  if (groups.series.length > mostSeries)
    notes.push(`The first ${mostSeries} of ${groups.series.length.toLocaleString('en-US')} series are drawn.`);
  return { svg: drawPlot(choice.type, groups, { title, key: name(choice.key), value }, width, height), notes };
}
