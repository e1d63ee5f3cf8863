import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Places } from '../places.js';
import { readJsonFile, writeJsonFile } from '../system/json-file.js';

/** The secrets of this data directory's services. They last, because what users store in the pool refers to them. */
export interface ServiceSecrets {
  /** Base64, 64 bytes, as storage account keys are. */
  readonly storageKey: string;
  readonly poolUser: string;
  readonly poolPassword: string;
}

/** The name that Azurite's documentation and everybody's notebooks use for the account of the emulator. */
export const localAccount = 'devstoreaccount1';

export function serviceSecrets(places: Pick<Places, 'services'>): ServiceSecrets {
  const path = join(places.services, 'secrets.json');
  const known = readJsonFile<ServiceSecrets>(path);
  if (known?.storageKey && known.poolPassword && known.poolUser) return known;
  const made: ServiceSecrets = {
    storageKey: randomBytes(64).toString('base64'),
    poolUser: 'crossview',
    poolPassword: randomBytes(24).toString('base64url'),
  };
  writeJsonFile(path, made);
  return made;
}
