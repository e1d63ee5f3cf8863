import { CrossviewError } from '@crossview/contracts';
import type { z } from 'zod';

/** Something that is wrong in a JSON document, and where. */
export interface Problem {
  /** Which document: `linkedService "SparkLinkedService"`. */
  readonly document: string;
  /** `properties.typeProperties.host`. */
  readonly path: string;
  readonly text: string;
}

/** Collects what is wrong in all documents, so that it is said at once. */
export class Problems {
  readonly found: Problem[] = [];

  add(document: string, path: string, text: string): void {
    if (!this.found.some((problem) => problem.document === document && problem.path === path))
      this.found.push({ document, path, text });
  }

  /** @throws CrossviewError `COPY_DEFINITION_INVALID` listing every problem by path. */
  throwIfAny(): void {
    if (this.found.length === 0) return;
    const lines = this.found.map(({ document, path, text }) => `${document}: ${path === '' ? '' : `${path}: `}${text}`);
    throw new CrossviewError(
      'COPY_DEFINITION_INVALID',
      `${lines.length === 1 ? 'one thing is' : `${lines.length} things are`} wrong in the definition:\n${lines.map((line) => `  ${line}`).join('\n')}`,
      {
        hint: 'Each line names document, property and what it should be.',
        facts: { count: lines.length, paths: this.found.map(({ path }) => path).join(' ') },
      },
    );
  }
}

/** Reads `value` by a schema; problems are added by path, and `undefined` is given. */
export function readBy<T>(
  schema: z.ZodType<T>,
  value: unknown,
  problems: Problems,
  document: string,
  path: string,
): T | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) addIssue(issue, value, problems, document, path);
  return undefined;
}

function addIssue(issue: z.core.$ZodIssue, value: unknown, problems: Problems, document: string, prefix: string): void {
  const path = joinPath(prefix, issue.path);
  const given = valueAt(value, issue.path);
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) problems.add(document, joinPath(path, [key]), 'is not a known property');
    return;
  }
  if (issue.code === 'invalid_union') {
    const closest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
    if (closest.length > 0 && depth(closest) > 0) {
      for (const inner of closest)
        addIssue(
          { ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue,
          value,
          problems,
          document,
          prefix,
        );
      return;
    }
  }
  if (given === undefined) problems.add(document, path, 'is missing');
  else if (issue.code === 'custom' || issue.message.startsWith('is ')) problems.add(document, path, issue.message);
  else if (issue.message.startsWith('must ')) problems.add(document, path, `${issue.message}; it is ${show(given)}`);
  else if (issue.code === 'invalid_value')
    problems.add(document, path, `must be ${issue.values.map(String).join(' or ')}; it is ${show(given)}`);
  else if (issue.code === 'invalid_type')
    problems.add(document, path, `must be ${article(issue.expected)}; it is ${show(given)}`);
  else problems.add(document, path, `${issue.message}; it is ${show(given)}`);
}

const depth = (issues: readonly z.core.$ZodIssue[]): number => Math.max(0, ...issues.map(({ path }) => path.length));

const article = (expected: string): string =>
  ({
    string: 'text',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    object: 'an object',
    array: 'a list',
  })[expected] ?? expected;

/** Never the text of what may be a secret: only short words and numbers are repeated. */
const show = (value: unknown): string => {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return JSON.stringify(value)?.slice(0, 60) ?? 'nothing';
};

export function joinPath(prefix: string, path: readonly PropertyKey[]): string {
  let joined = prefix;
  for (const key of path)
    joined += typeof key === 'number' ? `[${key}]` : joined === '' ? String(key) : `.${String(key)}`;
  return joined;
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === 'object' ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
