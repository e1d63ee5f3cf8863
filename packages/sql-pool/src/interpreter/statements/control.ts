import { printf } from '../../dialect/host/text.js';
import { errors } from '../../errors/catalogue.js';
import { notSupported, SqlError } from '../../errors/sql-error.js';
import { toSqlError } from '../../errors/to-sql-error.js';
import { runStatements } from '../batch.js';
import { type Handler, next } from './handler.js';
import { beginTransaction, commitTransaction, rollbackTransaction } from './transaction.js';

export const declare: Handler<'declare'> = async (context, statement) => {
  for (const variable of statement.variables) {
    const key = variable.name.toLowerCase();
    if (context.variables.has(key) && !context.redeclarable.has(statement)) throw errors.declaredTwice(variable.name);
    context.variables.set(key, { type: variable.type, value: null });
    if (variable.value)
      context.variables.get(key)!.value = (await context.evaluate(variable.value, variable.type)).value;
  }
  context.redeclarable.add(statement);
  return next;
};

export const setVariable: Handler<'setVariable'> = async (context, statement) => {
  const variable = context.variable(statement.name);
  const own = { kind: 'variable', name: statement.name, line: statement.line } as const;
  const value = statement.operator
    ? ({ kind: 'binaryOperation', operator: statement.operator, left: own, right: statement.value } as const)
    : statement.value;
  variable.value = (await context.evaluate(value, variable.type)).value;
  return next;
};

export const ifElse: Handler<'if'> = async (context, statement) => {
  if (await context.holds(statement.condition)) return runStatements(context, [statement.whenTrue]);
  return statement.otherwise ? runStatements(context, [statement.otherwise]) : next;
};

export const whileLoop: Handler<'while'> = async (context, statement) => {
  while (await context.holds(statement.condition)) {
    if (context.session.cancelled) return next;
    const signal = await runStatements(context, [statement.body]);
    if (signal.kind === 'break') break;
    if (signal.kind === 'return') return signal;
  }
  return next;
};

export const block: Handler<'block'> = (context, statement) => runStatements(context, statement.statements);

/** An error in TRY goes to CATCH instead of the client; a cancel goes through. */
export const tryCatch: Handler<'tryCatch'> = async (context, statement) => {
  const { session } = context;
  try {
    return await runStatements(context, statement.attempt, { inTry: true });
  } catch (thrown) {
    if (session.cancelled) throw thrown;
    const error = toSqlError(thrown);
    if (error.severity >= 20) throw error;
    session.caught.push(error);
    try {
      return await runStatements(context, statement.rescue);
    } finally {
      session.caught.pop();
    }
  }
};

export const breakLoop: Handler<'break' | 'continue'> = async (_context, statement) => ({ kind: statement.kind });

export const giveBack: Handler<'return'> = async (context, statement) => ({
  kind: 'return',
  status: statement.value ? await context.number(statement.value) : 0,
});

export const print: Handler<'print'> = async (context, statement) => {
  const text = await context.text(statement.value);
  context.output.message({
    number: 0,
    state: 1,
    severity: 0,
    text: text ?? ' ',
    procedure: context.procedure,
    line: statement.line,
  });
  return next;
};

export const throwError: Handler<'throw'> = async (context, statement) => {
  if (!statement.number) {
    const current = context.session.caught.at(-1);
    if (!current)
      throw new SqlError(
        10704,
        'To rethrow an error, a THROW statement must be used inside a CATCH block. Insert the THROW statement inside a CATCH block, or add error parameters to the THROW statement.',
        { severity: 15 },
      );
    throw current;
  }
  const number = await context.number(statement.number);
  if (number < 50000)
    throw new SqlError(
      35100,
      `Error number ${number} in the THROW statement is outside the valid range. Specify an error number in the valid range of 50000 to 2147483647.`,
    );
  if (number >= 100_000 && number <= 150_000)
    throw new SqlError(
      35100,
      `Error number ${number} in the THROW statement is outside the valid range. In a dedicated SQL pool the numbers from 100000 to 150000 are the system's own.`,
    );
  throw new SqlError(number, (await context.text(statement.message!)) ?? '', {
    state: await context.number(statement.state!),
    line: statement.line,
  });
};

