import { lakehouseMapping, lakehouseTables } from '../lake/one-lake.js';
import { type LakePlace, lakePlaces } from '../lake/places.js';
import type { LocalServices } from '../services/client.js';
import { localAccount } from '../services/secrets.js';
import type { Profile } from './load-config.js';
import type { Workspace } from './workspace.js';

/** What Spark is started with, as the profile says. Values may be secrets: hand them over on standard input only. */
export interface SparkSettings {
  readonly master: string;
  readonly conf: Readonly<Record<string, string>>;
}

/** Spark hides values of keys that match; its own pattern knows nothing of storage keys and signatures. */
const redaction = '(?i)secret|password|token|access[.]?key|account[.]key|sas|credential';

/** The schemes of storage paths; all of them lead to the lake in a local profile. */
const schemes = ['abfs', 'abfss', 'wasb', 'wasbs'] as const;

function hadoop(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [`spark.hadoop.${key}`, value]));
}

/** Storage paths of notebooks lead to folders and to Azurite, as the mapping says, and never out of this machine. */
function lakeSettings(places: Readonly<Record<string, LakePlace>>, lakehouses: string): Record<string, string> {
  const settings: Record<string, string> = {
    'crossview.lake': JSON.stringify(places),
    'crossview.lakehouses': lakehouses,
    'fs.synfs.impl': 'crossview.lake.MountFileSystem',
  };
  for (const scheme of schemes) {
    settings[`fs.${scheme}.impl`] = 'crossview.lake.LakeFileSystem';
    settings[`fs.AbstractFileSystem.${scheme}.impl`] = 'crossview.lake.LakeContext';
  }
  return hadoop(settings);
}

/**
 * Where Azurite is, for executors in other processes, which cannot ask the kernel. In one process the lake asks when the
 * first path needs it, so that Spark need not wait for the services.
 */
async function azuriteSettings(services: LocalServices): Promise<Record<string, string>> {
  const { storage } = await services.get();
  return hadoop({
    'fs.azure.abfs.endpoint': `127.0.0.1:${storage.port}`,
    [`fs.azure.account.key.${localAccount}.dfs.core.windows.net`]: storage.key,
  });
}

/** Delta Lake, where its jar is on the class path: readers, writers and tables of format `delta`, and its SQL. */
function deltaSettings(classPath: readonly string[], lakehouse: boolean): Record<string, string> {
  if (!classPath.some((path) => path.includes('delta-spark'))) return {};
  return {
    'spark.sql.extensions': 'io.delta.sql.DeltaSparkSessionExtension',
    'spark.sql.catalog.spark_catalog': 'org.apache.spark.sql.delta.catalog.DeltaCatalog',
    // Fifty tasks for the log of each table are for clusters.
    'spark.databricks.delta.snapshotPartitions': '2',
    // As in Fabric, where a table is a Delta table unless it says otherwise.
    ...(lakehouse ? { 'spark.sql.sources.default': 'delta' } : {}),
  };
}

export async function sparkSettings(
  profile: Profile,
  services: LocalServices,
  { workspace, classPath = [] }: { workspace?: Workspace; classPath?: readonly string[] } = {},
): Promise<SparkSettings> {
  const set = Object.entries(profile.spark?.conf ?? {}).map(([key, value]) => [key, String(value)] as const);
  const master = profile.spark?.master ?? 'local[*]';
  const here = /^local(\[|$)/.test(master);
  const local = profile.kind === 'local' ? profile : undefined;
  const own = workspace?.lakehouses ?? '';
  const lakehouses = lakehouseMapping(profile, { root: workspace?.root ?? '.', own });
  return {
    master,
    conf: {
      // Version 1 lists directories twice over Azurite's blob endpoint and fails on partitioned writes.
      'spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version': '2',
      'spark.redaction.regex': redaction,
      ...(here ? { 'spark.sql.sources.parallelPartitionDiscovery.parallelism': '32' } : {}),
      ...(local ? lakeSettings(lakePlaces(profile, workspace?.root ?? '.'), lakehouses) : {}),
      ...(local && !here ? await azuriteSettings(services) : {}),
      ...deltaSettings(classPath, workspace?.lakehouse !== undefined),
      ...(workspace?.primaryStorage === undefined ? {} : hadoop({ 'fs.defaultFS': workspace.primaryStorage })),
      ...(workspace === undefined
        ? {}
        : {
            // With its scheme: the file system that paths have without one may be another.
            'spark.sql.warehouse.dir': `file:${workspace.warehouse}`,
            'spark.crossview.warehouse.catalog': workspace.catalog,
            'spark.crossview.warehouse.discover': String(workspace.lakehouse !== undefined),
            'spark.crossview.warehouse.lakehouses': lakehouseTables(profile, workspace),
          }),
      ...Object.fromEntries(set),
    },
  };
}
