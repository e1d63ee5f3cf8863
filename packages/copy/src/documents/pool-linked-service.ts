import { z } from 'zod';
import { filledText, type Secret, secret } from './common.js';
import { type Problems, readBy } from './problems.js';
import type { Resolved } from './resolver.js';

/** A linked service of type AzureSqlDW: a dedicated SQL pool. */
export interface PoolService {
  readonly server: string;
  readonly database: string;
  readonly user: string | undefined;
  readonly password: Secret | undefined;
}

const properties = z.looseObject({
  connectionString: z
    .union([z.string(), z.strictObject({ type: z.literal('SecureString'), value: z.string() })])
    .optional(),
  server: filledText.optional(),
  database: filledText.optional(),
  userName: filledText.optional(),
  password: secret.optional(),
});

/** Both forms: a connection string with everything in it, and properties of their own. Without a user the profile's way is taken. */
export function readPool(service: Resolved, problems: Problems): PoolService | undefined {
  const path = 'properties.typeProperties';
  const read = readBy(properties, service.properties.typeProperties ?? {}, problems, service.document, path);
  if (read === undefined) return undefined;
  const text = typeof read.connectionString === 'string' ? read.connectionString : read.connectionString?.value;
  const parts = connectionParts(text ?? '');
  const server = read.server ?? parts.get('data source') ?? parts.get('server');
  const database = read.database ?? parts.get('initial catalog') ?? parts.get('database');
  if (server === undefined || database === undefined) {
    problems.add(service.document, path, 'names no server and database: give connectionString, or server and database');
    return undefined;
  }
  return {
    server: server.replace(/^tcp:/i, '').replace(/,\d+$/, ''),
    database,
    user: read.userName ?? parts.get('user id') ?? parts.get('uid'),
    password: read.password ?? parts.get('password') ?? parts.get('pwd'),
  };
}

/** `Key=value;Key="va;lue"` → values by key in lower case. */
function connectionParts(text: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const match of text.matchAll(/\s*([^=;]+?)\s*=\s*("(?:[^"]|"")*"|'(?:[^']|'')*'|[^;]*)\s*(?:;|$)/g)) {
    const [, key = '', value = ''] = match;
    const quote = value[0];
    const quoted = value.length > 1 && (quote === '"' || quote === "'") && value.endsWith(quote);
    parts.set(key.toLowerCase(), quoted ? value.slice(1, -1).replaceAll(quote + quote, quote) : value);
  }
  return parts;
}
