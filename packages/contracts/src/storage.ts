/** How to authenticate to a storage account. Values other than names are secrets. */
export type StorageCredential =
  | { readonly kind: 'key'; readonly key: string }
  /** Without the leading `?`. */
  | { readonly kind: 'sas'; readonly sas: string }
  | { readonly kind: 'token'; readonly token: () => Promise<{ token: string; expiresOn: number }> };

/** A storage account found by name, as the profile in force says. */
export interface StorageAccount {
  readonly name: string;
  /** Base address of the blob service with the account in it: `https://a.blob.core.windows.net`, `http://127.0.0.1:10000/a`. */
  readonly blobEndpoint: string;
  /** What the session itself may use; `undefined` when every access needs a credential of its own. */
  readonly credential: StorageCredential | undefined;
  /** True for Azurite: no hierarchical namespace, no TLS. */
  readonly emulator: boolean;
}

export interface StorageDirectory {
  /** @throws CrossviewError `STORAGE_ACCOUNT_UNKNOWN` naming the account and how to map it. */
  account(name: string): Promise<StorageAccount>;
}

export interface StoredFile {
  /** Path inside the container, without a leading slash. */
  readonly path: string;
  readonly bytes: number;
  readonly lastModified: Date;
}

/** One container of a storage account. All methods retry what is safe to retry and end in bounded time. */
export interface StorageContainer {
  readonly account: string;
  readonly container: string;
  /** Creates the container unless it is there. */
  ensure(): Promise<void>;
  /** Files whose path starts with `prefix`, directory markers left out. */
  list(prefix: string, options?: { signal?: AbortSignal }): AsyncIterable<StoredFile>;
  download(path: string, toFile: string, options?: { signal?: AbortSignal }): Promise<void>;
  upload(fromFile: string, path: string, options?: { signal?: AbortSignal }): Promise<void>;
  /**
   * Removes everything under a directory and its markers, and a file of exactly this path; gives the number of files removed
   * under the directory. A missing directory is 0.
   */
  removeDirectory(path: string): Promise<number>;
  /**
   * A signed query (no leading `?`) limited to these permissions (`rl`, `rwdl`) and this time, and to this directory where the account
   * has a hierarchical namespace, elsewhere to this container.
   */
  signature(options: { permissions: string; expiresInSeconds: number; directory?: string }): Promise<string>;
}

export interface StorageClient {
  /** @param credential overrides the account's own. @throws CrossviewError `STORAGE_*` naming account, container, step. */
  container(account: StorageAccount, container: string, credential?: StorageCredential): StorageContainer;
}
