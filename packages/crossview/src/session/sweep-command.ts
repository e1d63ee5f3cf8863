import { CrossviewError, type PoolTarget } from '@crossview/contracts';
import type { SweepReport } from '@crossview/synapse';
import { loadProfile, type Profile } from '../config/load-config.js';
import { poolDirectory } from '../config/pools.js';
import { stagingPlace } from '../config/storages.js';
import { findWorkspace } from '../config/workspace.js';
import { lakePlaces } from '../lake/places.js';
import { profileStorage } from '../lake/pool-storage.js';
import { places as defaultPlaces } from '../places.js';
import { localServices } from '../services/client.js';
import { liveSessions, makeSessionDirectories, removeSessionDirectories } from './directories.js';

export interface SweepCommandOptions {
  readonly remove?: boolean;
  /** `90m`, `24h`, `7d`. */
  readonly olderThan: string;
  readonly server: readonly string[];
  readonly database: readonly string[];
  readonly place: readonly string[];
  readonly json?: boolean;
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Sessions touch what they use every five minutes. */
const leastMs = 30 * 60_000;

/** @throws CrossviewError `SWEEP_ARGUMENTS`. */
export function age(text: string, least = leastMs): number {
  const match = /^(\d+(?:\.\d+)?)\s*([mhd])$/i.exec(text.trim());
  const ms = match ? Number(match[1]) * (units[match[2]!.toLowerCase()] ?? 0) : Number.NaN;
  if (ms >= least) return ms;
  throw new CrossviewError('SWEEP_ARGUMENTS', `--older-than ${text} is no time of at least ${least / 60_000} minutes`, {
    hint: 'Write 90m, 24h or 7d. What is younger may belong to a load that is running.',
  });
}

interface Target {
  readonly server: string | undefined;
  readonly database: string | undefined;
}

/** Servers and databases to look into; a database that is `undefined` stands for all of the server. */
function targets(profile: Profile, options: SweepCommandOptions): Target[] {
  const servers =
    options.server.length > 0 ? options.server : profile.kind === 'azure' ? Object.keys(profile.servers) : [undefined];
  return servers.flatMap((server): Target[] => {
    if (options.database.length > 0) return options.database.map((database) => ({ server, database }));
    if (profile.kind === 'local') return [{ server, database: undefined }];
    return [{ server, database: profile.servers[server ?? '']?.database }];
  });
}

function ago(time: Date): string {
  const hours = (Date.now() - time.getTime()) / 3_600_000;
  return hours < 48 ? `${hours.toFixed(1)} hours old` : `${Math.floor(hours / 24)} days old`;
}

function print({ directories, objects, failures }: SweepReport, removed: boolean, olderThan: string): void {
  for (const { account, container, path, files, bytes, time } of directories)
    console.log(
      `abfss://${container}@${account}.dfs.core.windows.net/${path}  ${files} files, ${bytes} bytes, ${ago(time)}`,
    );
  for (const { database, kind, name, time } of objects) console.log(`${database}: ${kind} ${name}  ${ago(time)}`);
  for (const failure of failures) console.error(`failed: ${failure}`);
  const count = `${directories.length} staging directories and ${objects.length} objects`;
  if (directories.length + objects.length === 0) console.log(`Nothing of Crossview's is older than ${olderThan}.`);
  else console.log(removed ? `Removed ${count}.` : `Found ${count}. Nothing was changed; --remove takes them away.`);
}

/**
 * `crossview sweep`.
 * @returns the exit code; 1 when something could not be removed.
 */
export async function runSweep(options: SweepCommandOptions, places = defaultPlaces()): Promise<number> {
  const profile = loadProfile(process.cwd());
  const local = profile.kind === 'local';
  // Whether a session of this host runs is known; of others only their heartbeat is.
  const olderThanMs = age(options.olderThan, local ? 0 : leastMs);
  const { createSqlClient, createStorageClient, createSweeper, parseStorageAddress, stagingBase } = await import(
    '@crossview/synapse'
  );
  const services = localServices(places);
  const directories = makeSessionDirectories(places);
  try {
    const pools = poolDirectory(profile, services);
    const mapping = lakePlaces(profile, findWorkspace(profile, process.cwd(), places).root);
    const client = createStorageClient();
    const { accounts, storage } = profileStorage(profile, services, { places, mapping, client });
    const { account, container, directory } = stagingPlace(profile);
    const sweeper = createSweeper({
      sql: createSqlClient(),
      storage,
      accounts,
      staging: { account, container, prefix: directory },
      directories,
      sessionId: directories.id,
      log: (line) => console.error(line),
    });
    const found: PoolTarget[] = [];
    for (const { server, database } of targets(profile, options)) {
      const names =
        database === undefined && local ? await sweeper.databases(await pools.resolve({ server })) : [database];
      for (const name of names) found.push(await pools.resolve({ server, database: name }));
    }
    const further = await Promise.all(
      options.place.map((address) => stagingBase(accounts, parseStorageAddress(address), undefined)),
    );
    const alive = new Set(liveSessions(places).map(({ id }) => id));
    const report = await sweeper.sweep({
      olderThanMs,
      dryRun: options.remove !== true,
      pools: found,
      places: further,
      ...(local ? { running: (session: string) => alive.has(session) } : {}),
    });
    if (options.json) console.log(JSON.stringify(report, undefined, 2));
    else print(report, options.remove === true, options.olderThan);
    return report.failures.length > 0 ? 1 : 0;
  } finally {
    services.close();
    removeSessionDirectories(directories);
  }
}
