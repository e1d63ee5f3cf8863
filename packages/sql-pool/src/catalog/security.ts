import type { Database } from './database.js';

/** Roles that every database has (database-level roles of a dedicated SQL pool). Resource classes are roles too. */
export const fixedRoles: readonly string[] = [
  'db_owner',
  'db_accessadmin',
  'db_securityadmin',
  'db_ddladmin',
  'db_backupoperator',
  'db_datareader',
  'db_datawriter',
  'db_denydatareader',
  'db_denydatawriter',
  'db_exporter',
  'smallrc',
  'mediumrc',
  'largerc',
  'xlargerc',
  'staticrc10',
  'staticrc20',
  'staticrc30',
  'staticrc40',
  'staticrc50',
  'staticrc60',
  'staticrc70',
  'staticrc80',
  'public',
];

/** What a fixed role may do; `*` everything. */
const rolePermissions: Readonly<Record<string, readonly string[]>> = {
  db_owner: ['*'],
  db_ddladmin: [
    'CREATE TABLE',
    'CREATE VIEW',
    'CREATE PROCEDURE',
    'CREATE FUNCTION',
    'CREATE SCHEMA',
    'ALTER ANY SCHEMA',
    'ALTER',
  ],
  db_datareader: ['SELECT'],
  db_datawriter: ['INSERT', 'UPDATE', 'DELETE'],
  // Documented: CREATE TABLE, ALTER ANY SCHEMA, ALTER ANY EXTERNAL DATA SOURCE, ALTER ANY EXTERNAL FILE FORMAT; exports need bulk operations as well.
  db_exporter: [
    'CREATE TABLE',
    'ALTER ANY SCHEMA',
    'ALTER ANY EXTERNAL DATA SOURCE',
    'ALTER ANY EXTERNAL FILE FORMAT',
    'ADMINISTER DATABASE BULK OPERATIONS',
  ],
  db_securityadmin: ['ALTER ANY ROLE', 'VIEW DEFINITION'],
  db_accessadmin: ['ALTER ANY USER'],
};

export interface Securable {
  readonly schema: string;
  readonly name?: string;
}

/** All principals that a user is: itself, its roles, their roles, and public. Lower case. */
export function principalsOf(database: Database, user: string): ReadonlySet<string> {
  const found = new Set([user.toLowerCase(), 'public']);
  const memberships = database.all('membership');
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const { role, member } of memberships) if (found.has(member.toLowerCase())) found.add(role.toLowerCase());
  }
  return found;
}

/** A permission held on the database, the schema or the object; DENY wins. Administrators do not come here. */
export function isPermitted(database: Database, user: string, permission: string, on?: Securable): boolean {
  const principals = principalsOf(database, user);
  if (principals.has('db_owner') || user.toLowerCase() === 'dbo') return true;
  const wanted = permission.toUpperCase();
  const covers = (held: string) =>
    held === wanted || held === 'CONTROL' || (held === 'ALTER ANY SCHEMA' && wanted === 'ALTER' && on !== undefined);
  const places = [''];
  if (on) {
    places.push(on.schema.toLowerCase());
    if (on.name !== undefined) places.push(`${on.schema}.${on.name}`.toLowerCase());
  }
  const relevant = database
    .all('permission')
    .filter(
      (entry) => principals.has(entry.principal.toLowerCase()) && covers(entry.permission) && places.includes(entry.on),
    );
  if (relevant.some((entry) => entry.state === 'DENY')) return false;
  if (principals.has('db_denydatareader') && wanted === 'SELECT') return false;
  if (principals.has('db_denydatawriter') && ['INSERT', 'UPDATE', 'DELETE'].includes(wanted)) return false;
  if (relevant.length > 0) return true;
  // Whoever may alter a schema owns what is in it for the purpose of dropping and altering.
  return [...principals].some((role) => (rolePermissions[role] ?? []).some((held) => held === '*' || covers(held)));
}

/** What GRANT and DENY say of single columns of an object: lower-case names; DENY wins. */
export function columnRights(
  database: Database,
  user: string,
  permission: string,
  on: Securable,
): { readonly granted: ReadonlySet<string>; readonly denied: ReadonlySet<string> } {
  const principals = principalsOf(database, user);
  const prefix = `${on.schema}.${on.name}.`.toLowerCase();
  const granted = new Set<string>();
  const denied = new Set<string>();
  for (const entry of database.all('permission'))
    if (
      entry.class === 'COLUMN' &&
      entry.permission === permission &&
      entry.on.startsWith(prefix) &&
      principals.has(entry.principal.toLowerCase())
    )
      (entry.state === 'DENY' ? denied : granted).add(entry.on.slice(prefix.length));
  return { granted, denied };
}

/** Whether a DENY on the database, the schema or the object stands against it, whatever is granted on columns. */
export function isDenied(database: Database, user: string, permission: string, on: Securable): boolean {
  const principals = principalsOf(database, user);
  const places = ['', on.schema.toLowerCase(), `${on.schema}.${on.name}`.toLowerCase()];
  return (
    (permission === 'SELECT' && principals.has('db_denydatareader')) ||
    database
      .all('permission')
      .some(
        (entry) =>
          entry.state === 'DENY' &&
          (entry.permission === permission || entry.permission === 'CONTROL') &&
          places.includes(entry.on) &&
          principals.has(entry.principal.toLowerCase()),
      )
  );
}
