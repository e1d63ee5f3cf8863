import { errors } from '../../errors/catalogue.js';
import { notSupported, SqlError } from '../../errors/sql-error.js';
import type { Expression, FrameBound, FunctionCall, Name, OrderItem, ProcedureParameter, Window } from '../ast.js';
import { aggregates } from '../functions/aggregates.js';
import { wrongCount } from '../functions/arity.js';
import { scalarFunctions } from '../functions/index.js';
import { notBuilt } from '../functions/not-built.js';
import { windowFunctions } from '../functions/windows.js';
import { castTo } from './cast.js';
import { translateValue } from './expression.js';
import { keyText, orderKey } from './key.js';
import { quoteName } from './quote.js';
import { Scope } from './scope.js';
import type { Translation } from './translation.js';
import type { Typed } from './typed.js';

/** A call: aggregate, window function, built-in function, or a function of the user's own. */
export function translateCall(call: FunctionCall, scope: Scope, translation: Translation): Typed {
  if (call.name.length > 1) return userFunction(call, scope, translation);
  const name = call.name[0]!.toUpperCase();
  const aggregate = aggregates[name];
  if (aggregate && !(name === 'MIN' && call.arguments.length > 1)) {
    const over = call.over ? ` OVER (${windowText(call.over, scope, translation)})` : '';
    const star = call.arguments[0]?.kind === 'star';
    // What an aggregate takes are rows, not groups; with OVER it is the other way round.
    const keys = scope.groupKeys;
    if (!call.over) {
      scope.groupKeys = new Map();
      refuseAggregate(scope);
    } else refuseWindow(scope);
    const outer = scope.aggregating;
    if (!call.over && name !== 'GROUPING' && name !== 'GROUPING_ID') scope.aggregating = true;
    const values = star ? [] : call.arguments.map((argument) => translateValue(argument, scope, translation));
    const order = call.withinGroup ? orderText(call.withinGroup, scope, translation) : '';
    scope.groupKeys = keys;
    scope.aggregating = outer;
    return aggregate({ values, star, distinct: call.distinct, over, order });
  }
  const window = windowFunctions[name];
  if (window) {
    if (!call.over)
      throw new SqlError(10753, `The function '${call.name[0]}' must have an OVER clause.`, { severity: 15 });
    refuseWindow(scope);
    if (call.over.orderBy.length === 0 && ordered.has(name))
      throw new SqlError(4112, `The function '${call.name[0]}' must have an OVER clause with ORDER BY.`, {
        severity: 15,
      });
    const values = call.arguments.map((argument) => translateValue(argument, scope, translation));
    return window({
      values,
      over: ` OVER (${windowText(call.over, scope, translation)})`,
      within: (call.withinGroup ?? []).map((item) => ({
        ...translateValue(item.value, scope, translation),
        descending: item.descending,
      })),
      ignoreNulls: call.nulls === 'ignore',
    });
  }
  const hint = notBuilt[name];
  if (hint) throw notSupported(`the function ${name}`, call.line, hint);
  const scalar = scalarFunctions[name];
  if (!scalar) throw errors.unknownFunction(call.name[0]!);
  if (call.over)
    throw new SqlError(
      4113,
      `The function '${call.name[0]}' is not a valid windowing function, and cannot be used with the OVER clause.`,
    );
  const wrong = wrongCount(name, call.arguments.length);
  if (wrong) throw new SqlError(174, wrong, { severity: 15 });
  return scalar({
    name,
    arguments: call.arguments,
    value: (index) => {
      const argument = call.arguments[index];
      if (!argument)
        throw new SqlError(174, `The ${call.name[0]!.toLowerCase()} function requires ${index + 1} argument(s).`, {
          severity: 15,
        });
      return translateValue(argument, scope, translation);
    },
    scope,
    translation,
  });
}

const ordered: ReadonlySet<string> = new Set(
  'ROW_NUMBER RANK DENSE_RANK NTILE LAG LEAD FIRST_VALUE LAST_VALUE CUME_DIST PERCENT_RANK'.split(' '),
);

/** @throws SqlError 4108 */
function refuseWindow(scope: Scope): void {
  if (scope.clause === 'where' || scope.clause === 'having')
    throw new SqlError(4108, 'Windowed functions can only appear in the SELECT or ORDER BY clauses.', { severity: 15 });
}

