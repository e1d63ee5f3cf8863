/** Colours that stay apart for most readers, on light and on dark ground. */
const colours = [
  '#4c78a8',
  '#f58518',
  '#54a24b',
  '#e45756',
  '#72b7b2',
  '#b279a2',
  '#eeca3b',
  '#ff9da6',
  '#9d755d',
  '#8a8a8a',
];

export const colour = (at: number): string => colours[at % colours.length] as string;

export const escapeText = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

export const rounded = (value: number): number => Math.round(value * 10) / 10;

export function label(x: number, y: number, text: string, rest = ''): string {
  return `<text x="${rounded(x)}" y="${rounded(y)}" ${rest}>${escapeText(text)}</text>`;
}

export function legend(names: readonly string[], x: number, y: number, most: number): string {
  const shown = names.slice(0, most);
  const lines = shown.map(
    (name, at) =>
      `<rect x="${x}" y="${y + at * 18}" width="11" height="11" rx="2" fill="${colour(at)}"/>${label(x + 16, y + at * 18 + 10, shortened(name, 20))}`,
  );
  if (names.length > most) lines.push(label(x, y + most * 18 + 10, `and ${names.length - most} more`));
  return lines.join('');
}

export function picture(width: number, height: number, title: string, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeText(title)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" style="max-width:100%;height:auto" font-family="sans-serif" font-size="12" fill="currentColor">${body}</svg>`;
}
