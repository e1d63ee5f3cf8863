/** A file or directory of a store. */
export interface LakeEntry {
  /** Inside the store, without a slash in front. */
  readonly path: string;
  readonly isDirectory: boolean;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** A place with files: a folder of this machine, or a container of a storage account. Paths have no slash in front. */
export interface LakeStore {
  /** `undefined` when there is nothing of this name. */
  stat(path: string): Promise<LakeEntry | undefined>;
  /** What is directly in a directory, sorted by name; empty when there is none. */
  list(path: string): Promise<readonly LakeEntry[]>;
  download(path: string, toFile: string): Promise<void>;
  /** Makes the directories above, and replaces what is there. */
  upload(fromFile: string, path: string): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  /** A file, or a directory with all that is in it; false when there was nothing. */
  remove(path: string): Promise<boolean>;
  /** The path on this machine, where the store is a folder. */
  localPath?(path: string): string;
}

/** A path that was found: where, and how to name what is under it. */
export interface Located {
  readonly store: LakeStore;
  readonly path: string;
  /** The name a notebook uses for a path of this store. */
  nameOf(path: string): string;
}

/** @throws CrossviewError `STORAGE_ACCOUNT_UNKNOWN` for an account that the profile does not name, `LAKE_PATH`. */
export type Locate = (address: string) => Promise<Located>;
