import { hashPassword } from '../../catalog/secrets.js';
import { fixedRoles } from '../../catalog/security.js';
import type { StatementOf } from '../../dialect/ast.js';
import { errors } from '../../errors/catalogue.js';
import { notSupported, SqlError } from '../../errors/sql-error.js';
import { kindOf } from '../facts.js';
import { resolveName } from '../names.js';
import { relationOf } from '../relations.js';
import type { Session } from '../session.js';
import { type Handler, next } from './handler.js';

function principalExists(session: Session, name: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'dbo' || fixedRoles.includes(lower) || session.database.find('principal', name) !== undefined;
}

export const createLogin: Handler<'createLogin' | 'alterLogin'> = async ({ session, output }, statement) => {
  const { master } = session.services.catalog;
  const self = statement.kind === 'alterLogin' && statement.name.toLowerCase() === session.login.toLowerCase();
  if (!session.isAdministrator && !self)
    throw new SqlError(15247, 'User does not have permission to perform this action.');
  if (session.database !== master && !session.services.catalog.createDatabases)
    throw new SqlError(5001, 'User must be in the master database.');
  if (statement.password === undefined)
    throw new SqlError(102, `Incorrect syntax near '${statement.name}': a login needs WITH PASSWORD.`, {
      severity: 15,
    });
  const taken =
    master.find('login', statement.name) ??
    (statement.name.toLowerCase() === session.services.administrator.toLowerCase() ? {} : undefined);
  if (statement.kind === 'createLogin' && taken)
    throw new SqlError(15025, `The server principal '${statement.name}' already exists.`);
  if (statement.kind === 'alterLogin' && !master.find('login', statement.name))
    throw errors.notFound('login', statement.name);
  await master.put('login', [statement.name], { name: statement.name, password: hashPassword(statement.password) });
  output.done('none', undefined);
  return next;
};

export const createUser: Handler<'createUser'> = async ({ session, output }, statement) => {
  session.demand('ALTER ANY USER');
  if (principalExists(session, statement.name))
    throw new SqlError(15023, `User, group, or role '${statement.name}' already exists in the current database.`);
  if (
    statement.login !== undefined &&
    statement.login.toLowerCase() !== session.services.administrator.toLowerCase() &&
    !session.services.catalog.master.find('login', statement.login)
  )
    throw new SqlError(15007, `'${statement.login}' is not a valid login or you do not have permission.`);
  await session.database.put('principal', [statement.name], {
    name: statement.name,
    kind: 'user',
    login: statement.login,
    schema: statement.schema,
    external: statement.external,
  });
  output.done('none', undefined);
  return next;
};

/** ALTER USER … WITH NAME, LOGIN, DEFAULT_SCHEMA. A new name takes memberships and grants along. */
export const alterUser: Handler<'alterUser'> = async ({ session, output }, statement) => {
  session.demand('ALTER ANY USER');
  const { database } = session;
  const known = database.find('principal', statement.name);
  if (known?.kind !== 'user') throw errors.noPrincipal(statement.name);
  const { login, schema, newName } = statement;
  if (
    login !== undefined &&
    login.toLowerCase() !== session.services.administrator.toLowerCase() &&
    !session.services.catalog.master.find('login', login)
  )
    throw new SqlError(15007, `'${login}' is not a valid login or you do not have permission.`);
  const renamed = newName !== undefined && newName.toLowerCase() !== known.name.toLowerCase();
  if (renamed && principalExists(session, newName))
    throw new SqlError(15023, `User, group, or role '${newName}' already exists in the current database.`);
  const changed = {
    ...known,
    name: newName ?? known.name,
    login: login ?? known.login,
    schema: schema ?? known.schema,
  };
  if (renamed) {
    const same = (name: string) => name.toLowerCase() === known.name.toLowerCase();
    for (const entry of database.all('membership').filter(({ member }) => same(member))) {
      await database.remove('membership', entry.role, entry.member);
      await database.put('membership', [entry.role, newName], { role: entry.role, member: newName });
    }
    for (const entry of database.all('permission').filter(({ principal }) => same(principal))) {
      await database.remove('permission', entry.state, entry.permission, entry.class, entry.on, entry.principal);
      const moved = { ...entry, principal: newName };
      await database.put('permission', [moved.state, moved.permission, moved.class, moved.on, moved.principal], moved);
    }
    await database.remove('principal', known.name);
  }
  await database.put('principal', [changed.name], changed);
  output.done('none', undefined);
  return next;
};

export const createRole: Handler<'createRole'> = async ({ session, output }, statement) => {
  session.demand('ALTER ANY ROLE');
  if (principalExists(session, statement.name))
    throw new SqlError(15023, `User, group, or role '${statement.name}' already exists in the current database.`);
  await session.database.put('principal', [statement.name], {
    name: statement.name,
    kind: 'role',
    login: undefined,
    schema: undefined,
    external: false,
  });
  output.done('none', undefined);
  return next;
};

