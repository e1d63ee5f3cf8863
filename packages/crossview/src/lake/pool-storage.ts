import { join } from 'node:path';
import type { StorageClient, StorageDirectory } from '@crossview/contracts';
import type { Profile } from '../config/load-config.js';
import { storageDirectory } from '../config/storages.js';
import { type Places, privateDirectory } from '../places.js';
import type { LocalServices } from '../services/client.js';
import { localAccount } from '../services/secrets.js';
import { readJsonFile, writeJsonFile } from '../system/json-file.js';
import { folderContainer } from './folder-container.js';
import { findPlace, type LakePlace } from './places.js';

type Mapping = Readonly<Record<string, LakePlace>>;

const fileIn = (services: string): string => join(services, 'lake.json');
/** Marks an account whose containers are looked up in the mapping. */
const mapped = 'lake:';

/** The local pool serves all sessions of this data directory, so it knows the accounts of all of them; the latest word counts. */
export function tellPoolOfLake(places: Places, mapping: Mapping): void {
  if (Object.keys(mapping).length === 0) return;
  const file = fileIn(privateDirectory(places.services));
  const known = readJsonFile<Mapping>(file) ?? {};
  const merged = { ...known, ...mapping };
  if (JSON.stringify(merged) !== JSON.stringify(known)) writeJsonFile(file, merged);
}

/** Accounts by name, and their containers. */
export interface LakeStorage {
  readonly accounts: StorageDirectory;
  readonly storage: StorageClient;
}

/** Accounts by name, and their containers through the client of the real ones, which may be loaded later. */
interface MappedLake {
  readonly accounts: StorageDirectory;
  readonly storage: (base: StorageClient) => StorageClient;
}

/** The accounts and the containers of the local pool: Azurite's, reached through `base`, and those that sessions mapped. */
export function poolLake(services: string, known: StorageDirectory): MappedLake {
  return mappedLake(() => readJsonFile<Mapping>(fileIn(services)) ?? {}, known);
}

/** Accounts of a mapping are where it says; all others are as `known` knows them. */
function mappedLake(mapping: () => Mapping, known: StorageDirectory): MappedLake {
  const isMapped = (name: string): boolean =>
    Object.keys(mapping()).some((key) => key === name || key === '*' || key.endsWith(`@${name}`));
  return {
    accounts: {
      async account(given) {
        const name = given.toLowerCase();
        if (!isMapped(name) || (name === localAccount && !(name in mapping()))) return known.account(given);
        const real = await known.account(localAccount);
        return { ...real, name, blobEndpoint: `${mapped}${name}` };
      },
    },
    storage: (base) => ({
      container(account, container, credential) {
        if (!account.blobEndpoint.startsWith(mapped)) return base.container(account, container, credential);
        const place = findPlace(mapping(), account.name, container);
        if (place !== undefined && 'folder' in place) return folderContainer(account.name, container, place.folder);
        return lazily(
          async () => {
            const real = await known.account(place === undefined ? account.name : localAccount);
            return base.container(real, place?.container ?? container);
          },
          account.name,
          container,
        );
      },
    }),
  };
}

type Container = ReturnType<StorageClient['container']>;

/** A container that is looked for when something is first asked of it. */
function lazily(open: () => Promise<Container>, account: string, container: string): Container {
  return {
    account,
    container,
    ensure: async () => (await open()).ensure(),
    async *list(prefix, options) {
      const real = await open();
      await real.ensure();
      yield* real.list(prefix, options);
    },
    download: async (...given) => (await open()).download(...given),
    async upload(...given) {
      const real = await open();
      await real.ensure();
      await real.upload(...given);
    },
    removeDirectory: async (path) => (await open()).removeDirectory(path),
    signature: async (options) => (await open()).signature(options),
  };
}

/** The accounts that a profile reaches; in a local one the mapping comes first, and the local pool is told of it. */
export function profileStorage(
  profile: Profile,
  services: LocalServices,
  { places, mapping, client }: { places: Places; mapping: Mapping; client: StorageClient },
): LakeStorage {
  const base = { accounts: storageDirectory(profile, services), storage: client };
  if (profile.kind !== 'local') return base;
  tellPoolOfLake(places, mapping);
  const mapped = mappedLake(() => mapping, base.accounts);
  return { accounts: mapped.accounts, storage: mapped.storage(client) };
}
