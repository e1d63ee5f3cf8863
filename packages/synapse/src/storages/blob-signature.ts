import {
  type BlobServiceClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { CrossviewError, type StorageAccount, type StorageCredential } from '@crossview/contracts';

/** Clocks differ; a signature that starts a little in the past is valid at once. */
const clockSkewMs = 5 * 60_000;

/**
 * A signed query limited to one container. With a key it is signed by the key, with a token by a user delegation key;
 * a signature cannot be narrowed further, so a SAS is handed on as it is.
 * @throws CrossviewError `STORAGE_NO_CREDENTIAL`.
 */
export async function containerSignature(
  service: BlobServiceClient,
  account: StorageAccount,
  container: string,
  credential: StorageCredential | undefined,
  options: { permissions: string; expiresInSeconds: number },
): Promise<string> {
  if (credential === undefined)
    throw new CrossviewError('STORAGE_NO_CREDENTIAL', `There is no credential for storage account "${account.name}".`, {
      hint: 'Give the account a key, a SAS or an identity in the profile.',
      facts: { account: account.name, container },
    });
  if (credential.kind === 'sas') return credential.sas;
  const startsOn = new Date(Date.now() - clockSkewMs);
  const expiresOn = new Date(Date.now() + options.expiresInSeconds * 1000);
  const values = {
    containerName: container,
    permissions: ContainerSASPermissions.parse(options.permissions),
    protocol: account.blobEndpoint.startsWith('https:') ? SASProtocol.Https : SASProtocol.HttpsAndHttp,
    startsOn,
    expiresOn,
  };
  if (credential.kind === 'key')
    return generateBlobSASQueryParameters(
      values,
      new StorageSharedKeyCredential(account.name, credential.key),
    ).toString();
  const delegation = await service.getUserDelegationKey(startsOn, expiresOn);
  return generateBlobSASQueryParameters(values, delegation, account.name).toString();
}
