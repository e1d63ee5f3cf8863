import { CrossviewError, type PoolDirectory, type PoolLogin, type PoolTarget } from '@crossview/contracts';
import type { LocalServices } from '../services/client.js';
import { databaseScope, entraToken } from './entra.js';
import type { Profile } from './load-config.js';
import type { AzureProfile, PoolAuthentication } from './schema.js';
import { secretValue } from './secret-value.js';

type Request = Parameters<PoolDirectory['resolve']>[0];

/** Finds pools as the profile says: every name is the local pool, or only the servers that are listed. */
export function poolDirectory(profile: Profile, services: LocalServices): PoolDirectory {
  return { resolve: (request) => (profile.kind === 'local' ? local(request, services) : azure(request, profile)) };
}

function sqlLogin(request: Request): PoolLogin | undefined {
  return request.user === undefined ? undefined : { kind: 'sql', user: request.user, password: request.password ?? '' };
}

async function local(request: Request, services: LocalServices): Promise<PoolTarget> {
  const { pool } = await services.get();
  return {
    server: request.server ?? 'local',
    host: pool.host,
    port: pool.port,
    database: request.database ?? 'master',
    certificateAuthority: pool.certificateAuthority,
    certificateName: pool.certificateName,
    login: sqlLogin(request) ?? { kind: 'sql', user: pool.user, password: pool.password },
    standIn: 'local pool',
  };
}

/** A name may carry its port as SQL Server writes it (`server,1433`), and `tcp:` in front. */
function plainName(server: string): string {
  return server.replace(/^tcp:/i, '').replace(/,\d+$/, '').toLowerCase();
}

function findServer(request: Request, profile: Profile & AzureProfile) {
  const names = Object.keys(profile.servers);
  const wanted = request.server ?? profile.defaultServer ?? (names.length === 1 ? names[0] : undefined);
  const name = names.find((candidate) => wanted !== undefined && plainName(candidate) === plainName(wanted));
  if (name !== undefined) return { name, server: profile.servers[name]! };
  const known = names.length === 0 ? 'none' : names.join(', ');
  throw new CrossviewError(
    'POOL_UNKNOWN',
    wanted === undefined
      ? `no server is named, and profile "${profile.name}" has no defaultServer`
      : `profile "${profile.name}" has no server ${wanted}`,
    {
      hint: `It has: ${known}. Add it under profiles.${profile.name}.servers in ${profile.file ?? 'crossview.json'}.`,
      facts: { server: wanted, profile: profile.name },
    },
  );
}

function profileLogin(authentication: PoolAuthentication, profile: Profile, server: string): PoolLogin {
  if (authentication.kind === 'sql')
    return {
      kind: 'sql',
      user: authentication.user,
      password: secretValue(authentication.password, profile, `the password for ${server}`),
    };
  return { kind: 'token', token: async () => (await entraToken(authentication, profile, databaseScope)).token };
}

async function azure(request: Request, profile: Profile & AzureProfile): Promise<PoolTarget> {
  const { name, server } = findServer(request, profile);
  const host = server.host ?? plainName(name);
  return {
    server: name,
    host,
    port: server.port,
    database: request.database ?? server.database ?? 'master',
    certificateAuthority: undefined,
    certificateName: plainName(name),
    login: sqlLogin(request) ?? profileLogin(server.authentication ?? profile.authentication, profile, name),
    standIn: undefined,
  };
}
