import type { TdsValue } from '@crossview/tds-wire';
import type { RoutineDefinition } from '../../catalog/objects.js';
import type { ExecuteArgument, Expression, StatementOf } from '../../dialect/ast.js';
import { parseBatch, parseParameterList } from '../../dialect/parse/batch.js';
import { translateQuery } from '../../dialect/translate/query.js';
import { errors } from '../../errors/catalogue.js';
import { SqlError } from '../../errors/sql-error.js';
import { toSqlError } from '../../errors/to-sql-error.js';
import type { SqlType } from '../../types/sql-type.js';
import { runStatements } from '../batch.js';
import type { Context } from '../context.js';
import { kindOf, parseObjectName } from '../facts.js';
import { inlined } from '../inline-function.js';
import { resolveName } from '../names.js';
import { tableOf } from '../relations.js';
import { functionQuery, procedureBody, procedureOf } from '../routines.js';
import type { Variable } from '../session.js';
import { type Handler, next } from './handler.js';

/** Places the name, checks rights, and that it is free or of the same kind. */
async function place(
  context: Context,
  statement: { readonly name: readonly string[]; readonly orAlter: boolean },
  kind: 'view' | RoutineDefinition['kind'],
  alter: boolean,
): Promise<{ schema: string; name: string }> {
  const { session } = context;
  if (session.transaction !== 'none') throw new SqlError(111212, 'Operation cannot be performed within a transaction.');
  const resolved = resolveName(session, statement.name);
  if (!session.database.schema(resolved.schema)) {
    if (!session.services.catalog.createDatabases || !session.may('CREATE SCHEMA'))
      throw errors.noSchema(resolved.schema);
    await session.database.createSchema(resolved.schema);
  }
  if (!alter) session.demand(`CREATE ${kind === 'tableFunction' ? 'FUNCTION' : kind.toUpperCase()}`);
  session.demand('ALTER', { schema: resolved.schema });
  const found = kindOf(session, statement.name);
  if (alter && found?.kind !== kind)
    throw new SqlError(208, `Invalid object name '${statement.name.join('.')}'.`, { state: 6 });
  if (!alter && found && !(statement.orAlter && found.kind === kind)) throw errors.alreadyThere(resolved.name);
  return { schema: session.database.schema(resolved.schema)!, name: found?.name ?? resolved.name };
}

export const createView: Handler<'createView' | 'alterView'> = async (context, statement) => {
  const alter = statement.kind === 'alterView';
  const { schema, name } = await place(context, statement, 'view', alter);
  // Names are looked up now, so that a view over nothing is refused when it is made.
  const translation = context.newTranslation();
  const query = translateQuery(statement.query, undefined, translation);
  if (translation.parameters.length > 0) throw new SqlError(137, 'A view cannot use variables.', { severity: 15 });
  if (statement.columns.length === 0)
    query.columns.forEach((column, index) => {
      if (column.name === '')
        throw new SqlError(
          4511,
          `Create View or Function failed because no column name was specified for column ${index + 1}.`,
        );
    });
  await context.session.database.put('view', [schema, name], {
    schema,
    name,
    text: statement.text,
    ...(statement.materialized ? { materialized: statement.materialized } : {}),
  });
  context.output.done('none', undefined);
  return next;
};

export const createProcedure: Handler<'createProcedure' | 'alterProcedure'> = async (context, statement) => {
  const { schema, name } = await place(context, statement, 'procedure', statement.kind === 'alterProcedure');
  procedureBody(statement.text);
  await context.session.database.put('routine', [schema, name], {
    schema,
    name,
    kind: 'procedure',
    text: statement.text,
  });
  context.output.done('none', undefined);
  return next;
};

export const createFunction: Handler<'createFunction' | 'alterFunction'> = async (context, statement) => {
  const kind = statement.returns === 'table' ? 'tableFunction' : 'function';
  const { schema, name } = await place(context, statement, kind, statement.kind === 'alterFunction');
  if (statement.returns !== 'table') inlined(parseBatch(statement.body), statement.parameters, statement.returns);
  else functionQuery(statement.body, statement.parameters);
  await context.session.database.put('routine', [schema, name], { schema, name, kind, text: statement.text });
  context.output.done('none', undefined);
  return next;
};

