import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { LakeFiles } from '@crossview/notebook-utils';
import { applyEdits, modify } from 'jsonc-parser';
import { findConfigFile, loadProfile } from '../config/load-config.js';
import { storageDirectory } from '../config/storages.js';
import { findWorkspace } from '../config/workspace.js';
import { places as defaultPlaces } from '../places.js';
import { localServices } from '../services/client.js';
import { lakeLocator, lakePlaces } from './places.js';

/** Runs with the lake of the profile in force here; the services it needs end with it. */
async function withLake(work: (files: LakeFiles) => Promise<void>): Promise<void> {
  const places = defaultPlaces();
  const profile = loadProfile(process.cwd());
  const workspace = findWorkspace(profile, process.cwd(), places);
  const services = localServices(places);
  const temporary = mkdtempSync(join(tmpdir(), 'crossview-lake-'));
  try {
    const { createStorageClient } = await import('@crossview/synapse');
    const locate = lakeLocator({
      profile,
      places: lakePlaces(profile, workspace.root),
      workspace: () => workspace,
      accounts: storageDirectory(profile, services),
      storage: createStorageClient(),
    });
    await work(new LakeFiles(locate, temporary));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    services.close();
  }
}

function showMapping(): void {
  const profile = loadProfile(process.cwd());
  const mapping = lakePlaces(profile, findWorkspace(profile, process.cwd(), defaultPlaces()).root);
  const lines = Object.entries(mapping).map(([name, place]) => {
    const where =
      'folder' in place ? place.folder : 'container' in place ? `Azurite, container ${place.container}` : 'Azurite';
    return `${name} → ${where}`;
  });
  console.log(lines.join('\n') || 'No account is mapped. "crossview lake map ACCOUNT FOLDER" maps one.');
}

export async function listLake(path?: string): Promise<void> {
  if (path === undefined) return showMapping();
  await withLake(async (files) => {
    for (const { name, size, isDir, modifyTime } of await files.list(path)) {
      const time = modifyTime === 0 ? '' : new Date(modifyTime).toISOString().slice(0, 19).replace('T', ' ');
      console.log(`${(isDir ? '' : String(size)).padStart(12)}  ${time.padEnd(19)}  ${name}${isDir ? '/' : ''}`);
    }
  });
}

export async function putIntoLake(file: string, path: string): Promise<void> {
  await withLake((files) => files.copy(`file:${encodeURI(resolve(file))}`, path, true));
}

export async function getFromLake(path: string, file: string): Promise<void> {
  await withLake((files) => files.copy(path, `file:${encodeURI(resolve(file))}`, true));
}

export async function removeFromLake(path: string, recurse: boolean): Promise<void> {
  await withLake((files) => files.remove(path, recurse));
}

/** Writes the mapping into the nearest crossview.json, or a new one here; comments and order of the file stay. */
export async function mapAccount(account: string, folder?: string): Promise<void> {
  const file = findConfigFile(process.cwd()) ?? resolve('crossview.json');
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '{}\n';
  const profile = existsSync(file) ? loadProfile(process.cwd()) : undefined;
  if (profile !== undefined && profile.kind !== 'local')
    throw new CrossviewError(
      'LAKE_PROFILE',
      `profile "${profile.name}" reaches real accounts; only a local profile has a mapping`,
      {
        hint: 'Set CROSSVIEW_PROFILE=local, or name the account under "storage" of that profile.',
      },
    );
  const name = profile?.name ?? 'local';
  const inside =
    folder === undefined ? undefined : relative(dirname(file), resolve(folder)).replaceAll('\\', '/') || '.';
  const place =
    inside === undefined ? { azurite: true } : { folder: inside.startsWith('../../..') ? resolve(folder!) : inside };
  const options = { formattingOptions: { insertSpaces: true, tabSize: 2 } };
  let text = before;
  const set = (path: (string | number)[], value: unknown): void => {
    text = applyEdits(text, modify(text, path, value, options));
  };
  if (!/"kind"\s*:/.test(before)) set(['profiles', name, 'kind'], 'local');
  set(['profiles', name, 'lake', account.toLowerCase()], place);
  writeFileSync(file, text);
  if (folder !== undefined) mkdirSync(resolve(folder), { recursive: true });
  console.log(`${account} → ${folder === undefined ? 'Azurite' : resolve(folder)} (${file})`);
}