export const raiseError: Handler<'raiseError'> = async (context, statement) => {
  const severity = await context.number(statement.severity);
  const state = await context.number(statement.state);
  const values: (string | number | null)[] = [];
  for (const argument of statement.arguments) {
    const { value } = await context.evaluate(argument);
    values.push(value === null || typeof value === 'number' || typeof value === 'string' ? value : String(value));
  }
  if (statement.message.kind === 'number')
    throw new SqlError(
      18054,
      `Error ${statement.message.text}, severity ${severity}, state ${state} was raised, but no message with that error number was found in sys.messages. If error is larger than 50000, make sure the user-defined message is added using sp_addmessage.`,
    );
  const text = printf((await context.text(statement.message)) ?? '', values);
  if (severity > 18 && !context.session.isAdministrator)
    throw new SqlError(
      2754,
      'Error severity levels greater than 18 can only be specified by members of the sysadmin role, using the WITH LOG option.',
    );
  if (severity > 10) throw new SqlError(50000, text, { severity: Math.min(severity, 18), state, line: statement.line });
  context.output.message({ number: 50000, state, severity, text, procedure: context.procedure, line: statement.line });
  return next;
};

export const waitFor: Handler<'waitFor'> = async (context, statement) => {
  const text = (await context.text(statement.delay)) ?? '';
  const parts = /^(\d+):(\d+)(?::(\d+)(?:\.(\d+))?)?$/.exec(text.trim());
  if (!parts)
    throw new SqlError(148, `Incorrect time syntax in time string '${text}' used with WAITFOR.`, { severity: 15 });
  const milliseconds =
    (Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3] ?? 0)) * 1000 +
    Number(`0.${parts[4] ?? '0'}`) * 1000;
  const end = Date.now() + milliseconds;
  while (Date.now() < end && !context.session.cancelled)
    await new Promise((resolve) => setTimeout(resolve, Math.min(50, end - Date.now())));
  return next;
};

export const kill: Handler<'kill'> = async (context, statement) => {
  const { session } = context;
  if (!session.isAdministrator)
    throw new SqlError(6102, 'User does not have permission to use the KILL statement.', { severity: 14 });
  const id = Number(statement.session.replace(/^'?SID/i, '').replace(/'$/, ''));
  const other = session.services.sessions.get(id);
  if (!other) throw new SqlError(6106, `Process ID ${statement.session} is not an active process ID.`);
  if (other === session) throw new SqlError(6104, 'Cannot use KILL to kill your own process.');
  other.cancelled = true;
  other.connection.interrupt();
  return next;
};

export const nothing: Handler<'nothing'> = async (context) => {
  context.output.done('none', undefined);
  return next;
};

export const use: Handler<'use'> = async (context, statement) => {
  const { session } = context;
  if (statement.database.toLowerCase() === session.database.name.toLowerCase()) {
    context.output.message({
      number: 5701,
      state: 1,
      severity: 0,
      text: `Changed database context to '${session.database.name}'.`,
      procedure: '',
      line: statement.line,
    });
    return next;
  }
  if (!session.services.catalog.createDatabases)
    throw new SqlError(
      40508,
      'USE statement is not supported to switch between databases. Use a new connection to connect to a different database.',
    );
  const from = session.database.name;
  const database = await session.services.catalog.require(statement.database);
  const user = session.userIn(database);
  if (user === undefined)
    throw new SqlError(
      916,
      `The server principal "${session.login}" is not able to access the database "${database.name}" under the current security context.`,
      { severity: 14 },
    );
  session.database = database;
  session.user = user;
  context.output.environment('database', database.name, from);
  context.output.message({
    number: 5701,
    state: 1,
    severity: 0,
    text: `Changed database context to '${database.name}'.`,
    procedure: '',
    line: statement.line,
  });
  return next;
};

