import type { Synapse } from './context.js';
import { stagingDirectoryName } from './names.js';
import type { Options } from './options.js';
import type { Pool } from './pool.js';
import { inDirectory, parseStorageAddress, type StagingBase, stagingBase } from './staging.js';
import { dataSource } from './tsql/inspect.js';

const stagingConf = 'spark.sqlanalyticsconnector.stagingdir.prefix';

/**
 * A fresh directory: under TEMP_FOLDER, else where DATA_SOURCE points, else under the conf's prefix, else under the profile's.
 * A read by SQL authentication takes the data source first, because only there may the pool write.
 */
export async function chooseStaging(
  synapse: Synapse,
  pool: Pool,
  options: Options,
  conf: Readonly<Record<string, string>>,
): Promise<StagingBase> {
  const key = options.stagingStorageAccountKey;
  if (key !== undefined) synapse.addSecret?.(key);
  const address =
    options.tempFolder !== undefined
      ? parseStorageAddress(options.tempFolder)
      : options.dataSource !== undefined
        ? await dataSource(pool, options.dataSource)
        : conf[stagingConf] !== undefined
          ? parseStorageAddress(conf[stagingConf])
          : { ...synapse.staging, directory: synapse.staging.prefix };
  const base = await stagingBase(synapse.accounts, address, key);
  const place = inDirectory(base, stagingDirectoryName(synapse.sessionId));
  synapse.heartbeat.start(place);
  return place;
}
