import { open } from 'node:fs/promises';
import type { BlockBlobClient } from '@azure/storage-blob';

const blockBytes = 8 * 1024 * 1024;
const parallel = 4;

/** Downloads by ranges of 8 MiB, four at a time, all of the same version of the blob. */
export async function downloadBlob(
  blob: BlockBlobClient,
  toFile: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const abort = signal === undefined ? {} : { abortSignal: signal };
  const { contentLength = 0, etag } = await blob.getProperties(abort);
  const file = await open(toFile, 'w', 0o600);
  try {
    let next = 0;
    const worker = async (): Promise<void> => {
      const buffer = Buffer.allocUnsafe(Math.min(blockBytes, contentLength));
      while (next < contentLength) {
        const start = next;
        const count = Math.min(blockBytes, contentLength - start);
        next += count;
        const part = buffer.subarray(0, count);
        await blob.downloadToBuffer(part, start, count, {
          ...abort,
          concurrency: 1,
          blockSize: blockBytes,
          ...(etag === undefined ? {} : { conditions: { ifMatch: etag } }),
        });
        await file.write(part, 0, count, start);
      }
    };
    await Promise.all(
      Array.from({ length: Math.max(1, Math.min(parallel, Math.ceil(contentLength / blockBytes))) }, worker),
    );
  } finally {
    await file.close();
  }
}

export async function uploadBlob(
  blob: BlockBlobClient,
  fromFile: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  await blob.uploadFile(fromFile, {
    blockSize: blockBytes,
    maxSingleShotSize: blockBytes,
    concurrency: parallel,
    ...(signal === undefined ? {} : { abortSignal: signal }),
  });
}
