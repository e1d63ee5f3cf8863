import {
  CrossviewError,
  type StorageAccount,
  type StorageClient,
  type StorageContainer,
  type StorageCredential,
  type StorageDirectory,
} from '@crossview/contracts';

/** A place in a storage account where files are staged. `directory` has no slash at its ends; empty is the container's root. */
export interface StagingBase {
  readonly account: StorageAccount;
  readonly container: string;
  readonly directory: string;
  readonly credential: StorageCredential | undefined;
}

export interface StorageAddress {
  readonly scheme: string;
  readonly account: string;
  readonly container: string;
  readonly directory: string;
}

const trimSlashes = (path: string): string => path.replace(/^\/+|\/+$/g, '');

/**
 * `abfss://container@account.dfs.core.windows.net/directory`, also `abfs`, `wasb`, `wasbs` and the `blob` host.
 * @throws CrossviewError `STORAGE_ADDRESS_INVALID`.
 */
export function parseStorageAddress(address: string): StorageAddress {
  const match = /^(abfss?|wasbs?):\/\/([^@/]+)@([a-z0-9-]+)(?:\.[a-z0-9.-]+)?(?::\d+)?(\/.*)?$/i.exec(address.trim());
  if (match === null)
    throw new CrossviewError(
      'STORAGE_ADDRESS_INVALID',
      `"${address}" is not the address of a directory in Azure Storage.`,
      {
        hint: 'Write abfss://container@account.dfs.core.windows.net/directory.',
        facts: { address },
      },
    );
  const [, scheme = '', container = '', account = '', path = ''] = match;
  return { scheme: scheme.toLowerCase(), account: account.toLowerCase(), container, directory: trimSlashes(path) };
}

/** @param key of the account, when the user gave one; otherwise the profile's own credential is taken. */
export async function stagingBase(
  accounts: StorageDirectory,
  address: Pick<StorageAddress, 'account' | 'container' | 'directory'>,
  key: string | undefined,
): Promise<StagingBase> {
  const account = await accounts.account(address.account);
  return {
    account,
    container: address.container,
    directory: trimSlashes(address.directory),
    credential: key === undefined ? account.credential : { kind: 'key', key },
  };
}

export function inDirectory(base: StagingBase, name: string): StagingBase {
  return { ...base, directory: base.directory === '' ? name : `${base.directory}/${name}` };
}

export function containerOf(storage: StorageClient, base: StagingBase): StorageContainer {
  return storage.container(base.account, base.container, base.credential);
}

/** What Spark reads and writes. */
export function sparkLocation({ account, container, directory }: StagingBase): string {
  return `${account.emulator ? 'abfs' : 'abfss'}://${container}@${account.name}.dfs.core.windows.net/${directory}`;
}

/** What COPY INTO takes; with a signature it must be the blob endpoint. */
export function copyAddress({ account, container, directory }: StagingBase): string {
  return `https://${account.name}.blob.core.windows.net/${container}/${directory}/`;
}

/** The LOCATION of a data source over the container. */
export function dataSourceLocation({ account, container }: StagingBase): string {
  return `abfss://${container}@${account.name}.dfs.core.windows.net`;
}

/**
 * The LOCATION of an external table, from where its data source points.
 * @throws CrossviewError `STAGING_OUTSIDE_DATA_SOURCE` when the data source does not reach the directory.
 */
export function relativeLocation(base: StagingBase, root: StorageAddress | undefined): string {
  if (root === undefined) return `/${base.directory}/`;
  const inside =
    root.account === base.account.name.toLowerCase() &&
    root.container === base.container &&
    (root.directory === '' || `${base.directory}/`.startsWith(`${root.directory}/`));
  if (!inside)
    throw new CrossviewError(
      'STAGING_OUTSIDE_DATA_SOURCE',
      'The staging directory is not inside of the external data source.',
      {
        hint: 'Leave TEMP_FOLDER out, or let it begin with the LOCATION of the data source.',
        facts: { account: base.account.name, container: base.container, directory: base.directory },
      },
    );
  return `/${base.directory.slice(root.directory === '' ? 0 : root.directory.length + 1)}/`;
}
