export interface Series {
  readonly title: string;
  /** Seconds by number of rows, ours and the other way. */
  readonly points: readonly { readonly rows: number; readonly ours: number; readonly theirs: number }[];
}

const [width, height] = [760, 460];
const area = { left: 70, top: 30, right: 20, bottom: 120 };
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];

/** Seconds over rows on two logarithmic axes, where cost that grows linearly is a straight line up by one for one. */
export function plot(series: readonly Series[], note: string): string {
  const all = series.flatMap(({ points }) => points);
  const seconds = all.flatMap(({ ours, theirs }) => [ours, theirs]);
  const rows = all.map((point) => point.rows);
  const x = scale(rows, area.left, width - area.right);
  const y = scale(seconds, height - area.bottom, area.top);
  const grid = [
    ...x.ticks.map((value) => {
      const at = x.at(value).toFixed(1);
      return `<line class="g" x1="${at}" x2="${at}" y1="${area.top}" y2="${height - area.bottom}"/><text x="${at}" y="${height - area.bottom + 18}" text-anchor="middle">${short(value)}</text>`;
    }),
    ...y.ticks.map((value) => {
      const at = y.at(value).toFixed(1);
      return `<line class="g" x1="${area.left}" x2="${width - area.right}" y1="${at}" y2="${at}"/><text x="${area.left - 8}" y="${at}" dy="4" text-anchor="end">${value} s</text>`;
    }),
  ];
  const lines = series.flatMap(({ points }, index) => {
    const colour = colours[index % colours.length]!;
    const path = (side: 'ours' | 'theirs') =>
      points.map((point) => `${x.at(point.rows).toFixed(1)},${y.at(point[side]).toFixed(1)}`).join(' ');
    const dots = points.map(
      (point) =>
        `<circle cx="${x.at(point.rows).toFixed(1)}" cy="${y.at(point.ours).toFixed(1)}" r="3" fill="${colour}"/>`,
    );
    return [
      `<polyline points="${path('ours')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      `<polyline points="${path('theirs')}" fill="none" stroke="${colour}" stroke-width="1" stroke-dasharray="4 4"/>`,
      ...dots,
    ];
  });
  const legend = series.map(({ title }, index) => {
    const at = height - area.bottom + 44 + index * 17;
    return `<line x1="${area.left}" x2="${area.left + 24}" y1="${at - 4}" y2="${at - 4}" stroke="${colours[index % colours.length]}" stroke-width="2"/><text x="${area.left + 32}" y="${at}">${escaped(title)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Seconds by rows">
<style>text{font:12px sans-serif;fill:#333}.g{stroke:#ddd}</style>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${area.left}" y="18">${escaped(note)}</text>
${[...grid, ...lines, ...legend].join('\n')}
</svg>
`;
}

function scale(values: readonly number[], from: number, to: number) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  const span = Math.max(1, high - low);
  return {
    at: (value: number) => from + ((Math.log10(value) - low) / span) * (to - from),
    ticks: Array.from({ length: span + 1 }, (_, index) => Number((10 ** (low + index)).toPrecision(1))),
  };
}

function short(rows: number): string {
  return rows >= 1e6 ? `${rows / 1e6}M` : rows >= 1e3 ? `${rows / 1e3}k` : String(rows);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
