import type { RoutineDefinition } from '../catalog/objects.js';
import type { Expression, Name, ProcedureParameter, Query, Statement, StatementOf } from '../dialect/ast.js';
import { parseBatch } from '../dialect/parse/batch.js';
import { SqlError } from '../errors/sql-error.js';
import type { SqlType } from '../types/sql-type.js';
import { inlined, parameterValues, substituted } from './inline-function.js';
import { resolveName } from './names.js';
import type { Session } from './session.js';

export interface ProcedureBody {
  readonly definition: RoutineDefinition;
  readonly parameters: readonly ProcedureParameter[];
  readonly statements: readonly Statement[];
}

const procedures = new WeakMap<RoutineDefinition, ProcedureBody>();
const functions = new WeakMap<RoutineDefinition, ScalarFunction>();

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

interface ScalarFunction {
  readonly parameters: readonly ProcedureParameter[];
  readonly returns: SqlType;
  readonly body: Expression;
}

interface TableFunction {
  readonly parameters: readonly ProcedureParameter[];
  readonly query: Query;
}

const tableFunctions = new WeakMap<RoutineDefinition, TableFunction>();

/** A scalar function, its body as one expression over its parameters. */
export function scalarFunctionOf(session: Session, name: Name): ScalarFunction | undefined {
  const resolved = resolveName(session, name);
  const definition = resolved.database.find('routine', resolved.schema, resolved.name);
  if (definition?.kind !== 'function') return undefined;
  let found = functions.get(definition);
  if (!found) {
    const create = parseBatch(definition.text)[0] as StatementOf<'createFunction'>;
    found = {
      parameters: create.parameters,
      returns: create.returns as SqlType,
      body: inlined(parseBatch(create.body), create.parameters, create.returns as SqlType),
    };
    functions.set(definition, found);
  }
  return found;
}

/** An inline table-valued function, its parameters as columns in its query. */
export function tableFunctionOf(session: Session, name: Name): TableFunction | undefined {
  const resolved = resolveName(session, name);
  const definition = resolved.database.find('routine', resolved.schema, resolved.name);
  if (definition?.kind !== 'tableFunction') return undefined;
  let found = tableFunctions.get(definition);
  if (!found) {
    const create = parseBatch(definition.text)[0] as StatementOf<'createFunction'>;
    found = { parameters: create.parameters, query: functionQuery(create.body, create.parameters) };
    tableFunctions.set(definition, found);
  }
  return found;
}

/** The query of `RETURN (SELECT …)`. @throws SqlError 102 for another body */
export function functionQuery(body: string, parameters: readonly ProcedureParameter[]): Query {
  const statements = parseBatch(body.replace(/^\s*RETURN\b/i, ''));
  const [statement] = statements;
  if (!/^\s*RETURN\b/i.test(body) || statement?.kind !== 'select' || statements.length > 1)
    throw new SqlError(102, "Incorrect syntax near 'RETURNS': an inline table-valued function is RETURN (SELECT …).", {
      severity: 15,
    });
  return substituted(statement.query, parameterValues(parameters));
}

/** Parameters of a routine as the catalog shows them, and the type that a scalar function returns. */
export function parametersOf(definition: RoutineDefinition): {
  readonly parameters: readonly ProcedureParameter[];
  readonly returns: SqlType | undefined;
} {
  const create = parseBatch(definition.text)[0] as StatementOf<'createProcedure'> | StatementOf<'createFunction'>;
  const returns = 'returns' in create && create.returns !== 'table' ? create.returns : undefined;
  return { parameters: create.parameters, returns };
}