interface Passed {
  readonly argument: ExecuteArgument;
  readonly name: string | undefined;
}

/** Binds arguments to parameters by name or position. */
async function bind(
  context: Context,
  parameters: readonly {
    readonly name: string;
    readonly type: Variable['type'];
    readonly default?: StatementOf<'setVariable'>['value'] | undefined;
    readonly output: boolean;
  }[],
  list: readonly ExecuteArgument[],
  procedure: string,
): Promise<{
  readonly variables: Map<string, Variable>;
  readonly outputs: readonly (readonly [inner: string, outer: string])[];
}> {
  const variables = new Map<string, Variable>();
  const outputs: [string, string][] = [];
  const passed: Passed[] = list.map((argument, index) => ({
    argument,
    name: argument.name ?? parameters[index]?.name,
  }));
  for (const { name } of passed)
    if (name === undefined || !parameters.some((parameter) => parameter.name.toLowerCase() === name.toLowerCase()))
      throw name === undefined
        ? new SqlError(8144, `Procedure or function ${procedure} has too many arguments specified.`)
        : new SqlError(8145, `${name} is not a parameter for procedure ${procedure}.`);
  for (const parameter of parameters) {
    const given = passed.find((candidate) => candidate.name?.toLowerCase() === parameter.name.toLowerCase());
    const expression = given && given.argument.value.kind !== 'default' ? given.argument.value : parameter.default;
    if (!expression) {
      if (parameter.output && given) {
        variables.set(parameter.name.toLowerCase(), { type: parameter.type, value: null });
        continue;
      }
      throw new SqlError(
        201,
        `Procedure or function '${procedure}' expects parameter '${parameter.name}', which was not supplied.`,
        { state: 4 },
      );
    }
    const value = await argumentValue(context, expression, parameter.type);
    variables.set(parameter.name.toLowerCase(), { type: parameter.type, value });
    if (given?.argument.output && given.argument.value.kind === 'variable') {
      if (!parameter.output)
        throw new SqlError(
          8162,
          `The formal parameter "${parameter.name}" was not declared as an OUTPUT parameter, but the actual parameter passed in requested output.`,
          { state: 2 },
        );
      outputs.push([parameter.name.toLowerCase(), given.argument.value.name]);
    }
  }
  return { variables, outputs };
}

/** An argument that does not convert is error 8114 whatever the type. */
async function argumentValue(context: Context, expression: Expression, type: SqlType): Promise<TdsValue> {
  try {
    return (await context.evaluate(expression, type)).value;
  } catch (thrown) {
    const error = toSqlError(thrown);
    if (![245, 241, 235, 8169].includes(error.number)) throw error;
    const from = expression.kind === 'string' && expression.national ? 'nvarchar' : 'varchar';
    throw new SqlError(8114, `Error converting data type ${from} to ${type.name}.`, { state: 5, cause: thrown });
  }
}

async function giveOutputs(
  context: Context,
  variables: Map<string, Variable>,
  outputs: readonly (readonly [string, string])[],
): Promise<void> {
  for (const [inner, outer] of outputs) context.variable(outer).value = variables.get(inner)!.value;
}

/** A procedure or a dynamic text: temporary tables that are made inside go when it ends, and its SET options with them. */
export async function scoped<T>(context: Context, run: () => Promise<T>): Promise<T> {
  const { session } = context;
  const impersonations = session.impersonations;
  session.temporary.enter();
  try {
    return await session.withOwnOptions(run);
  } finally {
    while (session.impersonations > impersonations) session.revert();
    const gone = session.temporary.leave();
    if (gone.length > 0) await session.dropTemporary(gone);
  }
}

