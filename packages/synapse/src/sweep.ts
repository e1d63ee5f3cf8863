import type { PoolTarget } from '@crossview/contracts';
import { openPool, type Synapse } from './context.js';
import { parseOwnName, prefix, shortSession } from './names.js';
import type { Pool } from './pool.js';
import { containerOf, type StagingBase, stagingBase } from './staging.js';
import { identifier, tableName } from './tsql/quote.js';
import { settleSwap } from './write/replace.js';
import { readSwapRecord, swapRecordName } from './write/swap-record.js';

export interface SweepOptions {
  /** Nothing younger is touched. */
  readonly olderThanMs: number;
  /** Only says what would go. */
  readonly dryRun: boolean;
  /** True for a session that is known to have ended: what it left goes whatever its age. Gets the session as names carry it. */
  readonly ended?: (session: string) => boolean;
  /** True for a session that is known to run: nothing of it goes, whatever its age. */
  readonly running?: (session: string) => boolean;
  /** Pools to look into; none looks at the staging place only. */
  readonly pools?: readonly PoolTarget[];
  /** Further staging places than the profile's. */
  readonly places?: readonly StagingBase[];
}

export interface SweepReport {
  /** Staging directories, with their files counted. */
  readonly directories: readonly {
    readonly account: string;
    readonly container: string;
    readonly path: string;
    readonly files: number;
    readonly bytes: number;
    /** When it was made, as its name says. */
    readonly time: Date;
  }[];
  readonly objects: readonly {
    readonly database: string;
    readonly kind: string;
    readonly name: string;
    readonly time: Date;
  }[];
  /** What could not be removed, with the reason. */
  readonly failures: readonly string[];
}

type Found = { -readonly [K in keyof SweepReport]: SweepReport[K][number][] } & {
  /** Sessions with a directory that is in use: what they have in a pool is in use as well. */
  readonly busy: Set<string>;
};

/** What a sweep works with. */
export type Sweeper = Pick<
  Synapse,
  'sql' | 'storage' | 'accounts' | 'staging' | 'directories' | 'sessionId' | 'step' | 'log'
>;

/** Catalog views with objects of ours, in the order in which they can be dropped: what depends on another goes first. */
const catalogs = [
  {
    kind: 'external table',
    query: `SELECT s.name AS schema_name, t.name AS object_name FROM sys.external_tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id`,
    drop: (schema: string, name: string) => `DROP EXTERNAL TABLE ${tableName({ schema, name })}`,
    step: 'dropExternalTable',
  },
  {
    kind: 'stage table',
    query: `SELECT s.name AS schema_name, t.name AS object_name FROM sys.tables AS t JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE t.is_external = 0`,
    drop: (schema: string, name: string) => `DROP TABLE ${tableName({ schema, name })}`,
    step: 'dropStageTable',
  },
  {
    kind: 'file format',
    query: `SELECT '' AS schema_name, name AS object_name FROM sys.external_file_formats`,
    drop: (_schema: string, name: string) => `DROP EXTERNAL FILE FORMAT ${identifier(name)}`,
    step: 'dropFileFormat',
  },
  {
    kind: 'data source',
    query: `SELECT '' AS schema_name, name AS object_name FROM sys.external_data_sources`,
    drop: (_schema: string, name: string) => `DROP EXTERNAL DATA SOURCE ${identifier(name)}`,
    step: 'dropDataSource',
  },
  {
    kind: 'credential',
    query: `SELECT '' AS schema_name, name AS object_name FROM sys.database_scoped_credentials`,
    drop: (_schema: string, name: string) => `DROP DATABASE SCOPED CREDENTIAL ${identifier(name)}`,
    step: 'dropCredential',
  },
] as const;

/** Ours, old enough, and not of this session, which may still be using it. A renamed old table is data: it is never swept. */
function mayGo(name: string, synapse: Sweeper, options: SweepOptions): boolean {
  const own = parseOwnName(name);
  if (own === undefined || own.kind === 'old' || own.session === shortSession(synapse.sessionId)) return false;
  if (options.running?.(own.session) === true) return false;
  return options.ended?.(own.session) === true || Date.now() - own.time.getTime() >= options.olderThanMs;
}

/** A directory that is still being written to is in use, however old its name. */
function isFresh(name: string, newest: number, options: SweepOptions): boolean {
  if (options.ended?.(parseOwnName(name)?.session ?? '') === true) return false;
  return Date.now() - newest < options.olderThanMs;
}

