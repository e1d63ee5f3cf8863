import {
  CrossviewError,
  type StorageAccount,
  type StorageClient,
  type StorageCredential,
  type StorageDirectory,
} from '@crossview/contracts';
import type { Place } from '../documents/place.js';

export interface Storages {
  readonly client: StorageClient;
  readonly directory: StorageDirectory;
}

export interface OpenAccount {
  readonly account: StorageAccount;
  readonly credential: StorageCredential | undefined;
}

/**
 * Finds the account of a place as the profile in force says. A stand-in (the emulator) keeps its own credential: the document's
 * belongs to the real account.
 * @param reveal gives the text of the document's secret.
 */
export async function openAccount(
  place: Extract<Place, { kind: 'storage' }>,
  storages: Storages | undefined,
  reveal: (
    secret: NonNullable<Extract<Place, { kind: 'storage' }>['credential']>['secret'],
  ) => Promise<string | undefined>,
): Promise<OpenAccount> {
  if (storages === undefined)
    throw new CrossviewError(
      'COPY_STORAGE_UNAVAILABLE',
      `storage account ${place.account} cannot be reached from here`,
      {
        hint: 'Give storages (a StorageClient and a StorageDirectory) to the call.',
        facts: { account: place.account },
      },
    );
  const account = await storages.directory.account(place.account);
  if (place.credential === undefined || account.emulator) return { account, credential: account.credential };
  const text = await reveal(place.credential.secret);
  return {
    account,
    credential: credentialFrom(place.credential.kind, text ?? '', place.account) ?? account.credential,
  };
}

function credentialFrom(
  kind: 'key' | 'sas' | 'connectionString',
  text: string,
  account: string,
): StorageCredential | undefined {
  if (kind === 'key') return { kind: 'key', key: text };
  if (kind === 'sas') return { kind: 'sas', sas: text.includes('?') ? text.slice(text.indexOf('?') + 1) : text };
  const key = /(?:^|;)\s*AccountKey=([^;]+)/i.exec(text)?.[1];
  if (key !== undefined) return { kind: 'key', key };
  const sas = /(?:^|;)\s*SharedAccessSignature=([^;]+)/i.exec(text)?.[1];
  if (sas !== undefined) return { kind: 'sas', sas: sas.replace(/^\?/, '') };
  if (!/AccountName=|BlobEndpoint=/i.test(text))
    throw new CrossviewError(
      'COPY_DEFINITION_INVALID',
      `the connection string of storage account ${account} cannot be read`,
      {
        hint: 'It should look like DefaultEndpointsProtocol=https;AccountName=...;AccountKey=...',
        facts: { account },
      },
    );
  return undefined;
}
