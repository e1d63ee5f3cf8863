import type { FileHandle } from 'node:fs/promises';
import { markAsUntransferable } from 'node:worker_threads';

/** `mmap` and `munmap` of the C library, over 64-bit addresses. */
interface Mapper {
  map(fd: number, bytes: number): ArrayBuffer | undefined;
}

/** `PROT_READ | PROT_WRITE` and `MAP_PRIVATE`, the same on Linux and macOS: what a cell writes into its table stays its own. */
const readAndWrite = 3;
const privately = 2;

let mapper: Promise<Mapper | undefined> | undefined;

/**
 * A file's bytes as memory that is the file's own pages, where the host can do that: nothing is copied, and pages that
 * nobody looks at are never touched. The file may be deleted afterwards; it must not be cut. The memory goes when the
 * buffer and all views of it have gone.
 * @returns `undefined` where files cannot be mapped (Windows, 32 bits, no binary of koffi for this host): read it then.
 */
export async function mapFile(file: FileHandle, bytes: number): Promise<Uint8Array | undefined> {
  mapper ??= loadMapper();
  const buffer = (await mapper)?.map(file.fd, bytes);
  return buffer && new Uint8Array(buffer);
}

async function loadMapper(): Promise<Mapper | undefined> {
  if (!['linux', 'darwin'].includes(process.platform) || !['x64', 'arm64'].includes(process.arch)) return undefined;
  try {
    const { default: koffi } = await import('koffi');
    const library = koffi.load(null);
    const mmap = library.func(
      'void *mmap(void *address, size_t length, int protection, int flags, int fd, int64_t at)',
    );
    const munmap = library.func('int munmap(void *address, size_t length)');
    const failed = 2n ** 64n - 1n;
    const unmap = new FinalizationRegistry<[bigint, number]>(([address, bytes]) => munmap(address, bytes));
    return {
      map(fd, bytes) {
        const address = mmap(null, bytes, readAndWrite, privately, fd, 0) as bigint | null;
        if (address === null || address === failed) return undefined;
        const buffer = koffi.view(address, bytes);
        unmap.register(buffer, [address, bytes]);
        // Another thread would not keep the memory: a transfer is a copy, as for every buffer that is not V8's own.
        markAsUntransferable(buffer);
        return buffer;
      },
    };
  } catch {
    return undefined;
  }
}