async function sweepPool(synapse: Sweeper, pool: Pool, options: SweepOptions, found: Found): Promise<void> {
  for (const { kind, query, drop, step } of catalogs) {
    const rows = await pool.rows('findLeftObjects', query);
    for (const row of rows) {
      const name = String(row.object_name);
      const own = parseOwnName(name);
      if (own === undefined || !mayGo(name, synapse, options) || found.busy.has(own.session)) continue;
      found.objects.push({ database: pool.target.database, kind, name, time: own.time });
      if (options.dryRun) continue;
      await pool
        .run(step, drop(String(row.schema_name), name))
        .catch((thrown: unknown) => void found.failures.push(`${kind} ${name}: ${String(thrown)}`));
    }
  }
}

/** Ends the swap of a session that was killed in the middle of it. False when its pool is not among those that are swept. */
async function endSwap(
  synapse: Sweeper,
  place: StagingBase,
  path: string,
  options: SweepOptions,
  found: Found,
): Promise<boolean> {
  try {
    const { server, database, schema, table, stage, old } = await readSwapRecord(synapse, place, path);
    const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
    const target = options.pools?.find(
      (pool) => same(pool.database, database) && (pool.standIn !== undefined || same(pool.server, server)),
    );
    if (target === undefined) {
      found.failures.push(
        `${path}: a swap of ${schema}.${table} was left in database ${database} of ${server}, which is not swept`,
      );
      return false;
    }
    const pool = await openPool(synapse, target, undefined);
    try {
      await settleSwap(pool, {
        target: { schema, name: table },
        stage: { schema, name: stage },
        old: { schema, name: old },
      });
      return true;
    } finally {
      await pool.close();
    }
  } catch (thrown) {
    found.failures.push(`${path}: ${String(thrown)}`);
    return false;
  }
}

async function sweepPlace(synapse: Sweeper, place: StagingBase, options: SweepOptions, found: Found): Promise<void> {
  const container = containerOf(synapse.storage, place);
  const root = place.directory === '' ? '' : `${place.directory}/`;
  const directories = new Map<string, { files: number; bytes: number; newest: number; swap: string | undefined }>();
  await synapse.step('findLeftFiles', async () => {
    for await (const file of container.list(`${root}${prefix}-`)) {
      const name = file.path.slice(root.length).split('/')[0] ?? '';
      const seen = directories.get(name) ?? { files: 0, bytes: 0, newest: 0, swap: undefined };
      directories.set(name, {
        files: seen.files + 1,
        bytes: seen.bytes + file.bytes,
        newest: Math.max(seen.newest, file.lastModified.getTime()),
        swap: file.path.endsWith(`/${swapRecordName}`) ? file.path : seen.swap,
      });
    }
  });
  for (const [name, { files, bytes, newest, swap }] of directories) {
    const own = parseOwnName(name);
    if (own === undefined) continue;
    if (isFresh(name, newest, options)) {
      found.busy.add(own.session);
      continue;
    }
    if (!mayGo(name, synapse, options)) continue;
    const path = `${root}${name}`;
    const { account, container: containerName } = place;
    found.directories.push({ account: account.name, container: containerName, path, files, bytes, time: own.time });
    if (options.dryRun) continue;
    if (swap !== undefined && !(await endSwap(synapse, place, swap, options, found))) continue;
    await synapse
      .step('removeStaging', () => container.removeDirectory(path))
      .catch((thrown: unknown) => void found.failures.push(`${path}: ${String(thrown)}`));
  }
}

/** Finds, and removes unless `dryRun`, what sessions that ended badly left behind. Only things with our prefix, other sessions' and old enough. */
export async function sweep(synapse: Sweeper, options: SweepOptions): Promise<SweepReport> {
  const found: Found = { directories: [], objects: [], failures: [], busy: new Set() };
  const own = await stagingBase(
    synapse.accounts,
    { account: synapse.staging.account, container: synapse.staging.container, directory: synapse.staging.prefix },
    undefined,
  );
  for (const place of [own, ...(options.places ?? [])])
    await sweepPlace(synapse, place, options, found).catch((thrown: { code?: unknown }) => {
      if (thrown.code !== 'STORAGE_NOT_FOUND') throw thrown;
    });
  for (const target of options.pools ?? []) {
    const pool = await openPool(synapse, target, undefined);
    try {
      await sweepPool(synapse, pool, options, found);
    } finally {
      await pool.close();
    }
  }
  const { directories, objects, failures } = found;
  return { directories, objects, failures };
}
