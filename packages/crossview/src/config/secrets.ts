import { CrossviewError, type SecretDirectory } from '@crossview/contracts';
import type { LocalServices } from '../services/client.js';
import { entraToken } from './entra.js';
import { keyVaultSecret } from './key-vault.js';
import type { Profile } from './load-config.js';
import { secretValue } from './secret-value.js';

/** What the vault `local` holds besides what the profile puts there. */
const localSecrets = ['storage-account-key', 'pool-user', 'pool-password'] as const;

/** `https://myvault.vault.azure.net/` is the vault `myvault`. */
function vaultName(vault: string): string {
  return (/^(?:https:\/\/)?([^./]+)/.exec(vault)?.[1] ?? vault).toLowerCase();
}

function find<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  const key = Object.keys(record).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : record[key];
}

/**
 * Secrets by vault and name: those of the profile; then with a local profile those of the local services, with another the
 * Azure Key Vault of that name.
 */
export function secretDirectory(profile: Profile, services: LocalServices): SecretDirectory {
  const hasLocal = profile.kind === 'local';
  return {
    async get(vault, name, version) {
      const wanted = vaultName(vault);
      const entries = find(profile.secrets, wanted);
      const entry = entries && find(entries, name);
      if (entry) return secretValue(entry, profile, `secret ${name} of vault ${vault}`);
      if (hasLocal && wanted === 'local') {
        const { pool, storage } = await services.get();
        const known = { 'storage-account-key': storage.key, 'pool-user': pool.user, 'pool-password': pool.password };
        const value = find(known, name);
        if (value !== undefined) return value;
      }
      // A vault that the profile has secrets for is the profile's; `local` is nobody's outside of a local profile.
      if (profile.kind === 'azure' && entries === undefined && wanted !== 'local') {
        const token = async (scope: string) => (await entraToken(profile.authentication, profile, scope)).token;
        const value = await keyVaultSecret({ vault, name, version }, token);
        if (value !== undefined) return value;
      }
      const names = [...Object.keys(entries ?? {}), ...(hasLocal && wanted === 'local' ? localSecrets : [])];
      const vaults = [...Object.keys(profile.secrets), ...(hasLocal ? ['local'] : [])];
      throw new CrossviewError('SECRET_UNKNOWN', `profile "${profile.name}" has no secret ${name} in vault ${vault}`, {
        hint:
          names.length > 0
            ? `The vault has: ${names.join(', ')}.`
            : `Vaults there are: ${vaults.join(', ') || 'none'}. Add secrets under profiles.${profile.name}.secrets in ${profile.file ?? 'crossview.json'}.`,
        facts: { vault, name, profile: profile.name },
      });
    },
  };
}
