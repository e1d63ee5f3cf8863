import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StorageContainer, StorageCredential } from '@crossview/contracts';
import { SqlError } from '../errors/sql-error.js';
import type { Session } from '../interpreter/session.js';
import { type Location, listPrefix, matches } from './location.js';

/** IDENTITY and SECRET of a credential, as the statement or the catalog has them. */
export interface Access {
  readonly identity: string;
  readonly secret: string | undefined;
}

const parallel = 8;

/** Identities that mean a credential of the workspace itself. */
function isManaged(identity: string): boolean {
  return /^managed (service )?identity$/i.test(identity.trim());
}

function toCredential(access: Access | undefined): StorageCredential | undefined {
  if (!access || isManaged(access.identity)) return undefined;
  if (access.secret === undefined || access.secret === '')
    throw new SqlError(105203, `The credential with the identity '${access.identity}' has no SECRET.`);
  if (/^shared access signature$/i.test(access.identity.trim()))
    return { kind: 'sas', sas: access.secret.replace(/^\?/, '') };
  if (/@https?:/i.test(access.identity))
    throw new SqlError(
      40517,
      'not supported by the local pool: credentials of service principals; use a storage account key or a shared access signature',
    );
  return { kind: 'key', key: access.secret };
}

/** @throws SqlError 105209 when the account asks for a credential and none is there */
export async function openContainer(
  session: Session,
  location: Location,
  access: Access | undefined,
): Promise<StorageContainer> {
  const account = await session.services.accounts.account(location.account);
  const credential = toCredential(access);
  if (!credential && !account.credential)
    throw new SqlError(
      105209,
      `The storage account '${location.account}' needs a credential and the statement names none.`,
    );
  const storage = await session.services.storage();
  return storage.container(account, location.container, credential);
}

/** Runs the tasks a few at a time; the first that fails stops the rest. */
async function inParallel<T>(items: readonly T[], task: (item: T, index: number) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (next < items.length && !failed) {
      const index = next++;
      try {
        await task(items[index]!, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker));
}

/** Storage errors in the words of the pool, with the container and path, never the credential. */
function storageError(error: unknown, location: Location): SqlError {
  if (error instanceof SqlError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const path = `${location.container}@${location.account}/${location.path}`;
  return new SqlError(105209, `External file access failed at '${path}': ${reason}`, { cause: error });
}

/** The files that a location means, in order of their names. */
export async function listFiles(
  container: StorageContainer,
  location: Location,
): Promise<readonly { readonly path: string; readonly bytes: number }[]> {
  const files: { path: string; bytes: number }[] = [];
  try {
    for await (const file of container.list(listPrefix(location.path)))
      if (matches(location.path, file.path)) files.push({ path: file.path, bytes: file.bytes });
  } catch (error) {
    throw storageError(error, location);
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

export interface LocalFiles {
  /** Here, in the order of the names there. */
  readonly files: readonly string[];
  /** Their names in the container. */
  readonly names: readonly string[];
}

export function scratchDirectory(session: Session): { readonly path: string; remove(): void } {
  mkdirSync(session.services.scratch, { recursive: true, mode: 0o700 });
  const path = mkdtempSync(join(session.services.scratch, 'files-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Downloads the files, several at a time. */
export async function download(
  container: StorageContainer,
  location: Location,
  names: readonly string[],
  directory: string,
  prefix: string,
  extension: string,
): Promise<LocalFiles> {
  const files = names.map((_, index) => join(directory, `${prefix}-${index}${extension}`));
  try {
    await inParallel(names, (name, index) => container.download(name, files[index]!));
  } catch (error) {
    throw storageError(error, location);
  }
  return { files, names };
}

export async function upload(
  container: StorageContainer,
  location: Location,
  files: readonly { readonly file: string; readonly path: string }[],
): Promise<void> {
  try {
    await inParallel(files, ({ file, path }) => container.upload(file, path));
  } catch (error) {
    throw storageError(error, location);
  }
}
