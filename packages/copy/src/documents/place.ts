import { z } from 'zod';
import { filledText, ignored, type Secret, secret } from './common.js';
import { type Problems, readBy } from './problems.js';
import type { Resolved } from './resolver.js';

/** Where files lie: a folder of this machine, or a container of a storage account. Secrets are not resolved yet. */
export type Place =
  | { readonly kind: 'local'; readonly folder: string }
  | {
      readonly kind: 'storage';
      readonly account: string;
      readonly credential:
        | { readonly kind: 'key' | 'sas'; readonly secret: Secret }
        | { readonly kind: 'connectionString'; readonly secret: Secret }
        | undefined;
    };

const storageProperties = z.looseObject({
  connectionString: secret.optional(),
  accountKey: secret.optional(),
  sasUri: secret.optional(),
  sasToken: secret.optional(),
  serviceEndpoint: z.string().optional(),
  url: filledText.optional(),
});

const fileServer = z.strictObject({
  host: filledText,
  userId: z.string().optional(),
  password: secret.optional(),
  encryptedCredential: ignored,
});

/** Types of linked services whose files can be written. */
export const placeTypes = ['AzureBlobStorage', 'AzureBlobFS', 'FileServer'] as const;

/**
 * The account's name comes out of the address or the connection string; who may write there is decided by the credential in the
 * document, and without one (managed identity, service principal) by the profile in force.
 */
export function readPlace(service: Resolved, problems: Problems): Place | undefined {
  const path = 'properties.typeProperties';
  const given = service.properties.typeProperties ?? {};
  if (service.type === 'FileServer') {
    const read = readBy(fileServer, given, problems, service.document, path);
    if (read === undefined) return undefined;
    if (/^\\\\/.test(read.host)) {
      problems.add(service.document, `${path}.host`, 'names a network share: mount it and give its folder');
      return undefined;
    }
    return { kind: 'local', folder: read.host };
  }
  if (service.type !== 'AzureBlobStorage' && service.type !== 'AzureBlobFS') {
    problems.add(
      service.document,
      'properties.type',
      `${service.type} is not a place where files can be written here; ${placeTypes.join(', ')} are`,
    );
    return undefined;
  }
  const read = readBy(storageProperties, given, problems, service.document, path);
  if (read === undefined) return undefined;
  const connectionString = textOf(read.connectionString);
  const address = read.url ?? read.serviceEndpoint ?? textOf(read.sasUri) ?? '';
  const account =
    /(?:^|;)\s*AccountName=([^;]+)/i.exec(connectionString ?? '')?.[1]?.trim() ??
    /BlobEndpoint=https?:\/\/([a-z0-9]+)\./i.exec(connectionString ?? '')?.[1] ??
    accountOf(address);
  if (account === undefined) {
    problems.add(
      service.document,
      path,
      read.connectionString !== undefined && connectionString === undefined
        ? 'the account’s name is in a secret: add url or serviceEndpoint'
        : 'names no storage account: give connectionString, url, serviceEndpoint or sasUri',
    );
    return undefined;
  }
  const credential =
    read.accountKey !== undefined
      ? ({ kind: 'key', secret: read.accountKey } as const)
      : read.sasToken !== undefined || read.sasUri !== undefined
        ? ({ kind: 'sas', secret: (read.sasToken ?? read.sasUri)! } as const)
        : read.connectionString !== undefined
          ? ({ kind: 'connectionString', secret: read.connectionString } as const)
          : undefined;
  return { kind: 'storage', account, credential };
}

const textOf = (value: Secret | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.type === 'SecureString' ? value.value : undefined;

/** `https://account.dfs.core.windows.net`, and the emulator's `http://127.0.0.1:10000/devstoreaccount1`. */
function accountOf(address: string): string | undefined {
  try {
    const url = new URL(address);
    if (/^(127\.|localhost$)/.test(url.hostname)) return url.pathname.split('/')[1] || undefined;
    return url.hostname.split('.')[0];
  } catch {
    return undefined;
  }
}
