import {
  AnonymousCredential,
  type BlobItem,
  BlobServiceClient,
  newPipeline,
  type RequestPolicyFactory,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import {
  CrossviewError,
  type StorageAccount,
  type StorageClient,
  type StorageContainer,
  type StorageCredential,
  type StoredFile,
} from '@crossview/contracts';
import { storageError, unanswered } from './blob-errors.js';
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

const usualTries = 4;
const usualTryMs = 60_000;

/** The SDK tells the service how long a request may take, and waits for ever for one that does not answer; so each request is ended here. */
function limited(tryMs: number): RequestPolicyFactory {
  return {
    create: (next) => ({
      sendRequest(request) {
        request.timeout = tryMs;
        return next.sendRequest(request);
      },
    }),
  };
}

/** At most four tries, each answered within a minute, seconds apart: no call waits longer than about five minutes. */
function serviceFor(
  account: StorageAccount,
  credential: StorageCredential | undefined,
  { tries = usualTries, tryMs = usualTryMs }: StoragePatience,
): BlobServiceClient {
  const retryOptions = { maxTries: tries, tryTimeoutInMs: tryMs, retryDelayInMs: 500, maxRetryDelayInMs: 8_000 };
  const open = (address: string, given: Parameters<typeof newPipeline>[0]) => {
    const pipeline = newPipeline(given, { retryOptions });
    pipeline.factories.push(limited(tryMs));
    return new BlobServiceClient(address, pipeline);
  };
  if (credential === undefined) return open(account.blobEndpoint, new AnonymousCredential());
  if (credential.kind === 'sas')
    return open(`${account.blobEndpoint}?${credential.sas.replace(/^\?/, '')}`, new AnonymousCredential());
  if (credential.kind === 'key')
    return open(account.blobEndpoint, new StorageSharedKeyCredential(account.name, credential.key));
  const { token } = credential;
  const getToken = async () => {
    const { token: value, expiresOn } = await token();
    return { token: value, expiresOnTimestamp: expiresOn };
  };
  return open(account.blobEndpoint, { getToken });
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

async function inParallel(names: readonly string[], run: (name: string) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let name = names[next++]; name !== undefined; name = names[next++]) await run(name);
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

  /** Runs what may be repeated; what was not answered in time is tried again, as the SDK does with everything else. */
  async function step<T>(
    action: string,
    path: string | undefined,
    run: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    for (let left = patience.tries ?? usualTries; ; left--) {
      try {
        return await run();
      } catch (thrown) {
        const late = thrown instanceof Error && thrown.name === 'AbortError' && signal?.aborted !== true;
        if (late && left > 1) continue;
        const about = { account: account.name, container: name, action, ...(path === undefined ? {} : { path }) };
        throw late ? unanswered(about) : storageError(thrown, about);
      }
    }
  }

  /** Page by page, each of which may be asked for again. */
  async function* pages(prefix: string, signal?: AbortSignal): AsyncIterable<readonly BlobItem[]> {
    const options = { prefix, includeMetadata: true, ...(signal === undefined ? {} : { abortSignal: signal }) };
    let next: string | undefined;
    do {
      const from: { continuationToken?: string } = next === undefined ? {} : { continuationToken: next };
      const { value } = await step('list', prefix, () => client.listBlobsFlat(options).byPage(from).next(), signal);
      yield value?.segment.blobItems ?? [];
      next = value?.continuationToken || undefined;
    } while (next !== undefined);
  }

  async function* list(prefix: string, { signal }: { signal?: AbortSignal } = {}): AsyncIterable<StoredFile> {
    for await (const items of pages(prefix.replace(/^\/+/, ''), signal))
      for (const item of items) {
        if (isDirectoryMarker(item)) continue;
        const { contentLength, lastModified } = item.properties;
        yield { path: item.name, bytes: contentLength ?? 0, lastModified };
      }
  }

  async function removeDirectory(path: string): Promise<number> {
    const prefix = directoryPrefix(path);
    const files: string[] = [];
    const markers: string[] = [];
    try {
      for await (const items of pages(prefix))
        for (const item of items) (isDirectoryMarker(item) ? markers : files).push(item.name);
    } catch (thrown) {
      if (thrown instanceof CrossviewError && thrown.code === 'STORAGE_NOT_FOUND') return 0;
      throw thrown;
    }
    const remove = (blob: string) =>
      step('remove directory', path, async () => void (await client.getBlobClient(blob).deleteIfExists()));
    await inParallel(files, remove);
    // A hierarchical namespace refuses to delete a directory that is not empty: the deepest goes first, one after the other.
    markers.sort((a, b) => b.split('/').length - a.split('/').length);
    for (const marker of markers) await remove(marker);
    if (prefix !== '') await remove(prefix.slice(0, -1));
    return files.length;
  }

  return {
    account: account.name,
    container: name,
    ensure: () => step('create container', undefined, async () => void (await client.createIfNotExists())),
    list,
    download: (path, toFile, { signal } = {}) =>
      step('download', path, () => downloadBlob(client.getBlockBlobClient(path), toFile, signal), signal),
    upload: (fromFile, path, { signal } = {}) =>
      step('upload', path, () => uploadBlob(client.getBlockBlobClient(path), fromFile, signal), signal),
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
