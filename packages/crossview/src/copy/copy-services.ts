import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionDirectories, ViewCatalog } from '@crossview/contracts';
import type { CopyServices } from '@crossview/copy';
import type { Profile } from '../config/load-config.js';
import { poolDirectory } from '../config/pools.js';
import { secretDirectory } from '../config/secrets.js';
import { findWorkspace } from '../config/workspace.js';
import { lakePlaces } from '../lake/places.js';
import { profileStorage } from '../lake/pool-storage.js';
import { places as defaultPlaces } from '../places.js';
import type { LocalServices } from '../services/client.js';

export interface CopyServicesParts {
  readonly profile: Profile;
  readonly services: LocalServices;
  readonly directories: SessionDirectories;
  readonly workingDirectory: string;
  /** The session's views; without them a view cannot be a sink. */
  readonly views?: ViewCatalog;
  readonly log: (line: string) => void;
  readonly addSecret?: (secret: string) => void;
}

/** What a copy may use, as the profile says. Starts nothing: local services come with the first activity that needs one. */
export async function copyServices(parts: CopyServicesParts): Promise<CopyServices> {
  const { profile, services, directories, workingDirectory, views, log, addSecret } = parts;
  const { createPoolLoader, createSqlClient, createStorageClient } = await import('@crossview/synapse');
  const scratchDirectory = join(directories.root, 'copy');
  mkdirSync(scratchDirectory, { recursive: true, mode: 0o700 });
  const places = defaultPlaces();
  const mapping = lakePlaces(profile, findWorkspace(profile, workingDirectory, places).root);
  const { accounts, storage: client } = profileStorage(profile, services, {
    places,
    mapping,
    client: createStorageClient(),
  });
  const loader = createPoolLoader({
    sql: createSqlClient(),
    storage: client,
    accounts,
    directories,
    sessionId: directories.id,
    log,
    ...(addSecret === undefined ? {} : { addSecret }),
  });
  const secrets = secretDirectory(profile, services);
  return {
    secrets: {
      async get(vault, name, version) {
        const value = await secrets.get(vault, name, version);
        addSecret?.(value);
        return value;
      },
    },
    storages: { client, directory: accounts },
    pools: poolDirectory(profile, services),
    loader,
    workingDirectory,
    scratchDirectory,
    ...(views === undefined ? {} : { views }),
  };
}
