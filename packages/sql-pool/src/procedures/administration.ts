import type { Statement } from '../dialect/ast.js';
import { notSupported, SqlError } from '../errors/sql-error.js';
import { runStatements } from '../interpreter/batch.js';
import type { Context } from '../interpreter/context.js';
import { kindOf, parseObjectName } from '../interpreter/facts.js';
import { optional, required, runText, type SystemProcedure } from './system-procedure.js';

function literal(text: string): string {
  return `N'${text.replaceAll("'", "''")}'`;
}

/** @throws SqlError 15009 for an object that is not there */
function existing(context: Context, name: string): NonNullable<ReturnType<typeof kindOf>> {
  const found = kindOf(context.session, parseObjectName(name));
  if (!found)
    throw new SqlError(
      15009,
      `The object '${name}' does not exist in database '${context.session.database.name}' or is invalid for this operation.`,
    );
  return found;
}

const rename: SystemProcedure = async (context, values) => {
  const from = required(values, 0, '@objname');
  const to = required(values, 1, '@newname');
  const type = (optional(values, 2, '@objtype') ?? 'OBJECT').toUpperCase();
  const parts = parseObjectName(from);
  if (type !== 'OBJECT' && type !== 'COLUMN')
    throw notSupported(`sp_rename of ${type}`, 0, 'Objects and columns can be renamed.');
  const statement: Statement =
    type === 'COLUMN'
      ? {
          kind: 'alterTable',
          name: parts.slice(0, -1),
          action: { kind: 'renameColumn', column: parts.at(-1)!, to },
          line: 0,
        }
      : { kind: 'renameObject', class: 'OBJECT', from: parts, to, line: 0 };
  await runStatements(context, [statement]);
  return 0;
};

const helpText: SystemProcedure = async (context, values) => {
  const name = required(values, 0, '@objname');
  const { schema, name: object } = existing(context, name);
  const { database } = context.session;
  const text = (database.find('view', schema, object) ?? database.find('routine', schema, object))?.text;
  if (text === undefined) throw new SqlError(15197, `There is no text for object '${name}'.`);
  const lines = text.split(/(?<=\n)/).map((line, index) => `(${index}, ${literal(line)})`);
  return runText(context, `SELECT t.line AS [Text] FROM (VALUES ${lines.join(', ')}) AS t(n, line) ORDER BY t.n`);
};

const help: SystemProcedure = async (context, values) => {
  const name = optional(values, 0, '@objname');
  if (name === undefined)
    return runText(
      context,
      `SELECT o.name AS [Name], s.name AS [Owner], o.type_desc AS [Object_type] FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id ORDER BY o.name`,
    );
  const { schema, name: object } = existing(context, name);
  const id = `OBJECT_ID(${literal(`[${schema}].[${object}]`)})`;
  return runText(
    context,
    `SELECT name AS [Name], SCHEMA_NAME(schema_id) AS [Owner], type_desc AS [Type], create_date AS [Created_datetime] FROM sys.objects WHERE object_id = ${id};
     SELECT c.name AS [Column_name], TYPE_NAME(c.user_type_id) AS [Type], 'no' AS [Computed], c.max_length AS [Length], c.precision AS [Prec], c.scale AS [Scale], CASE WHEN c.is_nullable = 1 THEN 'yes' ELSE 'no' END AS [Nullable], c.collation_name AS [Collation] FROM sys.columns c WHERE c.object_id = ${id} ORDER BY c.column_id`,
  );
};

const spaceUsed: SystemProcedure = async (context, values) => {
  const name = optional(values, 0, '@objname');
  if (name === undefined)
    return runText(
      context,
      "SELECT DB_NAME() AS database_name, CAST('0.00 MB' AS varchar(18)) AS database_size, CAST('0.00 MB' AS varchar(18)) AS [unallocated space]",
    );
  const { schema, name: object } = existing(context, name);
  return runText(
    context,
    `SELECT ${literal(object)} AS name, CAST(COUNT_BIG(*) AS char(20)) AS rows, CAST('0 KB' AS varchar(18)) AS reserved, CAST('0 KB' AS varchar(18)) AS data, CAST('0 KB' AS varchar(18)) AS index_size, CAST('0 KB' AS varchar(18)) AS unused FROM [${schema}].[${object}]`,
  );
};

const who: SystemProcedure = (context) =>
  runText(
    context,
    `SELECT CAST(session_id AS smallint) AS spid, status, login_name AS loginame, host_name AS hostname, CAST('0' AS char(5)) AS blk, DB_NAME() AS dbname, CAST('' AS nvarchar(32)) AS cmd FROM sys.dm_exec_sessions ORDER BY session_id`,
  );

/** Procedures that administrators run, by lower-case name. */
export const administration: Readonly<Record<string, SystemProcedure>> = {
  sp_rename: rename,
  sp_helptext: helpText,
  sp_help: help,
  sp_spaceused: spaceUsed,
  sp_who: who,
  sp_who2: who,
  sp_set_session_context: async ({ session }, values) => {
    const value = values.named.get('@value') ?? values.positional[1] ?? null;
    session.context.set(required(values, 0, '@key').toLowerCase(), value === null ? null : String(value));
    return 0;
  },
  sp_helpdb: (context) =>
    runText(context, 'SELECT name, database_id AS dbid, create_date AS created FROM sys.databases ORDER BY name'),
  sp_helprole: (context) =>
    runText(
      context,
      "SELECT name AS RoleName, principal_id AS RoleId FROM sys.database_principals WHERE type = 'R' ORDER BY name",
    ),
  sp_helprolemember: (context, values) => {
    const role = optional(values, 0, '@rolename');
    return runText(
      context,
      `SELECT r.name AS DbRole, u.name AS MemberName FROM sys.database_role_members m JOIN sys.database_principals r ON r.principal_id = m.role_principal_id JOIN sys.database_principals u ON u.principal_id = m.member_principal_id${role === undefined ? '' : ` WHERE r.name = ${literal(role)}`} ORDER BY 1, 2`,
    );
  },
  sp_helpuser: (context) =>
    runText(
      context,
      "SELECT name AS UserName, default_schema_name AS DefSchemaName FROM sys.database_principals WHERE type IN ('S', 'E') ORDER BY name",
    ),
  sp_updatestats: async () => 0,
  sp_recompile: async (context, values) => {
    existing(context, required(values, 0, '@objname'));
    return 0;
  },
  sp_refreshview: async (context, values) => {
    existing(context, required(values, 0, '@viewname'));
    return 0;
  },
};
