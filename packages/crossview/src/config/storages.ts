import type { StorageCredential, StorageDirectory } from '@crossview/contracts';
import { CrossviewError } from '@crossview/contracts';
import type { LocalServices } from '../services/client.js';
import { localStorageDirectory } from '../services/local-pool.js';
import { entraToken, storageScope } from './entra.js';
import type { Profile } from './load-config.js';
import type { AzureProfile, StorageAuthentication } from './schema.js';
import { secretValue } from './secret-value.js';

/** Where a session stages its files. */
export interface StagingPlace {
  readonly account: string;
  readonly container: string;
  /** Without slashes at its ends; empty for the container's root. */
  readonly directory: string;
}

export function stagingPlace(profile: Profile): StagingPlace {
  if (profile.kind === 'local') return { account: 'devstoreaccount1', container: 'staging', directory: '' };
  return { ...profile.staging, directory: profile.staging.directory.replace(/^\/+|\/+$/g, '') };
}

/** Finds storage accounts as the profile says. Locally there is one, Azurite's. */
export function storageDirectory(profile: Profile, services: LocalServices): StorageDirectory {
  return {
    async account(name) {
      if (profile.kind === 'local') return localStorageDirectory((await services.get()).storage).account(name);
      return azureAccount(name, profile);
    },
  };
}

function credential(authentication: StorageAuthentication, profile: Profile, account: string): StorageCredential {
  switch (authentication.kind) {
    case 'key':
      return { kind: 'key', key: secretValue(authentication.key, profile, `the key of account ${account}`) };
    case 'sas':
      return {
        kind: 'sas',
        sas: secretValue(authentication.sas, profile, `the signature for account ${account}`).replace(/^\?/, ''),
      };
    case 'entra':
      return { kind: 'token', token: () => entraToken(authentication, profile, storageScope) };
  }
}

function azureAccount(name: string, profile: Profile & AzureProfile) {
  const entry = profile.storage[name];
  if (entry === undefined && name !== profile.staging.account)
    throw new CrossviewError('STORAGE_ACCOUNT_UNKNOWN', `profile "${profile.name}" has no storage account ${name}`, {
      hint: `Add it under profiles.${profile.name}.storage in ${profile.file ?? 'crossview.json'}: "${name}": {}`,
      facts: { account: name, profile: profile.name },
    });
  return {
    name,
    blobEndpoint: entry?.blobEndpoint ?? `https://${name}.blob.core.windows.net`,
    credential: credential(entry?.authentication ?? profile.authentication, profile, name),
    emulator: false,
  };
}
