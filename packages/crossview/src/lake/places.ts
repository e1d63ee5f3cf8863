import { dirname, resolve } from 'node:path';
import { CrossviewError, type StorageClient, type StorageDirectory } from '@crossview/contracts';
import {
  containerStore,
  folderStore,
  type LakeStore,
  type Locate,
  type Mounts,
  parseAddress,
} from '@crossview/notebook-utils';
import type { Profile } from '../config/load-config.js';
import type { Workspace } from '../config/workspace.js';
import { localAccount } from '../services/secrets.js';
import { inLakehouse, oneLake } from './one-lake.js';

/** Where an account, or one container of it, really is. Folders are absolute. */
export type LakePlace = { readonly folder: string } | { readonly container: string } | { readonly azurite: true };

/** The profile's mapping with its folders made absolute; relative ones start at the configuration file. */
export function lakePlaces(profile: Profile, workspace: string): Readonly<Record<string, LakePlace>> {
  if (profile.kind !== 'local') return {};
  const base = profile.file === undefined ? workspace : dirname(profile.file);
  const entries = Object.entries(profile.lake).map(([name, place]): [string, LakePlace] => [
    name.replace(/@(.*)$/, (_all, account: string) => `@${account.toLowerCase()}`),
    'folder' in place
      ? { folder: resolve(base, place.folder) }
      : 'azurite' in place && name.includes('@')
        ? { container: azuriteContainer(name.split('@')[1]!.toLowerCase(), name.split('@')[0]!) }
        : place,
  ]);
  return Object.fromEntries(entries);
}

/** One container of Azurite's single account for each container of each account. */
function azuriteContainer(account: string, container: string): string {
  return `${account}-${container}`.slice(0, 63);
}

/** A folder or a container of Azurite; `undefined` when nothing is said of the account. The Scala side decides the same way. */
export function findPlace(
  places: Readonly<Record<string, LakePlace>>,
  account: string,
  container: string,
): { readonly folder: string } | { readonly container: string } | undefined {
  const one = places[`${container}@${account}`];
  if (one && !('azurite' in one)) return one;
  const inside = (place: LakePlace | undefined, ...parts: string[]) => {
    if (place === undefined) return undefined;
    if ('folder' in place) return { folder: resolve(place.folder, ...parts) };
    return { container: azuriteContainer(account, container) };
  };
  return (
    inside(places[account], container) ??
    (account === localAccount ? { container } : undefined) ??
    inside(places['*'], account, container)
  );
}

export function unknownAccount(address: string, account: string, profile: Profile): CrossviewError {
  return new CrossviewError(
    'STORAGE_ACCOUNT_UNKNOWN',
    `The storage account ${account} is not mapped to a local lake, so ${address} leads nowhere`,
    {
      hint: `Add it to crossview.json under profiles.${profile.name}.lake, "${account}": { "folder": "lake/${account}" }, or run: crossview lake map ${account} FOLDER`,
      facts: { account, profile: profile.name },
    },
  );
}

/** Finds the store behind any path that a notebook writes. */
export function lakeLocator(options: {
  profile: Profile;
  places: Readonly<Record<string, LakePlace>>;
  /** Says where relative paths start, and what the default lakehouse is. */
  workspace: () => Workspace;
  accounts: StorageDirectory;
  storage: StorageClient;
  mounts?: Mounts;
}): Locate {
  const { profile, places, workspace, accounts, storage, mounts } = options;
  const stores = new Map<string, LakeStore>();
  const container = async (account: string, name: string): Promise<LakeStore> => {
    const key = `${name}@${account}`;
    const known = stores.get(key);
    if (known) return known;
    const made = containerStore(storage.container(await accounts.account(account), name));
    stores.set(key, made);
    return made;
  };
  const locate: Locate = async (text) => {
    const address = parseAddress(text);
    if (address.kind === 'mount') {
      if (mounts === undefined) throw new CrossviewError('LAKE_PATH', `${text}: nothing is mounted here`);
      return locate(mounts.resolve(address.path));
    }
    const { primaryStorage } = workspace();
    if (address.kind === 'local' && primaryStorage !== undefined && !/^file:/i.test(text))
      return locate(`${primaryStorage}/${address.path.replace(/^\/+/, '')}`);
    if (address.kind === 'local') {
      const path = localPath(workspace(), address.path).replace(/^\/+/, '');
      return { store: folderStore('/'), path, nameOf: (it) => `file:/${it}` };
    }
    const { account, root } = address;
    const path = decodePath(address.path).replace(/\/+$/, '');
    const nameOf = (it: string) => `${root}/${it}`;
    if (profile.kind !== 'local') return { store: await container(account, address.container), path, nameOf };
    if (account === oneLake && !(account in places)) {
      const { root: base, lakehouses } = workspace();
      const found = inLakehouse(profile, { root: base, own: lakehouses }, path);
      const inItem = (it: string) => `${root}/${found?.item}/${it}`;
      if (found !== undefined) return { store: folderStore(found.folder), path: found.path, nameOf: inItem };
    }
    const place = findPlace(places, account, address.container);
    if (place === undefined) throw unknownAccount(text, account, profile);
    const store = 'folder' in place ? folderStore(place.folder) : await container(localAccount, place.container);
    return { store, path, nameOf };
  };
  return locate;
}

/** `/lakehouse/default/…` of Fabric leads to the default lakehouse; relative paths start there, or in the notebook's directory. */
function localPath({ home, lakehouse }: Workspace, path: string): string {
  const mounted = /^\/lakehouse\/default(?:\/+(.*))?$/s.exec(path);
  return mounted && lakehouse ? resolve(lakehouse.folder, mounted[1] ?? '') : resolve(home, path);
}

/** `%20` in an https address is a space; a name with a stray `%` stays as it is. */
function decodePath(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
