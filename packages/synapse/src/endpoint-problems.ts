import type { PoolTarget } from '@crossview/contracts';
import type { Options } from './options.js';
import type { Problem } from './preflight.js';
import type { StagingBase } from './staging.js';

/** Ways of authenticating that the pool's reader does not take from where the rows are staged. */
export function endpointProblems(
  staging: StagingBase,
  target: PoolTarget,
  options: Options,
  way: 'copy' | 'external',
): Problem[] {
  const { account, credential } = staging;
  // COPY gets a signature of its own whatever the session has, and a data source that is there has its own credential.
  if (account.emulator || way === 'copy' || options.dataSource !== undefined) return [];
  if (credential?.kind === 'sas')
    return [
      {
        column: '',
        text: `account "${account.name}" is reached by a SAS, which an external data source of a dedicated pool does not take`,
        todo: 'Give the account a key or an Entra identity in the profile, name a data source (Constants.DATA_SOURCE), or load by COPY.',
      },
    ];
  if (credential?.kind === 'token' && target.login.kind === 'sql')
    return [
      {
        column: '',
        text: `a SQL login has no Entra identity by which the pool could reach account "${account.name}"`,
        todo: 'Name a data source whose credential reaches it (Constants.DATA_SOURCE), or log in to the pool by Entra.',
      },
    ];
  return [];
}
