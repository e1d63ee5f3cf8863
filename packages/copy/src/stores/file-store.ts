import { CrossviewError } from '@crossview/contracts';

/** Where a sink puts whole files: a folder, or a container of a storage account. */
export interface FileStore {
  /** For messages: `folder /data`, `container lake of account a`. */
  readonly title: string;
  /**
   * A folder of this machine in which files grow before they are put; on the same disk, where that is possible. Who grows a file
   * makes the folder, and removes it when it is empty.
   */
  readonly growingFolder: string;
  /** Takes a finished file over; the file under this path is replaced at once or not at all. The local file may be gone afterwards. */
  put(localFile: string, path: string, signal?: AbortSignal): Promise<void>;
  /** Removes one file; a missing one is no failure. */
  remove(path: string): Promise<void>;
}

/** A failed write in words. */
export function sinkFailed(title: string, path: string, cause: unknown): CrossviewError {
  if (cause instanceof CrossviewError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  return new CrossviewError(
    full ? 'COPY_SINK_FULL' : 'COPY_SINK_FAILED',
    `${path} in ${title} cannot be written: ${message}`,
    {
      hint: full
        ? 'Make room there. Nothing was left half written.'
        : 'Check that the place exists and may be written to.',
      facts: { path, reason: code ?? null },
      cause,
    },
  );
}
