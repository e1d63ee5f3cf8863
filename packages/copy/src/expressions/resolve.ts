import type { Json } from '@crossview/contracts';
import { ExpressionSyntaxError, ExpressionValueError } from './expression-errors.js';
import { interpolated, isTrue, valueFunctions } from './functions.js';
import { type Expression, parseExpression } from './parse.js';

/** What `dataset()`, `pipeline()`, `activity('x')` stand for at the place of an expression. */
export interface Scope {
  readonly [root: string]: Json | ((argument: string) => Json);
}

export interface ExpressionProblem {
  readonly path: string;
  readonly text: string;
}

/** Names that Data Factory has and that have no meaning here. */
const elsewhere: Readonly<Record<string, string>> = {
  item: 'item() belongs to ForEach, which is not run here',
  variables: 'variables() belongs to Set Variable, which is not run here',
  trigger: 'trigger() has no value here: nothing is triggered',
};

/**
 * Puts values in the place of expressions, all the way down: a string that begins with `@` is one, `@{...}` inside of text,
 * `{"value": "...", "type": "Expression"}`; `@@` is a plain `@`.
 * @returns the JSON with values; problems go to `report`, by path.
 */
export function resolveExpressions(
  json: Json,
  scope: Scope,
  path: string,
  report: (problem: ExpressionProblem) => void,
): Json {
  const attempt = (text: string, read: () => Json): Json => {
    try {
      return read();
    } catch (error) {
      if (
        error instanceof ExpressionSyntaxError ||
        error instanceof ExpressionValueError ||
        error instanceof SyntaxError ||
        error instanceof URIError ||
        error instanceof RangeError
      ) {
        report({ path, text: `the expression ${text} cannot be evaluated: ${error.message}` });
        return null;
      }
      throw error;
    }
  };
  if (typeof json === 'string') {
    if (json.startsWith('@@')) return json.slice(1);
    if (json.startsWith('@') && !json.startsWith('@{'))
      return attempt(json, () => evaluate(parseExpression(json.slice(1)), scope));
    return json.includes('@{') ? attempt(json, () => interpolate(json, scope)) : json;
  }
  if (Array.isArray(json))
    return json.map((item, index) => resolveExpressions(item as Json, scope, `${path}[${index}]`, report));
  if (json === null || typeof json !== 'object') return json;
  const object = json as { readonly [key: string]: Json };
  if (object.type === 'Expression' && typeof object.value === 'string' && Object.keys(object).length === 2)
    return resolveExpressions(object.value, scope, path, report);
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key,
      resolveExpressions(value, scope, path === '' ? key : `${path}.${key}`, report),
    ]),
  );
}

/** `a@{x}b@{y}`; braces and quotes inside an expression are respected. `@@{` is a plain `@{`. */
function interpolate(text: string, scope: Scope): string {
  let result = '';
  let position = 0;
  for (;;) {
    const start = text.indexOf('@{', position);
    if (start < 0) return result + text.slice(position);
    if (text[start - 1] === '@') {
      result += `${text.slice(position, start - 1)}@{`;
      position = start + 2;
      continue;
    }
    let end = start + 2;
    for (let quoted = false; end < text.length; end += 1) {
      if (text[end] === "'") quoted = !quoted;
      else if (text[end] === '}' && !quoted) break;
    }
    if (end >= text.length) throw new ExpressionSyntaxError('@{ has no closing }');
    result += text.slice(position, start) + interpolated(evaluate(parseExpression(text.slice(start + 2, end)), scope));
    position = end + 1;
  }
}

function evaluate(expression: Expression, scope: Scope): Json {
  if (expression.kind === 'literal') return expression.value;
  if (expression.kind === 'member') {
    const key = evaluate(expression.key, scope);
    const of = evaluate(expression.of, scope);
    const value = memberOf(of, key);
    if (value !== undefined) return value;
    if (expression.optional) return null;
    const known = of !== null && typeof of === 'object' && !Array.isArray(of) ? Object.keys(of).join(', ') : '';
    throw new ExpressionValueError(`there is no ${JSON.stringify(key)}${known === '' ? '' : `; there are ${known}`}`);
  }
  return call(expression, scope);
}

function memberOf(of: Json, key: Json): Json | undefined {
  if (Array.isArray(of)) return typeof key === 'number' ? (of[key] as Json | undefined) : undefined;
  if (of === null || typeof of !== 'object') return undefined;
  const object = of as { readonly [name: string]: Json };
  const name = String(key);
  if (Object.hasOwn(object, name)) return object[name];
  const other = Object.keys(object).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return other === undefined ? undefined : object[other];
}

function call({ name, arguments: given }: Extract<Expression, { kind: 'call' }>, scope: Scope): Json {
  const lower = name.toLowerCase();
  if (lower === 'if') {
    const [condition, yes, no] = given;
    if (!condition || !yes || !no) throw new ExpressionValueError('if takes three arguments');
    return evaluate(isTrue(evaluate(condition, scope)) ? yes : no, scope);
  }
  const root = Object.keys(scope).find((candidate) => candidate.toLowerCase() === lower);
  if (root !== undefined) {
    const value = scope[root] as Json | ((argument: string) => Json);
    if (typeof value !== 'function') return value;
    return value(interpolated(given[0] === undefined ? '' : evaluate(given[0], scope)));
  }
  const valueFunction = valueFunctions.get(lower);
  if (valueFunction !== undefined) return valueFunction(...given.map((argument) => evaluate(argument, scope)));
  if (['dataset', 'linkedservice', 'pipeline', 'activity'].includes(lower))
    throw new ExpressionValueError(`${name}() has no meaning at this place`);
  throw new ExpressionValueError(elsewhere[lower] ?? `the function ${name} is not supported`);
}