export const begin: Handler<'begin' | 'commit' | 'rollback'> = async (context, statement) => {
  if (statement.kind === 'begin') await beginTransaction(context.session, context.output);
  else if (statement.kind === 'commit') await commitTransaction(context.session, context.output);
  else await rollbackTransaction(context.session, context.output);
  return next;
};

/** SQL Server's options that change no result here. */
const withoutEffect = new Set([
  'ANSI_DEFAULTS',
  'ANSI_NULL_DFLT_ON',
  'ARITHABORT',
  'ARITHIGNORE',
  'CURSOR_CLOSE_ON_COMMIT',
  'DEADLOCK_PRIORITY',
  'FIPS_FLAGGER',
  'FORCEPLAN',
  'LOCK_TIMEOUT',
  'OFFSETS',
  'QUERY_GOVERNOR_COST_LIMIT',
  'REMOTE_PROC_TRANSACTIONS',
  'RESULT_SET_CACHING',
  'STATISTICS',
  'TEXTSIZE',
  'TRANSACTION ISOLATION LEVEL',
  'XACT_ABORT',
]);

/** Options that change nothing here are taken; those that would change results are kept or refused. */
export const setOption: Handler<'setOption'> = async (context, statement) => {
  const { session } = context;
  const on = statement.value === 'ON';
  for (const name of statement.name.split(',')) {
    switch (name) {
      case 'NOCOUNT':
        session.noCount = on;
        break;
      case 'FMTONLY':
        session.formatOnly = on;
        break;
      case 'NOEXEC':
      case 'PARSEONLY':
        session.noExecute = on;
        break;
      case 'IDENTITY_INSERT': {
        const [table, state] = statement.value.split(' ');
        session.identityInsert = state === 'ON' ? (table!.includes('.') ? table! : `dbo.${table}`) : undefined;
        break;
      }
      case 'DATEFIRST': {
        const first = Number(statement.value);
        if (!(first >= 1 && first <= 7))
          throw new SqlError(2744, `SET DATEFIRST ${statement.value} is out of range: the days are 1 to 7.`);
        session.dateFirst = first;
        break;
      }
      case 'LANGUAGE':
        if (!['US_ENGLISH', 'ENGLISH'].includes(statement.value))
          throw notSupported(
            `SET LANGUAGE ${statement.value}`,
            statement.line,
            'us_english is there; use CONVERT with a style.',
          );
        break;
      case 'SHOWPLAN_ALL':
      case 'SHOWPLAN_TEXT':
      case 'SHOWPLAN_XML':
        if (on) throw notSupported(`SET ${name}`, statement.line, 'There is no plan of SQL Server here to show.');
        break;
      case 'DATEFORMAT':
        if (statement.value.toLowerCase() !== 'mdy')
          throw notSupported(`SET DATEFORMAT ${statement.value}`, statement.line, 'Use CONVERT with a style.');
        break;
      case 'ROWCOUNT':
        if (!/^\d+$/.test(statement.value))
          throw notSupported(`SET ROWCOUNT ${statement.value}`, statement.line, 'Write a number.');
        session.rowLimit = Number(statement.value);
        break;
      case 'ANSI_NULLS':
      case 'ANSI_PADDING':
      case 'ANSI_WARNINGS':
      case 'CONCAT_NULL_YIELDS_NULL':
      case 'QUOTED_IDENTIFIER':
        if (!on && name !== 'ANSI_WARNINGS')
          throw notSupported(`SET ${name} OFF`, statement.line, 'A dedicated SQL pool always has it ON.');
        break;
      case 'IMPLICIT_TRANSACTIONS':
        session.implicitTransactions = on;
        break;
      case 'NUMERIC_ROUNDABORT':
      case 'ANSI_NULL_DFLT_OFF':
        if (on) throw notSupported(`SET ${name} ON`, statement.line, 'The local pool works as with OFF.');
        break;
      case 'CONTEXT_INFO':
        throw notSupported(`SET ${name}`, statement.line, 'Use sp_set_session_context.');
      default:
        if (!withoutEffect.has(name))
          throw new SqlError(195, `'${name}' is not a recognized SET option.`, { severity: 15, state: 5 });
    }
  }
  return next;
};
