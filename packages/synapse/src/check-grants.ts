import { CrossviewError } from '@crossview/contracts';
import type { Pool } from './pool.js';
import { identifier, literal, type TableName, tableName } from './tsql/quote.js';

/** A permission that a read or write cannot do without. */
export interface NeededGrant {
  readonly on: 'DATABASE' | { readonly schema: string } | TableName;
  readonly permission: string;
  /** The statement that helps, when it is not a GRANT of the permission. */
  readonly statement?: (user: string) => string;
  /** What to do without the permission. */
  readonly instead?: string;
}

/** A user whom nobody has named: the Entra identity that is signed in. */
const someone = 'user@domain';

const preMade =
  'or name an external data source that is there (Constants.DATA_SOURCE): "crossview pool init-script" prints what makes one';

/** For objects of our own over the staging directory, or a data source and a format that are there. */
export function externalGrants(given: {
  readonly dataSource: string | undefined;
  readonly schema: string;
}): NeededGrant[] {
  const statement = (user: string) => `EXEC sp_addrolemember 'db_exporter', ${literal(user)};`;
  if (given.dataSource === undefined) return [{ on: 'DATABASE', permission: 'CONTROL', instead: preMade }];
  return [
    { on: 'DATABASE', permission: 'CREATE TABLE', statement },
    { on: { schema: given.schema }, permission: 'ALTER', statement },
    { on: 'DATABASE', permission: 'ALTER ANY EXTERNAL DATA SOURCE', statement },
    { on: 'DATABASE', permission: 'ALTER ANY EXTERNAL FILE FORMAT', statement },
  ];
}

/** For a table that is made in a schema and loaded. */
export function newTableGrants(schema: string): NeededGrant[] {
  return [
    { on: 'DATABASE', permission: 'CREATE TABLE' },
    { on: { schema }, permission: 'ALTER' },
    { on: { schema }, permission: 'INSERT' },
  ];
}

export const copyGrant: NeededGrant = { on: 'DATABASE', permission: 'ADMINISTER DATABASE BULK OPERATIONS' };

function question({ on, permission }: NeededGrant): string {
  const wanted = literal(permission);
  if (on === 'DATABASE') return `HAS_PERMS_BY_NAME(NULL, ${literal('DATABASE')}, ${wanted})`;
  if ('name' in on) return `HAS_PERMS_BY_NAME(${literal(tableName(on))}, ${literal('OBJECT')}, ${wanted})`;
  return `HAS_PERMS_BY_NAME(${literal(identifier(on.schema))}, ${literal('SCHEMA')}, ${wanted})`;
}

function remedy({ on, permission, statement, instead }: NeededGrant, user: string, database: string): string {
  const to = identifier(user);
  const grant =
    statement?.(user) ??
    (on === 'DATABASE'
      ? permission === 'CONTROL'
        ? `GRANT CONTROL ON DATABASE::${identifier(database)} TO ${to};`
        : `GRANT ${permission} TO ${to};`
      : 'name' in on
        ? `GRANT ${permission} ON OBJECT::${tableName(on)} TO ${to};`
        : `GRANT ${permission} ON SCHEMA::${identifier(on.schema)} TO ${to};`);
  return instead === undefined ? grant : `${grant} -- ${instead}`;
}

/**
 * Asks the pool for all of them before anything is staged. What the pool does not know (a schema that is yet to come) is not held
 * against anyone: the statement itself will tell.
 * @throws CrossviewError `GRANTS_MISSING` with the statements an administrator has to run.
 */
export async function checkGrants(pool: Pool, needed: readonly NeededGrant[]): Promise<void> {
  if (needed.length === 0) return;
  const [row] = await pool.rows(
    'checkGrants',
    `SELECT ${needed.map((grant, index) => `${question(grant)} AS p${index}`).join(', ')}`,
  );
  const missing = needed.filter((_, index) => row?.[`p${index}`] === 0);
  if (missing.length === 0) return;
  const { login, database } = pool.target;
  const user = login.kind === 'sql' ? login.user : someone;
  const statements = [...new Set(missing.map((grant) => remedy(grant, user, database)))];
  const names = [...new Set(missing.map(({ permission }) => permission))].join(', ');
  throw new CrossviewError(
    'GRANTS_MISSING',
    `${login.kind === 'sql' ? `User "${login.user}"` : 'The Entra identity'} lacks ${names} in database "${database}".`,
    {
      hint: `An administrator of the database can help:\n${statements.join('\n')}`,
      facts: { database, permissions: names },
    },
  );
}
