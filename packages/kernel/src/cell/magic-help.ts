import type { LanguageModule, Magic, MagicOption } from '@crossview/contracts';

const signs: Readonly<Record<Magic['kind'], readonly string[]>> = { line: ['%'], cell: ['%%'], both: ['%', '%%'] };

function optionLines(options: readonly MagicOption[] = []): readonly string[] {
  const rows = options.map(({ flags, value, description }) => ({
    left: `${flags.join(', ')}${value === undefined ? '' : ` ${value}`}`,
    description,
  }));
  const width = Math.max(0, ...rows.map(({ left }) => left.length));
  const lines = rows.map(({ left, description }) => `  ${left.padEnd(width)}  ${description}`);
  return lines.length > 0 ? ['', 'Options:', ...lines] : [];
}

/** Help as a front end shows it, made from the magic's own declaration. */
export function magicHelp(magic: Magic): string {
  const names = [magic.name, ...(magic.aliases ?? [])];
  const written = names.flatMap((name) => signs[magic.kind].map((sign) => `${sign}${name}`));
  const usage = magic.usage.split('\n').map((line) => `  ${line}`);
  return [written.join('  '), '', magic.summary, '', 'Usage:', ...usage, ...optionLines(magic.options)].join('\n');
}

export function languageHelp({ name, aliases, title, summary, options }: LanguageModule): string {
  const written = [name, ...aliases].map((it) => `%%${it}`).join('  ');
  return [written, '', `${title}: ${summary}.`, ...optionLines(options)].join('\n');
}
