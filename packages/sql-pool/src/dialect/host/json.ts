import { SqlError } from '../../errors/sql-error.js';
import { type HostFunction, strict } from './host-function.js';
import { child, find, follow, type JsonNode, parseJson, parsePath } from './json-text.js';
import { escapeJson } from './text.js';

/** The text of a scalar as OPENJSON and JSON_VALUE give it; objects and arrays as they are written. */
function shown(node: JsonNode, text: string): string | null {
  if (node.kind === 'null') return null;
  return node.kind === 'string' ? node.text : text.slice(node.start, node.end);
}

/** OPENJSON's numbers of types. */
const typeNumbers: Readonly<Record<JsonNode['kind'], number>> = {
  null: 0,
  string: 1,
  number: 2,
  true: 3,
  false: 3,
  array: 4,
  object: 5,
};

function modify(text: string, pathText: string, value: string | null): string {
  const path = parsePath(pathText);
  const root = parseJson(text);
  if (path.steps.length === 0) throw new SqlError(13619, 'Unsupported JSON path found in argument 2 of JSON_MODIFY.');
  const last = path.steps.at(-1)!;
  const parent = follow(root, path.steps.slice(0, -1));
  const target = parent && child(parent, last);
  const missing = () => new SqlError(13608, 'Property cannot be found on the specified JSON path.');
  const replaced = (node: { start: number; end: number }, by: string) =>
    text.slice(0, node.start) + by + text.slice(node.end);
  if (path.append) {
    if (target?.kind === 'array')
      return replaced(
        { start: target.end - 1, end: target.end - 1 },
        `${target.items.length > 0 ? ',' : ''}${value ?? 'null'}`,
      );
    if (target || !parent || parent.kind !== 'object') {
      if (path.strict) throw missing();
      return text;
    }
    return modify(text, pathText.replace(/append\s+/i, ''), `[${value ?? 'null'}]`);
  }
  if (target) {
    // Lax and NULL takes a member out; an element of an array becomes null.
    if (value !== null || path.strict || typeof last === 'number') return replaced(target, value ?? 'null');
    if (parent?.kind !== 'object') return text;
    const index = parent.members.findIndex((member) => member.value === target);
    const rest = parent.members.filter((_, other) => other !== index);
    const inner = rest.map(
      (member) => `"${escapeJson(member.key)}":${text.slice(member.value.start, member.value.end)}`,
    );
    return replaced(parent, `{${inner.join(',')}}`);
  }
  if (path.strict) throw missing();
  if (value === null || parent?.kind !== 'object' || typeof last === 'number') return text;
  const comma = parent.members.length > 0 ? ',' : '';
  return replaced({ start: parent.end - 1, end: parent.end - 1 }, `${comma}"${escapeJson(last)}":${value}`);
}

export const jsonFunctions = {
  is_json: strict(['text'], 'whole', (text: string) => {
    try {
      parseJson(text);
      return 1;
    } catch {
      return 0;
    }
  }),
  json_value: strict(['text', 'text'], 'text', (text: string, pathText: string) => {
    const path = parsePath(pathText);
    const found = find(text, path);
    if (!found) return null;
    const scalar = found.kind !== 'object' && found.kind !== 'array';
    const value = scalar ? shown(found, text) : null;
    if (path.strict && !scalar) throw new SqlError(13623, 'Scalar value cannot be found in the specified JSON path.');
    if (value !== null && value.length > 4000) {
      if (path.strict) throw new SqlError(13625, 'String value in the specified JSON path would be truncated.');
      return null;
    }
    return value;
  }),
  json_query: strict(['text', 'text'], 'text', (text: string, pathText: string) => {
    const path = parsePath(pathText);
    const found = find(text, path);
    if (found?.kind === 'object' || found?.kind === 'array') return text.slice(found.start, found.end);
    if (found && path.strict) throw new SqlError(13624, 'Object or array cannot be found in the specified JSON path.');
    return null;
  }),
  /** The value as JSON text, or NULL. */
  json_modify: {
    parameters: ['text', 'text', 'text'],
    returns: 'text',
    call: (text, path, value) =>
      text === null || path === null ? null : modify(text as string, path as string, value as string | null),
  },
  /** Rows of OPENJSON without WITH, as JSON: `[{"k":…,"v":…,"t":…}]`. */
  open_json: strict(['text', 'text'], 'text', (text: string, pathText: string) => {
    const found = find(text, parsePath(pathText));
    if (!found) return '[]';
    const members =
      found.kind === 'object'
        ? found.members
        : found.kind === 'array'
          ? found.items.map((value, index) => ({ key: String(index), value }))
          : [];
    return JSON.stringify(
      members.map(({ key, value }) => ({ k: key, v: shown(value, text), t: typeNumbers[value.kind] })),
    );
  }),
  /** Rows of OPENJSON … WITH: an array of texts for each; the third argument is the list of `[path, asJson]`. */
  open_json_rows: strict(['text', 'text', 'text'], 'text', (text: string, pathText: string, columnText: string) => {
    const found = find(text, parsePath(pathText));
    if (!found) return '[]';
    const columns = (JSON.parse(columnText) as [string, boolean][]).map(
      ([path, asJson]) => [parsePath(path), asJson] as const,
    );
    const rows = found.kind === 'array' ? found.items : [found];
    return JSON.stringify(
      rows.map((row) =>
        columns.map(([path, asJson]) => {
          const value = follow(row, path.steps);
          if (!value && path.strict) throw new SqlError(13608, 'Property cannot be found on the specified JSON path.');
          const nested = value?.kind === 'object' || value?.kind === 'array';
          return !value || nested !== asJson ? null : shown(value, text);
        }),
      ),
    );
  }),
} as const satisfies Readonly<Record<string, HostFunction>>;
