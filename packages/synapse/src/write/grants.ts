import type { Pool } from '../pool.js';
import { identifier, literal, type TableName, tableName } from '../tsql/quote.js';

/** Permissions that can be granted on a table; anything else in the catalog is not ours to repeat. */
const permissions = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'REFERENCES',
  'CONTROL',
  'ALTER',
  'TAKE OWNERSHIP',
  'VIEW DEFINITION',
]);

const states: Readonly<Record<string, readonly [string, string]>> = {
  GRANT: ['GRANT', ''],
  GRANT_WITH_GRANT_OPTION: ['GRANT', ' WITH GRANT OPTION'],
  DENY: ['DENY', ''],
};

/** Gives `to` the object permissions of `from`; those on single columns are not repeated. */
export async function copyGrants(pool: Pool, from: TableName, to: TableName): Promise<void> {
  const rows = await pool.rows(
    'inspectGrants',
    `SELECT p.state_desc AS state, p.permission_name AS permission, r.name AS grantee
FROM sys.database_permissions AS p JOIN sys.database_principals AS r ON r.principal_id = p.grantee_principal_id
WHERE p.class = 1 AND p.minor_id = 0 AND p.major_id = OBJECT_ID(${literal(tableName(from))})`,
  );
  const statements = rows.flatMap(({ state, permission, grantee }) => {
    const words = states[String(state)];
    if (words === undefined || !permissions.has(String(permission))) return [];
    return [
      `${words[0]} ${String(permission)} ON OBJECT::${tableName(to)} TO ${identifier(String(grantee))}${words[1]};`,
    ];
  });
  for (const statement of statements) await pool.run('applyGrants', statement);
}
