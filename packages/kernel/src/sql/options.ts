import { CrossviewError, type MagicOption } from '@crossview/contracts';

/** The words of an argument line; quotes keep blanks together. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  for (const [, double, single, bare] of line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g))
    words.push(double ?? single ?? bare ?? '');
  return words;
}

export interface ReadOptions {
  /** By the option's first flag without its dashes: the value, or `true` for a switch. */
  readonly values: ReadonlyMap<string, string | true>;
  /** The same in the order in which they were given, with options that were given more than once. */
  readonly given: readonly (readonly [name: string, value: string | true])[];
  /** The line from the first word that is no option. */
  readonly rest: string;
}

/**
 * Reads the options in front of an argument line, as declared.
 * @throws CrossviewError `OPTION_UNKNOWN`, `OPTION_VALUE_MISSING`
 */
export function readOptions(magic: string, line: string, options: readonly MagicOption[]): ReadOptions {
  const values = new Map<string, string | true>();
  const given: (readonly [string, string | true])[] = [];
  const add = (name: string, value: string | true) => {
    values.set(name, value);
    given.push([name, value]);
  };
  let rest = line.trim();
  while (rest.startsWith('-') && !rest.startsWith('--' + ' ')) {
    const [, flag = '', assigned, after = ''] =
      /^(-{1,2}[A-Za-z][\w-]*)(?:=("[^"]*"|'[^']*'|\S+))?\s*(.*)$/s.exec(rest) ?? [];
    const option = options.find(({ flags }) => flags.includes(flag));
    if (!option)
      throw new CrossviewError('OPTION_UNKNOWN', `%%${magic} has no option ${flag || rest.split(/\s/)[0]}`, {
        hint: `It has ${options.flatMap(({ flags }) => flags).join(', ')}.`,
        facts: { magic, option: flag },
      });
    const key = (option.flags[0] ?? '').replace(/^-+/, '');
    rest = after;
    if (option.value === undefined) {
      add(key, true);
      continue;
    }
    const [, double, single, bare] = /^(?:"([^"]*)"|'([^']*)'|(\S+))/.exec(assigned ?? rest) ?? [];
    const value = double ?? single ?? bare;
    if (value === undefined)
      throw new CrossviewError('OPTION_VALUE_MISSING', `%%${magic}: ${flag} needs a value, ${option.value}`, {
        facts: { magic, option: flag },
      });
    add(key, value);
    if (assigned === undefined) rest = rest.replace(/^(?:"[^"]*"|'[^']*'|\S+)\s*/, '');
  }
  return { values, given, rest };
}

export function textOption(options: ReadOptions, name: string): string | undefined {
  const value = options.values.get(name);
  return typeof value === 'string' ? value : undefined;
}

/** @throws CrossviewError `OPTION_VALUE` */
export function numberOption(magic: string, options: ReadOptions, name: string): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value))
    throw new CrossviewError('OPTION_VALUE', `%%${magic}: -${name} needs a whole number, not ${text}`, {
      facts: { magic, option: name, value: text },
    });
  return value;
}
