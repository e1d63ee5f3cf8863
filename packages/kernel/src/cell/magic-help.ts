import type { Magic } from '@crossview/contracts';

const signs: Readonly<Record<Magic['kind'], readonly string[]>> = { line: ['%'], cell: ['%%'], both: ['%', '%%'] };

/** Help as a front end shows it, made from the magic's own declaration. */
export function magicHelp(magic: Magic): string {
  const names = [magic.name, ...(magic.aliases ?? [])];
  const written = names.flatMap((name) => signs[magic.kind].map((sign) => `${sign}${name}`));
  const rows = (magic.options ?? []).map(({ flags, value, description }) => ({
    left: `${flags.join(', ')}${value === undefined ? '' : ` ${value}`}`,
    description,
  }));
  const width = Math.max(0, ...rows.map(({ left }) => left.length));
  const options = rows.map(({ left, description }) => `  ${left.padEnd(width)}  ${description}`);
  return [written.join('  '), '', magic.summary, '', 'Usage:', ...magic.usage.split('\n').map((line) => `  ${line}`)]
    .concat(options.length > 0 ? ['', 'Options:', ...options] : [])
    .join('\n');
}
