import type { Groups } from './groups.js';
import { numberText } from './scale.js';
import { colour, escapeText, legend, picture, rounded } from './svg.js';

const mostSlices = 9;

/** The slices of the first series, largest first; small ones become one. Shares of negative values do not exist. */
export function slices({ series }: Groups): { key: string; value: number }[] {
  const sorted = (series[0]?.points ?? []).filter(({ value }) => value > 0).sort((a, b) => b.value - a.value);
  const whole = new Map<string, number>();
  for (const { key, value } of sorted) whole.set(key, (whole.get(key) ?? 0) + value);
  const all = [...whole].map(([key, value]) => ({ key, value }));
  if (all.length <= mostSlices + 1) return all;
  const rest = all.slice(mostSlices).reduce((sum, { value }) => sum + value, 0);
  return [...all.slice(0, mostSlices), { key: `${all.length - mostSlices} others`, value: rest }];
}

export function drawPie(groups: Groups, title: string, width: number, height: number): string {
  const parts = slices(groups);
  const sum = parts.reduce((total, { value }) => total + value, 0);
  const radius = height / 2 - 12;
  const [x, y] = [radius + 20, height / 2];
  const edge = (share: number) => {
    const turn = share * 2 * Math.PI;
    return `${rounded(x + radius * Math.sin(turn))} ${rounded(y - radius * Math.cos(turn))}`;
  };
  let done = 0;
  const drawn = parts.map(({ key, value }, at) => {
    const [from, to] = [done / sum, (done + value) / sum];
    done += value;
    const tip = `<title>${escapeText(key)}: ${numberText(value)} (${((value / sum) * 100).toFixed(1)} %)</title>`;
    if (parts.length === 1) return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${colour(at)}">${tip}</circle>`;
    const large = to - from > 0.5 ? 1 : 0;
    return `<path d="M${x} ${y}L${edge(from)}A${radius} ${radius} 0 ${large} 1 ${edge(to)}Z" fill="${colour(at)}" stroke="#fff">${tip}</path>`;
  });
  const names = parts.map(({ key, value }) => `${key}  ${((value / sum) * 100).toFixed(1)} %`);
  return picture(width, height, title, drawn.join('') + legend(names, x + radius + 30, 24, mostSlices + 1));
}
