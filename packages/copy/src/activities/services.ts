import type { PoolDirectory, PoolLoader, SecretDirectory, ViewCatalog } from '@crossview/contracts';
import type { Storages } from '../stores/open-store.js';

/** What a copy may use of the world around it. What is missing is said by name when an activity needs it. */
export interface CopyServices {
  readonly secrets?: SecretDirectory | undefined;
  readonly storages?: Storages | undefined;
  readonly pools?: PoolDirectory | undefined;
  readonly loader?: PoolLoader | undefined;
  readonly views?: ViewCatalog | undefined;
  /** Where relative paths start. */
  readonly workingDirectory: string;
  /** A folder of the session in which files grow before they are uploaded; it exists. */
  readonly scratchDirectory: string;
}

export interface CopyProgress {
  readonly activity: string;
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly step: 'connecting' | 'reading' | 'loading' | 'done';
}

export interface RunOptions {
  readonly services: CopyServices;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CopyProgress) => void) | undefined;
}