export const execute: Handler<'execute'> = async (context, given) => {
  const { session } = context;
  const statement =
    given.named === undefined
      ? given
      : {
          ...given,
          procedure: parseObjectName(
            (await context.text({ kind: 'variable', name: given.named, line: given.line })) ?? '',
          ),
        };
  const short = statement.procedure.at(-1)!.toLowerCase();
  if (short === 'sp_executesql') {
    const [text, declarations, ...rest] = statement.arguments;
    if (!text)
      throw new SqlError(
        201,
        "Procedure or function 'sp_executesql' expects parameter '@statement', which was not supplied.",
      );
    const parameters = declarations ? parseParameterList((await context.text(declarations.value)) ?? '') : [];
    const { variables, outputs } = await bind(context, parameters, rest, 'sp_executesql');
    const inner = context.nested(variables, '');
    const statements = parseBatch((await context.text(text.value)) ?? '');
    await scoped(context, () => runStatements(inner, statements));
    await giveOutputs(context, variables, outputs);
    await setResult(context, statement.result, 0);
    return next;
  }
  // Loaded when one is first called: a first login does without.
  const { systemProcedures } = await import('../../procedures/index.js');
  const system = systemProcedures[short];
  if (
    system &&
    (statement.procedure.length === 1 || ['', 'sys', 'dbo'].includes(statement.procedure.at(-2)!.toLowerCase()))
  ) {
    const values = new Map<string, string | number | null>();
    const positional: (string | number | null)[] = [];
    for (const argument of statement.arguments) {
      const { value } = await context.evaluate(argument.value);
      const plain = value === null || typeof value === 'string' || typeof value === 'number' ? value : String(value);
      if (argument.name) values.set(argument.name.toLowerCase(), plain);
      else positional.push(plain);
    }
    const status = await system(context, { positional, named: values });
    await setResult(context, statement.result, status);
    return next;
  }
  const body = procedureOf(session, statement.procedure);
  if (!body) throw errors.noProcedure(statement.procedure.join('.'));
  session.demand('EXECUTE', body.definition);
  const { variables, outputs } = await bind(context, body.parameters, statement.arguments, body.definition.name);
  const inner = context.nested(variables, `${body.definition.schema}.${body.definition.name}`);
  const signal = await scoped(context, () => runStatements(inner, body.statements));
  const status = signal.kind === 'return' ? signal.status : 0;
  await giveOutputs(context, variables, outputs);
  await setResult(context, statement.result, status);
  return next;
};

async function setResult(context: Context, name: string | undefined, status: number): Promise<void> {
  context.returnStatus = status;
  if (name === undefined) return;
  const variable = context.variable(name);
  variable.value = (await context.evaluate({ kind: 'number', text: String(status) }, variable.type)).value;
}

export const executeText: Handler<'executeText'> = async (context, statement) => {
  const text = (await context.text(statement.text)) ?? '';
  const statements = parseBatch(text);
  await scoped(context, () => runStatements(context.nested(new Map(), ''), statements));
  return next;
};

export const createStatistics: Handler<'createStatistics'> = async (context, statement) => {
  const { session } = context;
  const found = kindOf(session, statement.table);
  if (!found) throw errors.invalidObject(statement.table.join('.'));
  if (session.database.find('statistics', found.schema, found.name, statement.name))
    throw new SqlError(1927, `There are already statistics on table '${found.name}' named '${statement.name}'.`);
  const known = session.database.table(found.schema, found.name)?.columns;
  for (const name of statement.columns)
    if (known && !known.some((column) => column.name.toLowerCase() === name.toLowerCase()))
      throw new SqlError(1911, `Column name '${name}' does not exist in the target table or view.`);
  await session.database.put('statistics', [found.schema, found.name, statement.name], {
    name: statement.name,
    schema: found.schema,
    table: found.name,
    columns: statement.columns,
  });
  context.output.done('none', undefined);
  return next;
};

/** Statistics and indexes are DuckDB's own business; that the table is there is checked. */
export const onTable: Handler<'updateStatistics'> = async (context, statement) => {
  if (!kindOf(context.session, statement.table)) throw errors.invalidObject(statement.table.join('.'));
  context.output.done('none', undefined);
  return next;
};

export const insertBulk: Handler<'insertBulk'> = async (context, statement) => {
  const { resolved } = tableOf(context.session, statement.table);
  if (!resolved.temporary) context.session.demand('INSERT', resolved);
  context.session.bulk = { table: statement.table, columns: statement.columns };
  context.output.done('none', undefined);
  return next;
};
