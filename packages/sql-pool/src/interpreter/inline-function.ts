import type { Expression, ProcedureParameter, Statement } from '../dialect/ast.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import type { SqlType } from '../types/sql-type.js';

/** Variables by lower-case name: their type and what they hold, said by parameters and columns alone. */
type Values = ReadonlyMap<string, { readonly type: SqlType; readonly value: Expression }>;

const nothing: Expression = { kind: 'null' };

/** Puts values in the place of variables. */
export function substituted<T>(node: T, values: Values): T {
  if (Array.isArray(node)) return node.map((item) => substituted(item, values)) as T;
  if (typeof node !== 'object' || node === null) return node;
  const record = node as { readonly kind?: string; readonly name?: unknown };
  if (record.kind === 'variable' && !String(record.name).startsWith('@@')) {
    const found = values.get(String(record.name).toLowerCase());
    if (!found)
      throw new SqlError(137, `Must declare the scalar variable "${String(record.name)}".`, { severity: 15, state: 2 });
    return found.value as T;
  }
  return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, substituted(item, values)])) as T;
}

/** Parameters as columns of a one-row table that stands around the body. */
export function parameterValues(parameters: readonly ProcedureParameter[]): Values {
  return new Map(
    parameters.map(({ name, type }) => [
      name.toLowerCase(),
      { type, value: { kind: 'column', name: [name], line: 0 } as const },
    ]),
  );
}

function assigned(values: Values, name: string, value: Expression): Values {
  const key = name.toLowerCase();
  const known = values.get(key);
  if (!known) throw new SqlError(137, `Must declare the scalar variable "${name}".`, { severity: 15, state: 2 });
  const next = new Map(values);
  next.set(key, { type: known.type, value: { kind: 'cast', value, type: known.type, attempt: false } });
  return next;
}

function flat(statements: readonly Statement[]): readonly Statement[] {
  return statements.flatMap((statement) => (statement.kind === 'block' ? flat(statement.statements) : [statement]));
}

function returns(statement: Statement | undefined): boolean {
  if (!statement) return false;
  if (statement.kind === 'block') return statement.statements.some(returns);
  if (statement.kind === 'if') return returns(statement.whenTrue) || returns(statement.otherwise);
  return statement.kind === 'return';
}

/**
 * The body of a scalar function as one expression: what is assigned is put where it is read, IF becomes CASE.
 * @throws SqlError 40517 for loops, 455 for a way that ends without RETURN
 */
export function inlined(body: readonly Statement[], parameters: readonly ProcedureParameter[]): Expression {
  let paths = 0;

  const simple = (statement: Statement, values: Values): Values => {
    switch (statement.kind) {
      case 'declare': {
        const next = new Map(values);
        for (const { name, type, value } of statement.variables)
          next.set(name.toLowerCase(), {
            type,
            value: { kind: 'cast', value: value ? substituted(value, next) : nothing, type, attempt: false },
          });
        return next;
      }
      case 'setVariable': {
        const own: Expression = { kind: 'variable', name: statement.name, line: statement.line };
        const value: Expression = statement.operator
          ? { kind: 'binaryOperation', operator: statement.operator, left: own, right: statement.value }
          : statement.value;
        return assigned(values, statement.name, substituted(value, values));
      }
      case 'select': {
        const { body: core } = statement.query;
        if (core.kind !== 'select' || core.items.some((item) => item.assign === undefined || item.assignOperator))
          throw notSupported('SELECT that returns rows in a scalar function', statement.line);
        let next = values;
        for (const item of core.items) {
          if (core.from.length === 0) {
            next = assigned(next, item.assign!, substituted(item.value, next));
            continue;
          }
          const single = { ...item, assign: undefined, alias: 'v' };
          const query = substituted({ ...statement.query, body: { ...core, items: [single] } }, values);
          const before = values.get(item.assign!.toLowerCase())?.value ?? nothing;
          next = assigned(next, item.assign!, {
            kind: 'case',
            operand: undefined,
            branches: [{ when: { kind: 'exists', query }, result: { kind: 'subquery', query } }],
            otherwise: before,
          });
        }
        return next;
      }
      case 'nothing':
        return values;
      default:
        throw notSupported(
          `${statement.kind === 'while' ? 'WHILE' : `the statement '${statement.kind}'`} in a scalar function`,
          statement.line,
          'Write the body with DECLARE, SET, IF and RETURN.',
        );
    }
  };

  const merged = (condition: Expression, yes: Values, no: Values, before: Values): Values => {
    const next = new Map(before);
    for (const [key, { type, value }] of before) {
      const [left, right] = [yes.get(key)!.value, no.get(key)!.value];
      if (left === value && right === value) continue;
      next.set(key, {
        type,
        value: { kind: 'case', operand: undefined, branches: [{ when: condition, result: left }], otherwise: right },
      });
    }
    return next;
  };

  const straight = (statements: readonly Statement[], values: Values): Values => {
    let current = values;
    for (const statement of flat(statements))
      current = statement.kind === 'if' ? branch(statement, current) : simple(statement, current);
    return current;
  };

  const branch = (statement: Extract<Statement, { kind: 'if' }>, values: Values): Values => {
    const yes = straight([statement.whenTrue], values);
    const no = statement.otherwise ? straight([statement.otherwise], values) : values;
    return merged(substituted(statement.condition, values), yes, no, values);
  };

  const walk = (statements: readonly Statement[], values: Values): Expression => {
    if (++paths > 200)
      throw notSupported('scalar functions with so many ways through them', 0, 'Write the body with CASE.');
    let current = values;
    const list = flat(statements);
    for (const [index, statement] of list.entries()) {
      if (statement.kind === 'return') {
        if (!statement.value)
          throw new SqlError(178, 'A RETURN statement with no value cannot be used in a scalar function.', {
            severity: 15,
          });
        return substituted(statement.value, current);
      }
      if (statement.kind === 'if' && returns(statement)) {
        const rest = list.slice(index + 1);
        return {
          kind: 'case',
          operand: undefined,
          branches: [
            { when: substituted(statement.condition, current), result: walk([statement.whenTrue, ...rest], current) },
          ],
          otherwise: walk(statement.otherwise ? [statement.otherwise, ...rest] : rest, current),
        };
      }
      current = statement.kind === 'if' ? branch(statement, current) : simple(statement, current);
    }
    throw new SqlError(455, 'The last statement included within a function must be a return statement.', { state: 2 });
  };

  return walk(body, parameterValues(parameters));
}
