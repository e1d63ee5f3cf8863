import type { RoutineDefinition } from '../catalog/objects.js';
import type { Expression, Name, ProcedureParameter, Statement, StatementOf } from '../dialect/ast.js';
import { parseBatch } from '../dialect/parse/batch.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import type { SqlType } from '../types/sql-type.js';
import { resolveName } from './names.js';
import type { Session } from './session.js';

export interface ProcedureBody {
  readonly definition: RoutineDefinition;
  readonly parameters: readonly ProcedureParameter[];
  readonly statements: readonly Statement[];
}

const procedures = new WeakMap<RoutineDefinition, ProcedureBody>();
const functions = new WeakMap<
  RoutineDefinition,
  { parameters: readonly { name: string; type: SqlType }[]; returns: SqlType; body: Expression }
>();

/** The statements of a procedure's text. @throws SqlError for a syntax error in it */
export function procedureBody(text: string): readonly Statement[] {
  return parseBatch(text.slice(bodyStart(text)));
}

/** Where the body begins: behind the first AS that stands outside of parentheses. */
function bodyStart(text: string): number {
  const pattern = /'(?:[^']|'')*'|\[(?:[^\]])*\]|"[^"]*"|--[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_@#][\w@#$]*|[\s\S]/g;
  let depth = 0;
  let previous = '';
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const word = match[0];
    if (word === '(') depth++;
    else if (word === ')') depth--;
    else if (/^as$/i.test(word) && depth === 0 && !previous.startsWith('@') && !/^execute$/i.test(previous))
      return pattern.lastIndex;
    if (!/^\s|^--|^\/\*/.test(word)) previous = word;
  }
  return text.length;
}

export function procedureOf(session: Session, name: Name): ProcedureBody | undefined {
  const resolved = resolveName(session, name);
  const definition = resolved.database.find('routine', resolved.schema, resolved.name);
  if (definition?.kind !== 'procedure') return undefined;
  let body = procedures.get(definition);
  if (!body) {
    const create = parseBatch(definition.text)[0] as StatementOf<'createProcedure'>;
    body = { definition, parameters: create.parameters, statements: procedureBody(definition.text) };
    procedures.set(definition, body);
  }
  return body;
}

/** A scalar function whose body is RETURN of one expression. */
export function scalarFunctionOf(
  session: Session,
  name: Name,
): { parameters: readonly { name: string; type: SqlType }[]; returns: SqlType; body: Expression } | undefined {
  const resolved = resolveName(session, name);
  const definition = resolved.database.find('routine', resolved.schema, resolved.name);
  if (definition?.kind !== 'function') return undefined;
  let found = functions.get(definition);
  if (!found) {
    const create = parseBatch(definition.text)[0] as StatementOf<'createFunction'>;
    found = {
      parameters: create.parameters,
      returns: create.returns,
      body: functionBody(create.text, create.parameters),
    };
    functions.set(definition, found);
  }
  return found;
}

/** @throws SqlError when the body is more than BEGIN RETURN … END */
export function functionBody(text: string, parameters: readonly ProcedureParameter[]): Expression {
  let [statement, ...rest] = parseBatch(text);
  if (statement?.kind === 'block' && rest.length === 0) [statement, ...rest] = statement.statements;
  if (statement?.kind !== 'return' || !statement.value || rest.length > 0)
    throw notSupported(
      'functions whose body is more than one RETURN',
      0,
      'Write the body as one expression, with CASE where it branches.',
    );
  return withColumns(statement.value, new Set(parameters.map((parameter) => parameter.name.toLowerCase())));
}

/** Parameters become columns of a one-row table that stands around the body. */
function withColumns(value: Expression, names: ReadonlySet<string>): Expression {
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== 'object' || node === null) return node;
    const record = node as { kind?: string; name?: unknown; line?: number };
    if (record.kind === 'variable') {
      if (!names.has(String(record.name).toLowerCase()))
        throw new SqlError(137, `Must declare the scalar variable "${String(record.name)}".`, {
          severity: 15,
          state: 2,
        });
      return { kind: 'column', name: [record.name], line: record.line ?? 0 };
    }
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, walk(item)]));
  };
  return walk(value) as Expression;
}
