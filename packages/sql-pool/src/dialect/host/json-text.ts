import { SqlError } from '../../errors/sql-error.js';

/** A part of a JSON text: where it stands and what it holds. Numbers keep their digits, objects their order. */
export type JsonNode = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'null' | 'true' | 'false' | 'number' }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
);

export interface JsonMember {
  readonly key: string;
  readonly value: JsonNode;
}

/** @throws SqlError 13609 with the place of the fault */
export function parseJson(text: string): JsonNode {
  let at = 0;
  const fail = (): never => {
    throw new SqlError(
      13609,
      at >= text.length
        ? `JSON text is not properly formatted. Unexpected end of text at position ${at}.`
        : `JSON text is not properly formatted. Unexpected character '${text[at]}' is found at position ${at}.`,
    );
  };
  const blank = () => {
    while (at < text.length && ' \t\r\n'.includes(text[at]!)) at++;
  };
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return fail();
    at += found.length;
    return found;
  };
  const string = (): string => {
    const raw = match(/"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
    return raw.includes('\\') ? (JSON.parse(raw.replaceAll(/[\n\r\t]/g, ' ')) as string) : raw.slice(1, -1);
  };
  const list = (close: string, item: () => void) => {
    at++;
    blank();
    if (text[at] === close) {
      at++;
      return;
    }
    for (;;) {
      item();
      blank();
      const char = text[at];
      if (char !== ',' && char !== close) fail();
      at++;
      if (char === close) return;
    }
  };
  const value = (depth: number): JsonNode => {
    if (depth > 128) throw new SqlError(13606, 'JSON text is nested deeper than 128 levels.');
    blank();
    const start = at;
    const char = text[at];
    if (char === '{') {
      const members: JsonMember[] = [];
      list('}', () => {
        blank();
        const key = string();
        blank();
        if (text[at] !== ':') fail();
        at++;
        members.push({ key, value: value(depth + 1) });
      });
      return { kind: 'object', members, start, end: at };
    }
    if (char === '[') {
      const items: JsonNode[] = [];
      list(']', () => {
        items.push(value(depth + 1));
      });
      return { kind: 'array', items, start, end: at };
    }
    if (char === '"') {
      const content = string();
      return { kind: 'string', text: content, start, end: at };
    }
    if (char === 't' || char === 'f' || char === 'n') {
      const word = match(/true|false|null/y) as 'true' | 'false' | 'null';
      return { kind: word, start, end: at };
    }
    match(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    return { kind: 'number', start, end: at };
  };
  const node = value(0);
  blank();
  if (at < text.length) fail();
  if (node.kind !== 'object' && node.kind !== 'array') {
    at = node.start;
    fail();
  }
  return node;
}

export interface JsonPath {
  readonly append: boolean;
  readonly strict: boolean;
  readonly steps: readonly (string | number)[];
}

/** `[append] [lax|strict] $.a."b c"[0]`. @throws SqlError 13607 */
export function parsePath(text: string): JsonPath {
  const head = /^\s*(append\s+)?(lax\s+|strict\s+)?\$/i.exec(text);
  const bad = (position: number) =>
    new SqlError(
      13607,
      `JSON path is not properly formatted. Unexpected character '${text[position] ?? ''}' is found at position ${position}.`,
    );
  if (!head) throw bad(0);
  const steps: (string | number)[] = [];
  const step = /\.\s*(?:"((?:[^"\\]|\\.)*)"|([\p{L}_][\p{L}\p{N}_$]*))|\[\s*(\d+)\s*\]/uy;
  step.lastIndex = head[0].length;
  while (step.lastIndex < text.trimEnd().length) {
    const at = step.lastIndex;
    const found = step.exec(text);
    if (!found) throw bad(at);
    steps.push(
      found[3] !== undefined
        ? Number(found[3])
        : found[1] !== undefined
          ? (JSON.parse(`"${found[1]}"`) as string)
          : found[2]!,
    );
  }
  return { append: head[1] !== undefined, strict: /strict/i.test(head[2] ?? ''), steps };
}

export function child(node: JsonNode, step: string | number): JsonNode | undefined {
  if (typeof step === 'number') return node.kind === 'array' ? node.items[step] : undefined;
  return node.kind === 'object' ? node.members.find((member) => member.key === step)?.value : undefined;
}

export function follow(node: JsonNode, steps: readonly (string | number)[]): JsonNode | undefined {
  let found: JsonNode | undefined = node;
  for (const step of steps) found = found && child(found, step);
  return found;
}

/** @throws SqlError 13608 for a strict path that leads nowhere */
export function find(text: string, path: JsonPath): JsonNode | undefined {
  const found = follow(parseJson(text), path.steps);
  if (!found && path.strict) throw new SqlError(13608, 'Property cannot be found on the specified JSON path.');
  return found;
}
