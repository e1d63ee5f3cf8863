import { SqlError } from '../../errors/sql-error.js';
import { toRegularExpression } from '../translate/like.js';
import { type HostFunction, strict } from './host-function.js';

const soundexCodes: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...'BFPV'].map((letter) => [letter, '1'])),
  ...Object.fromEntries([...'CGJKQSXZ'].map((letter) => [letter, '2'])),
  ...Object.fromEntries([...'DT'].map((letter) => [letter, '3'])),
  L: '4',
  M: '5',
  N: '5',
  R: '6',
};

/** SOUNDEX since compatibility level 110: H and W between two letters of one code do not part them. */
function soundex(text: string): string {
  const letters = /^[A-Z]*/.exec(text.trimStart().toUpperCase())![0];
  if (letters === '') return '0000';
  let result = letters[0]!;
  let previous = soundexCodes[result] ?? '';
  for (const letter of letters.slice(1)) {
    const code = soundexCodes[letter] ?? '';
    if (code !== '' && code !== previous) result += code;
    if (letter !== 'H' && letter !== 'W') previous = code;
    if (result.length === 4) break;
  }
  return result.padEnd(4, '0');
}

/** printf-like text of RAISERROR and FORMATMESSAGE (Transact-SQL "RAISERROR"). */
export function printf(message: string, values: readonly (string | number | null)[]): string {
  let next = 0;
  return message.replaceAll(
    /%(?:(%)|([-+0 #]*)(\d+|\*)?(?:\.(\d+|\*))?(?:I64|[hl])?([diosuxX]))/g,
    (
      _,
      percent: string | undefined,
      flags = '',
      width: string | undefined,
      precision: string | undefined,
      kind = 's',
    ) => {
      if (percent) return '%';
      const wide = Number(width === '*' ? values[next++] : (width ?? 0));
      const digits =
        precision === '*' ? Number(values[next++]) : precision === undefined ? undefined : Number(precision);
      const value = values[next++];
      let text: string;
      if (value === null || value === undefined) text = '(null)';
      else if (kind === 's') text = digits === undefined ? String(value) : String(value).slice(0, digits);
      else {
        const whole = BigInt(Math.trunc(Number(value)));
        const magnitude = kind === 'd' || kind === 'i' ? (whole < 0n ? -whole : whole) : BigInt.asUintN(32, whole);
        const base = kind === 'o' ? 8 : kind === 'x' || kind === 'X' ? 16 : 10;
        text = magnitude.toString(base).padStart(digits ?? 0, '0');
        if (kind === 'X') text = text.toUpperCase();
        if (flags.includes('#') && base !== 10 && magnitude !== 0n) text = (base === 8 ? '0' : `0${kind}`) + text;
        const sign =
          kind === 'd' || kind === 'i'
            ? whole < 0n
              ? '-'
              : flags.includes('+')
                ? '+'
                : flags.includes(' ')
                  ? ' '
                  : ''
            : '';
        if (flags.includes('0') && !flags.includes('-')) text = text.padStart(wide - sign.length, '0');
        text = sign + text;
      }
      return flags.includes('-') ? text.padEnd(wide) : text.padStart(wide);
    },
  );
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** Text as it stands inside the quotes of a JSON string. */
export function escapeJson(text: string): string {
  return text.replaceAll(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped.
    /["\\/\u0000-\u001f]/g,
    (char) => escapes[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const patterns = new Map<string, RegExp>();

function pattern(text: string, escapeBy: string | undefined, whole: boolean): RegExp {
  const key = `${whole}${escapeBy ?? ''}\0${text}`;
  let found = patterns.get(key);
  if (!found) {
    if (patterns.size > 200) patterns.clear();
    const open = !whole && text.startsWith('%');
    const close = !whole && text.length > 1 && text.endsWith('%');
    const inner = toRegularExpression(text.slice(open ? 1 : 0, close ? -1 : undefined), escapeBy);
    found = new RegExp(`${open ? '' : '^'}(?:${inner})${close ? '' : '$'}`, 'isu');
    patterns.set(key, found);
  }
  return found;
}

export const textFunctions = {
  soundex: strict(['text'], 'text', (text: string) => soundex(text)),
  difference: strict(['text', 'text'], 'whole', (left: string, right: string) => {
    const [a, b] = [soundex(left), soundex(right)];
    return [...a].filter((char, index) => char === b[index]).length;
  }),
  /** The arguments as a JSON array, for there may be any number. */
  format_message: strict(['text', 'text'], 'text', (message: string, values: string) =>
    printf(message, JSON.parse(values)),
  ),
  escape_json: strict(['text'], 'text', (text: string) => escapeJson(text)),
  like: strict(['text', 'text', 'text'], 'whole', (text: string, sought: string, escapeBy: string) =>
    pattern(sought, escapeBy === '' ? undefined : escapeBy, true).test(text) ||
    // Blanks at the end of the text do not count, those of the pattern do.
    pattern(sought, escapeBy === '' ? undefined : escapeBy, true).test(text.replace(/ +$/, ''))
      ? 1
      : 0,
  ),
  /** A part of a name, counted from its end; NULL when it is not there. */
  parse_name: strict(['text', 'whole'], 'text', (name: string, part: number) => {
    const parts = [...name.matchAll(/(?:^|\.)(?:\[((?:[^\]]|\]\])*)\]|"((?:[^"]|"")*)"|([^.[\]"]*))/g)].map(
      ([, bracketed, quoted, plain]) =>
        bracketed?.replaceAll(']]', ']') ?? quoted?.replaceAll('""', '"') ?? plain ?? '',
    );
    if (parts.length > 4) return null;
    return parts.at(-part) || null;
  }),
  pattern_index: strict(['text', 'text'], 'whole', (sought: string, text: string) => {
    const found = pattern(sought, undefined, false).exec(text);
    return found ? found.index + 1 : 0;
  }),
  translate: strict(['text', 'text', 'text'], 'text', (text: string, from: string, to: string) => {
    if (from.length !== to.length)
      throw new SqlError(
        9828,
        'The second and third arguments of the TRANSLATE built-in function must contain an equal number of characters.',
      );
    const lower = from.toLowerCase();
    return text.replaceAll(/[\s\S]/g, (char) => {
      const index = lower.indexOf(char.toLowerCase());
      return index < 0 ? char : to[index]!;
    });
  }),
} as const satisfies Readonly<Record<string, HostFunction>>;