/** @throws SqlError 130 inside of another aggregate, 147 in WHERE */
function refuseAggregate(scope: Scope): void {
  if (scope.aggregating)
    throw new SqlError(
      130,
      'Cannot perform an aggregate function on an expression containing an aggregate or a subquery.',
      { severity: 15 },
    );
}

export function aggregateCall(name: string, value: Typed): Typed {
  const aggregate = aggregates[name.toUpperCase()];
  if (!aggregate) throw errors.unknownFunction(name);
  return aggregate({ values: [value], star: false, distinct: false, over: '', order: '' });
}

export function orderText(items: readonly OrderItem[], scope: Scope, translation: Translation): string {
  const parts = items.map(
    (item) => `${orderKey(translateValue(item.value, scope, translation))}${item.descending ? ' DESC' : ''}`,
  );
  return `ORDER BY ${parts.join(', ')}`;
}

function windowText(window: Window, scope: Scope, translation: Translation): string {
  const parts: string[] = [];
  if (window.partitionBy.length > 0)
    parts.push(
      `PARTITION BY ${window.partitionBy.map((value) => keyText(translateValue(value, scope, translation))).join(', ')}`,
    );
  if (window.orderBy.length > 0) parts.push(windowOrder(window.orderBy, scope, translation));
  if (window.frame) {
    const bound = (of: FrameBound) => boundText(of, scope, translation);
    parts.push(`${window.frame.unit} BETWEEN ${bound(window.frame.from)} AND ${bound(window.frame.to)}`);
  }
  return parts.join(' ');
}

/** `ORDER BY (SELECT NULL)` asks for no order at all. */
function windowOrder(items: readonly OrderItem[], scope: Scope, translation: Translation): string {
  const real = items.filter((item) => item.value.kind !== 'subquery');
  return real.length > 0 ? orderText(real, scope, translation) : '';
}

function boundText(bound: FrameBound, scope: Scope, translation: Translation): string {
  switch (bound.kind) {
    case 'current':
      return 'CURRENT ROW';
    case 'unboundedPreceding':
      return 'UNBOUNDED PRECEDING';
    case 'unboundedFollowing':
      return 'UNBOUNDED FOLLOWING';
    case 'preceding':
      return `${translateValue(bound.offset!, scope, translation).sql} PRECEDING`;
    case 'following':
      return `${translateValue(bound.offset!, scope, translation).sql} FOLLOWING`;
  }
}

/** Parameters as a one-row table `alias`, with the values that a call gives them. */
export function parameterTable(
  name: Name,
  parameters: readonly ProcedureParameter[],
  given: readonly Expression[],
  scope: Scope,
  translation: Translation,
): { readonly inner: Scope; readonly source: string } {
  if (given.length !== parameters.length)
    throw new SqlError(
      given.length < parameters.length ? 313 : 8144,
      given.length < parameters.length
        ? `An insufficient number of arguments were supplied for the procedure or function ${name.join('.')}.`
        : `Procedure or function ${name.join('.')} has too many arguments specified.`,
    );
  const inner = new Scope();
  const alias = `f${translation.freshName()}`;
  inner.add(
    alias,
    parameters.map((parameter) => ({ name: parameter.name, type: parameter.type })),
  );
  const values = given.map((argument, index) => {
    const parameter = parameters[index]!;
    const expression = argument.kind === 'default' ? (parameter.default ?? ({ kind: 'null' } as const)) : argument;
    return castTo(translateValue(expression, scope, translation), parameter.type, { explicit: true }).sql;
  });
  const columns = parameters.map((parameter) => quoteName(parameter.name)).join(', ');
  return { inner, source: values.length > 0 ? `(SELECT ${values.join(', ')}) AS ${quoteName(alias)}(${columns})` : '' };
}

/** A scalar function is put in place, its parameters as columns of a one-row table. */
function userFunction(call: FunctionCall, scope: Scope, translation: Translation): Typed {
  const found = translation.source.scalarFunction(call.name);
  if (!found)
    throw new SqlError(
      4121,
      `Cannot find either column "${call.name[0]}" or the user-defined function or aggregate "${call.name.join('.')}", or the name is ambiguous.`,
    );
  if (++translation.viewDepth > 32) throw notSupported('functions nested deeper than 32');
  const { inner, source } = parameterTable(call.name, found.parameters, call.arguments, scope, translation);
  const body = castTo(translateValue(found.body, inner, translation), found.returns, { explicit: true });
  translation.viewDepth--;
  return { sql: `(SELECT ${body.sql}${source === '' ? '' : ` FROM ${source}`})`, type: found.returns };
}