/** ALTER ROLE and sp_addrolemember, sp_droprolemember. */
export async function changeMembership(
  session: Session,
  role: string,
  action: 'add' | 'drop',
  member: string,
): Promise<void> {
  session.demand('ALTER ANY ROLE');
  const known = fixedRoles.includes(role.toLowerCase()) || session.database.find('principal', role)?.kind === 'role';
  if (!known)
    throw new SqlError(
      15151,
      `Cannot alter the role '${role}', because it does not exist or you do not have permission.`,
    );
  if (!principalExists(session, member))
    throw new SqlError(
      15151,
      `Cannot add the principal '${member}', because it does not exist or you do not have permission.`,
    );
  if (action === 'add') await session.database.put('membership', [role, member], { role, member });
  else if (!(await session.database.remove('membership', role, member)))
    throw new SqlError(
      15151,
      `Cannot drop the principal '${member}', because it does not exist or you do not have permission.`,
    );
}

export const alterRole: Handler<'alterRole'> = async ({ session, output }, statement) => {
  await changeMembership(session, statement.name, statement.action, statement.member);
  output.done('none', undefined);
  return next;
};

/** GRANT, DENY, REVOKE. */
/** `schema.object.column` for each column that is named. @throws SqlError 207 */
function columnPlaces(session: Session, statement: StatementOf<'permission'>, on: string): readonly string[] {
  if (statement.columns.length === 0) return [];
  const columns = relationOf(session, statement.on!.name);
  const known = columns.kind === 'view' ? undefined : columns.columns;
  return statement.columns.map((name) => {
    if (known && !known.some((column) => column.name.toLowerCase() === name.toLowerCase()))
      throw errors.invalidColumn(name);
    return `${on}.${name.toLowerCase()}`;
  });
}

export const permission: Handler<'permission'> = async ({ session, output }, statement) => {
  if (!session.may('CONTROL')) throw new SqlError(4613, 'Grantor does not have GRANT permission.');
  let on = '';
  let kind = 'DATABASE';
  if (statement.on && statement.on.class !== 'DATABASE') {
    kind = statement.on.class;
    const { name } = statement.on;
    if (kind === 'SCHEMA') {
      const schema = session.database.schema(name.at(-1)!);
      if (!schema) throw errors.notFound('schema', name.at(-1)!);
      on = schema.toLowerCase();
    } else if (kind === 'OBJECT') {
      const found = kindOf(session, name);
      if (!found) throw errors.notFound('object', name.join('.'));
      on = `${resolveName(session, name).schema}.${found.name}`.toLowerCase();
    } else if (
      ['DATABASE SCOPED CREDENTIAL', 'EXTERNAL DATA SOURCE', 'EXTERNAL FILE FORMAT', 'USER', 'ROLE'].includes(kind)
    )
      on = `${kind}::${name.at(-1)}`.toLowerCase();
    else throw notSupported(`GRANT ON ${kind}`);
  }
  const places = columnPlaces(session, statement, on);
  if (places.length > 0) kind = 'COLUMN';
  for (const principal of statement.principals) {
    if (!principalExists(session, principal)) throw errors.noPrincipal(principal);
    for (const word of statement.permissions) {
      const all =
        word === 'ALL' || word === 'ALL PRIVILEGES'
          ? kind === 'OBJECT'
            ? ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES']
            : ['CREATE TABLE', 'CREATE VIEW', 'CREATE PROCEDURE', 'CREATE FUNCTION']
          : [word];
      for (const held of all)
        for (const place of places.length > 0 ? places : [on]) {
          await session.database.remove('permission', 'GRANT', held, kind, place, principal);
          await session.database.remove('permission', 'DENY', held, kind, place, principal);
          if (statement.action !== 'REVOKE')
            await session.database.put('permission', [statement.action, held, kind, place, principal], {
              state: statement.action,
              permission: held,
              class: kind,
              on: place,
              principal,
            });
        }
    }
  }
  output.done('none', undefined);
  return next;
};

export const createSchema: Handler<'createSchema'> = async ({ session, output }, statement) => {
  session.demand('CREATE SCHEMA');
  if (
    session.database.schema(statement.name) ||
    ['sys', 'information_schema', 'main', '$crossview', 'pg_catalog'].includes(statement.name.toLowerCase())
  )
    throw new SqlError(2714, `There is already an object named '${statement.name}' in the database.`, { state: 6 });
  await session.database.createSchema(statement.name);
  output.done('none', undefined);
  return next;
};

export const createDatabase: Handler<'createDatabase'> = async ({ session, output }, statement) => {
  if (!session.isAdministrator) throw errors.deniedInDatabase('CREATE DATABASE', 'master');
  await session.services.catalog.create(statement.name);
  output.done('none', undefined);
  return next;
};

/** EXECUTE AS USER = 'name': the session has that user's rights until REVERT. */
export const executeAs: Handler<'executeAs'> = async (context, statement) => {
  const { session } = context;
  const name = (await context.text(statement.user)) ?? '';
  const found = name.toLowerCase() === 'dbo' ? { kind: 'user', name: 'dbo' } : session.database.find('principal', name);
  if (found?.kind !== 'user' || !session.may('IMPERSONATE'))
    throw new SqlError(
      15517,
      `Cannot execute as the database principal because the principal "${name}" does not exist, this type of principal cannot be impersonated, or you do not have permission.`,
    );
  session.impersonate(found.name);
  return next;
};

export const revert: Handler<'revert'> = async ({ session }) => {
  session.revert();
  return next;
};
