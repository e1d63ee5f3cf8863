import type { Expression, LoopExpression, ProcedureParameter, Statement } from '../dialect/ast.js';
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
  if (statement.kind === 'while') return returns(statement.body);
  return statement.kind === 'return';
}

/** Whether a part of a loop's body leaves its turn. */
function leaves(statement: Statement | undefined): boolean {
  if (!statement) return false;
  if (statement.kind === 'block') return statement.statements.some(leaves);
  if (statement.kind === 'if') return leaves(statement.whenTrue) || leaves(statement.otherwise);
  return statement.kind === 'break' || statement.kind === 'continue';
}

interface Loop extends Omit<LoopExpression, 'kind' | 'result'> {
  /** Of the variables, as the function has them. */
  readonly names: readonly string[];
}

function outcome({ variables, condition, steps, names }: Loop, name: string): Expression {
  return { kind: 'loop', variables, condition, steps, result: names.indexOf(name) };
}

/** All variables after a loop. */
function whole(made: Loop, values: Values): Values {
  const next = new Map(values);
  made.names.forEach((name, index) => {
    if (!name.startsWith('$')) next.set(name, { type: made.variables[index]!.type, value: outcome(made, name) });
  });
  return next;
}

/** Variables that a loop's body sets or declares, with their types. */
function changed(body: Statement, values: Values): Map<string, SqlType> {
  const found = new Map<string, SqlType>();
  const visit = (statement: Statement | undefined): void => {
    if (!statement) return;
    const note = (name: string) => {
      const type = values.get(name.toLowerCase())?.type;
      if (type && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), type);
    };
    if (statement.kind === 'block') statement.statements.forEach(visit);
    else if (statement.kind === 'if') {
      visit(statement.whenTrue);
      visit(statement.otherwise);
    } else if (statement.kind === 'while') visit(statement.body);
    else if (statement.kind === 'setVariable') note(statement.name);
    else if (statement.kind === 'declare')
      for (const { name, type } of statement.variables) found.set(name.toLowerCase(), type);
    else if (statement.kind === 'select' && statement.query.body.kind === 'select')
      for (const { assign } of statement.query.body.items) if (assign !== undefined) note(assign);
  };
  visit(body);
  return found;
}

function number(value: number): Expression {
  return { kind: 'number', text: String(value) };
}

function tooMany(): SqlError {
  return notSupported('scalar functions with so many ways through them', 0, 'Write the body with CASE.');
}

/**
 * The body of a scalar function as one expression: what is assigned is put where it is read, IF becomes CASE, WHILE a recursive table.
 * @throws SqlError 40517 for statements that are not of its kind, 455 for a way that ends without RETURN
 */
export function inlined(
  body: readonly Statement[],
  parameters: readonly ProcedureParameter[],
  type: SqlType,
): Expression {
  let paths = 0;
  let loops = 0;

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
      case 'while':
        return whole(loop(statement, values), values);
      case 'nothing':
        return values;
      default:
        throw notSupported(
          `the statement '${statement.kind}' in a scalar function`,
          statement.line,
          'Write the body with DECLARE, SET, IF, WHILE and RETURN.',
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

  /** The way through the body of a loop: BREAK and RETURN set its state, CONTINUE leaves the rest out. */
  const turn = (statements: readonly Statement[], values: Values): Values => {
    if (++paths > 200) throw tooMany();
    const list = flat(statements);
    let current = values;
    for (const [index, statement] of list.entries()) {
      if (statement.kind === 'break') return assigned(current, '$state', number(1));
      if (statement.kind === 'continue') return current;
      if (statement.kind === 'return')
        return assigned(
          assigned(current, '$value', substituted(statement.value ?? nothing, current)),
          '$state',
          number(2),
        );
      if (statement.kind === 'if' && (returns(statement) || leaves(statement))) {
        const rest = list.slice(index + 1);
        const yes = turn([statement.whenTrue, ...rest], current);
        const no = turn(statement.otherwise ? [statement.otherwise, ...rest] : rest, current);
        return merged(substituted(statement.condition, current), yes, no, current);
      }
      if (statement.kind === 'while' && returns(statement))
        throw notSupported('RETURN in a loop inside of a loop', statement.line, 'Leave the inner loop with BREAK.');
      current = statement.kind === 'if' ? branch(statement, current) : simple(statement, current);
    }
    return current;
  };

  /** What the variables of a WHILE are after it, and its state: 2 after RETURN. */
  const loop = (statement: Extract<Statement, { kind: 'while' }>, values: Values): Loop => {
    const tag = `$loop${++loops}`;
    const names = [...changed(statement.body, values)];
    const variables = [
      ...names.map(([name, known]) => ({ name, type: known, start: values.get(name)?.value ?? nothing })),
      { name: '$state', type: { name: 'int' } as const, start: number(0) },
      { name: '$value', type, start: nothing },
    ];
    const inside = new Map(values);
    for (const variable of variables)
      inside.set(variable.name, {
        type: variable.type,
        value: { kind: 'column', name: [`${variable.name}${tag}`], line: statement.line },
      });
    const after = turn([statement.body], inside);
    const still: Expression = {
      kind: 'comparison',
      operator: '=',
      left: inside.get('$state')!.value,
      right: number(0),
    };
    return {
      variables: variables.map((variable) => ({ ...variable, name: `${variable.name}${tag}` })),
      names: variables.map(({ name }) => name),
      condition: { kind: 'and', left: still, right: substituted(statement.condition, inside) },
      steps: variables.map(({ name }) => after.get(name)!.value),
    };
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
    if (++paths > 200) throw tooMany();
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
      if (statement.kind === 'while' && returns(statement)) {
        const made = loop(statement, current);
        const state = outcome(made, '$state');
        return {
          kind: 'case',
          operand: undefined,
          branches: [
            {
              when: { kind: 'comparison', operator: '=', left: state, right: number(2) },
              result: outcome(made, '$value'),
            },
          ],
          otherwise: walk(list.slice(index + 1), whole(made, current)),
        };
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
