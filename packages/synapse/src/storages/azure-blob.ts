import {
  AnonymousCredential,
  type BlobItem,
  BlobServiceClient,
  type ContainerClient,
  type StoragePipelineOptions,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import type {
  StorageAccount,
  StorageClient,
  StorageContainer,
  StorageCredential,
  StoredFile,
} from '@crossview/contracts';
import { storageError } from './blob-errors.js';
import { containerSignature } from './blob-signature.js';
import { downloadBlob, uploadBlob } from './blob-transfer.js';
import { spareLoopback } from './spare-loopback.js';

/** How a client waits and tries again. */
export interface StoragePatience {
  /** Tries of one call. */
  readonly tries?: number;
  /** How long one try may take, in milliseconds. */
  readonly tryMs?: number;
}

const parallelDeletes = 16;

/** At most four tries, each answered within a minute, seconds apart: no call waits longer than about five minutes. */
function clientOptions({ tries = 4, tryMs = 60_000 }: StoragePatience): StoragePipelineOptions {
  return { retryOptions: { maxTries: tries, tryTimeoutInMs: tryMs, retryDelayInMs: 500, maxRetryDelayInMs: 8_000 } };
}

function serviceFor(
  account: StorageAccount,
  credential: StorageCredential | undefined,
  patience: StoragePatience,
): BlobServiceClient {
  const options = clientOptions(patience);
  if (credential === undefined) return new BlobServiceClient(account.blobEndpoint, new AnonymousCredential(), options);
  if (credential.kind === 'sas')
    return new BlobServiceClient(
      `${account.blobEndpoint}?${credential.sas.replace(/^\?/, '')}`,
      new AnonymousCredential(),
      options,
    );
  if (credential.kind === 'key')
    return new BlobServiceClient(
      account.blobEndpoint,
      new StorageSharedKeyCredential(account.name, credential.key),
      options,
    );
  const { token } = credential;
  const getToken = async () => {
    const { token: value, expiresOn } = await token();
    return { token: value, expiresOnTimestamp: expiresOn };
  };
  return new BlobServiceClient(account.blobEndpoint, { getToken }, options);
}

/** Hadoop marks a directory by an empty blob with this metadata; a hierarchical namespace lists its directories the same way. */
function isDirectoryMarker(item: BlobItem): boolean {
  return Object.entries(item.metadata ?? {}).some(
    ([key, value]) => key.toLowerCase() === 'hdi_isfolder' && value.toLowerCase() === 'true',
  );
}

function directoryPrefix(path: string): string {
  const trimmed = path.replace(/^\/+|\/+$/g, '');
  return trimmed === '' ? '' : `${trimmed}/`;
}

async function deleteAll(client: ContainerClient, names: readonly string[]): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let name = names[next++]; name !== undefined; name = names[next++])
      await client.getBlobClient(name).deleteIfExists();
  };
  await Promise.all(Array.from({ length: Math.min(parallelDeletes, names.length) }, worker));
}

function openContainer(
  account: StorageAccount,
  name: string,
  credential: StorageCredential | undefined,
  patience: StoragePatience,
): StorageContainer {
  const service = serviceFor(account, credential, patience);
  const client = service.getContainerClient(name);

  async function step<T>(action: string, path: string | undefined, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (thrown) {
      throw storageError(thrown, {
        account: account.name,
        container: name,
        action,
        ...(path === undefined ? {} : { path }),
      });
    }
  }

  async function* list(prefix: string, { signal }: { signal?: AbortSignal } = {}): AsyncIterable<StoredFile> {
    const items = client.listBlobsFlat({
      prefix: prefix.replace(/^\/+/, ''),
      includeMetadata: true,
      ...(signal === undefined ? {} : { abortSignal: signal }),
    });
    const iterator = items[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await step('list', prefix, () => iterator.next());
      if (done) return;
      if (isDirectoryMarker(value)) continue;
      yield {
        path: value.name,
        bytes: value.properties.contentLength ?? 0,
        lastModified: value.properties.lastModified,
      };
    }
  }

  async function removeDirectory(path: string): Promise<number> {
    const prefix = directoryPrefix(path);
    return step('remove directory', path, async () => {
      const files: string[] = [];
      const markers: string[] = [];
      try {
        for await (const item of client.listBlobsFlat({ prefix, includeMetadata: true }))
          (isDirectoryMarker(item) ? markers : files).push(item.name);
      } catch (thrown) {
        const error = storageError(thrown, { account: account.name, container: name, action: 'list', path });
        if (error.code === 'STORAGE_NOT_FOUND') return 0;
        throw error;
      }
      await deleteAll(client, files);
      // A hierarchical namespace refuses to delete a directory that is not empty: the deepest goes first, one after the other.
      markers.sort((a, b) => b.split('/').length - a.split('/').length);
      for (const marker of markers) await client.getBlobClient(marker).deleteIfExists();
      if (prefix !== '') await client.getBlobClient(prefix.slice(0, -1)).deleteIfExists();
      return files.length;
    });
  }

  return {
    account: account.name,
    container: name,
    ensure: () => step('create container', undefined, async () => void (await client.createIfNotExists())),
    list,
    download: (path, toFile, { signal } = {}) =>
      step('download', path, () => downloadBlob(client.getBlockBlobClient(path), toFile, signal)),
    upload: (fromFile, path, { signal } = {}) =>
      step('upload', path, () => uploadBlob(client.getBlockBlobClient(path), fromFile, signal)),
    removeDirectory,
    signature: (options) =>
      step('sign', undefined, () => containerSignature(service, account, name, credential, options)),
  };
}

/** Azure Blob storage, Data Lake Storage Gen2 by its blob endpoint, and Azurite. */
export function createStorageClient(patience: StoragePatience = {}): StorageClient {
  spareLoopback();
  return {
    container: (account, name, credential = account.credential) => openContainer(account, name, credential, patience),
  };
}
