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

const hierarchical = new Map<string, Promise<boolean>>();

/** Whether the account has directories, which alone can be signed for. One that does not say so is taken for flat. */
function hasDirectories(service: BlobServiceClient, account: StorageAccount): Promise<boolean> {
  if (account.emulator) return Promise.resolve(false);
  const known = hierarchical.get(account.blobEndpoint);
  if (known !== undefined) return known;
  const asked = service.getAccountInfo().then(
    (info) => info.isHierarchicalNamespaceEnabled === true,
    () => false,
  );
  hierarchical.set(account.blobEndpoint, asked);
  return asked;
}

/**
 * A signed query limited to one container, or to one directory where the account has directories. With a key it is signed by the key, with a token by a user delegation key;
 * a signature cannot be narrowed further, so a SAS is handed on as it is.
 * @throws CrossviewError `STORAGE_NO_CREDENTIAL`.
 */
export async function containerSignature(
  service: BlobServiceClient,
  account: StorageAccount,
  container: string,
  credential: StorageCredential | undefined,
  options: { permissions: string; expiresInSeconds: number; directory?: string },
): Promise<string> {
  if (credential === undefined)
    throw new CrossviewError('STORAGE_NO_CREDENTIAL', `There is no credential for storage account "${account.name}".`, {
      hint: 'Give the account a key, a SAS or an identity in the profile.',
      facts: { account: account.name, container },
    });
  if (credential.kind === 'sas') return credential.sas;
  const startsOn = new Date(Date.now() - clockSkewMs);
  const expiresOn = new Date(Date.now() + options.expiresInSeconds * 1000);
  const { directory } = options;
  if (directory && (await hasDirectories(service, account)))
    return directorySignature(service, account, container, credential, { ...options, directory, startsOn, expiresOn });
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

/** Signed for a directory and everything below it (`sr=d`); by the key, or by a user delegation key. */
export async function directorySignature(
  service: BlobServiceClient,
  account: StorageAccount,
  container: string,
  credential: Exclude<StorageCredential, { kind: 'sas' }>,
  options: { permissions: string; directory: string; startsOn: Date; expiresOn: Date },
): Promise<string> {
  const lake = await import('@azure/storage-file-datalake');
  const pathName = options.directory.replace(/^\/+|\/+$/g, '');
  const values = {
    fileSystemName: container,
    pathName,
    isDirectory: true,
    directoryDepth: pathName.split('/').length,
    permissions: lake.DirectorySASPermissions.parse(options.permissions),
    protocol: lake.SASProtocol.Https,
    startsOn: options.startsOn,
    expiresOn: options.expiresOn,
  };
  const query =
    credential.kind === 'key'
      ? lake.generateDataLakeSASQueryParameters(
          values,
          new lake.StorageSharedKeyCredential(account.name, credential.key),
        )
      : lake.generateDataLakeSASQueryParameters(
          values,
          await service.getUserDelegationKey(options.startsOn, options.expiresOn),
          account.name,
        );
  return query.toString();
}
