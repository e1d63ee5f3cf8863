import { CrossviewError, type Json } from '@crossview/contracts';

export interface Placeholder {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Texts, quoted names and comments, in which braces mean nothing; then `{{name}}` and `{name}`. */
const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[(?:[^\]]|\]\])*\]|--[^\n]*|\/\*[\s\S]*?\*\/|\{\{\s*([\p{L}_][\p{L}\p{N}_]*)\s*\}\}|\{([\p{L}_][\p{L}\p{N}_]*)\}/gu;

/** Places of `{name}` and `{{name}}` outside of texts and comments. */
export function findPlaceholders(text: string): readonly Placeholder[] {
  const found: Placeholder[] = [];
  for (const match of text.matchAll(token)) {
    const name = match[1] ?? match[2];
    if (name !== undefined) found.push({ name, start: match.index, end: match.index + match[0].length });
  }
  return found;
}

export type Lookup = (name: string) => Promise<Json | undefined>;

/**
 * Replaces each `{name}` and `{{name}}` by what `write` makes of its value.
 * @throws CrossviewError `PARAMETER_UNKNOWN`
 */
export async function bindPlaceholders(
  text: string,
  lookup: Lookup,
  write: (name: string, value: Json) => string,
): Promise<string> {
  const values = new Map<string, Json>();
  let bound = '';
  let at = 0;
  for (const { name, start, end } of findPlaceholders(text)) {
    if (!values.has(name)) values.set(name, await known(name, lookup));
    bound += text.slice(at, start) + write(name, values.get(name) ?? null);
    at = end;
  }
  return bound + text.slice(at);
}

async function known(name: string, lookup: Lookup): Promise<Json> {
  const value = await lookup(name);
  if (value !== undefined) return value;
  throw new CrossviewError('PARAMETER_UNKNOWN', `{${name}}: there is no variable of this name in Python`, {
    hint: `Set it in a Python cell first, ${name} = …, or write the braces inside of quotes when they are meant as text.`,
    facts: { name },
  });
}

/** A value that JSON has no word for: `{type: 'decimal', value: '1.50'}`. */
export function typedValue(value: Json): { type: string; value: string } | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { type, value: text } = value as { type?: Json; value?: Json };
  return typeof type === 'string' && typeof text === 'string' ? { type, value: text } : undefined;
}
