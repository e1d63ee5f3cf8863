import type { ChartType } from './choice.js';
import { type Groups, mostSeries, type Point, type Series } from './groups.js';
import { dateScale, dateText, numberScale, numberText, type Scale } from './scale.js';
import { colour, escapeText, label, legend, picture, rounded, shortened } from './svg.js';

/** Bars of more keys are too thin to be read. */
export const mostBars = 100;
const mostLegend = 14;

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function extent(numbers: readonly number[]): [least: number, greatest: number] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const number of numbers) {
    least = Math.min(least, number);
    greatest = Math.max(greatest, number);
  }
  return [least, greatest];
}

/** Pixels that the longest name takes, at about seven each. */
const longestName = (keys: readonly string[]): number =>
  7 * Math.min(16, Math.max(0, ...keys.map(({ length }) => length)));

/** Names under a category axis: turned when they would touch, and only as many as there is room for. */
function keyLabels(keys: readonly string[], place: (at: number) => number, room: number, y: number): string {
  const turned = longestName(keys) > room;
  const every = Math.max(1, Math.ceil((turned ? 14 : longestName(keys)) / room));
  return keys
    .map((key, at) => {
      if (at % every !== 0) return '';
      const x = place(at);
      if (!turned) return label(x, y + 16, shortened(key, 16), 'text-anchor="middle"');
      return label(x, y + 12, shortened(key, 16), `text-anchor="end" transform="rotate(-40 ${rounded(x)} ${y + 12})"`);
    })
    .join('');
}

const tip = (series: Series, { key, value }: Point) =>
  `<title>${escapeText(key)}\n${escapeText(series.name)}: ${value.toLocaleString('en-US', { maximumFractionDigits: 6 })}</title>`;

function bars(
  series: readonly Series[],
  x: (at: number) => number,
  y: (value: number) => number,
  room: number,
): string {
  const width = Math.max(1, (room * 0.8) / series.length);
  return series
    .flatMap((one, at) =>
      one.points.map((point) => {
        const [top, bottom] = [Math.min(y(0), y(point.value)), Math.max(y(0), y(point.value))];
        const left = x(point.at) - room * 0.4 + at * width;
        return `<rect x="${rounded(left)}" y="${rounded(top)}" width="${rounded(width)}" height="${rounded(bottom - top)}" fill="${colour(at)}">${tip(one, point)}</rect>`;
      }),
    )
    .join('');
}

function lines(
  series: readonly Series[],
  x: (at: number) => number,
  y: (value: number) => number,
  filled: boolean,
): string {
  return series
    .map((one, at) => {
      const path = one.points.map((point) => `${rounded(x(point.at))} ${rounded(y(point.value))}`).join('L');
      const [first, last] = [one.points[0], one.points.at(-1)];
      if (!first || !last) return '';
      const under = `<path d="M${rounded(x(first.at))} ${rounded(y(0))}L${path}L${rounded(x(last.at))} ${rounded(y(0))}Z" fill="${colour(at)}" fill-opacity="0.3"/>`;
      const line = `<path d="M${path}" fill="none" stroke="${colour(at)}" stroke-width="2"/>`;
      return (filled ? under : '') + line + dots([one], x, y, at, one.points.length > 60 ? 1.5 : 3);
    })
    .join('');
}

function dots(
  series: readonly Series[],
  x: (at: number) => number,
  y: (value: number) => number,
  first = 0,
  radius = 3.5,
) {
  return series
    .flatMap((one, at) =>
      one.points.map(
        (point) =>
          `<circle cx="${rounded(x(point.at))}" cy="${rounded(y(point.value))}" r="${radius}" fill="${colour(first + at)}" fill-opacity="0.8">${tip(one, point)}</circle>`,
      ),
    )
    .join('');
}

/** Everything over two axes: bars, lines, areas and dots. */
export function drawPlot(
  type: ChartType,
  groups: Groups,
  names: { title: string; key: string; value: string },
  width: number,
  height: number,
): string {
  const isBar = type === 'bar';
  const keys = isBar ? groups.keys.slice(0, mostBars) : groups.keys;
  const order = new Map(keys.map((key, at) => [key, at]));
  const asCategory = isBar || groups.axis === 'category';
  const series = groups.series.slice(0, mostSeries).map(({ name, points }) => ({
    name,
    points: isBar
      ? points.flatMap((it) => (order.has(it.key) ? [{ ...it, at: order.get(it.key) as number }] : []))
      : points,
  }));
  const points = series.flatMap((it) => it.points);
  const [least, greatest] = extent(points.map(({ value }) => value));
  const based = type === 'bar' || type === 'area';
  const values = numberScale(based ? Math.min(0, least) : least, based ? Math.max(0, greatest) : greatest);
  const several = series.length > 1;
  const [left, right] = [72, width - (several ? 170 : 16)];
  const room = (right - left) / Math.max(1, keys.length);
  const turned = asCategory && longestName(keys) > room;
  const area: Area = { left, right, top: 14, bottom: height - (turned ? 94 : 48) };
  const y = (value: number) =>
    area.bottom - ((value - values.low) / (values.high - values.low)) * (area.bottom - area.top);
  const [from, to] = extent(points.map(({ at }) => at));
  const along: Scale = groups.axis === 'date' ? dateScale(from, to) : numberScale(from, to, 8);
  const x = asCategory
    ? (at: number) => area.left + (at + 0.5) * room
    : (at: number) => area.left + ((at - along.low) / (along.high - along.low)) * (area.right - area.left);
  const grid = values.ticks.map(
    (tick) =>
      `<line x1="${area.left}" x2="${area.right}" y1="${rounded(y(tick))}" y2="${rounded(y(tick))}" stroke="currentColor" stroke-opacity="0.15"/>${label(area.left - 8, y(tick) + 4, numberText(tick), 'text-anchor="end"')}`,
  );
  const words = (tick: number) => (groups.axis === 'date' ? dateText(tick, along.high - along.low) : numberText(tick));
  const under = asCategory
    ? keyLabels(keys, x, room, area.bottom)
    : along.ticks.map((tick) => label(x(tick), area.bottom + 16, words(tick), 'text-anchor="middle"')).join('');
  const base = `<line x1="${area.left}" x2="${area.right}" y1="${area.bottom}" y2="${area.bottom}" stroke="currentColor" stroke-opacity="0.5"/>`;
  const drawn = isBar
    ? bars(series, x, y, room)
    : type === 'scatter'
      ? dots(series, x, y)
      : lines(series, x, y, type === 'area');
  const middle = (area.top + area.bottom) / 2;
  const titles =
    label(
      (area.left + area.right) / 2,
      height - 4,
      shortened(names.key, 60),
      'text-anchor="middle" font-weight="bold"',
    ) +
    label(
      14,
      middle,
      shortened(names.value, 40),
      `text-anchor="middle" font-weight="bold" transform="rotate(-90 14 ${middle})"`,
    );
  const beside = several
    ? legend(
        series.map(({ name }) => name),
        area.right + 18,
        area.top,
        mostLegend,
      )
    : '';
  return picture(width, height, names.title, grid.join('') + drawn + base + under + titles + beside);
}
