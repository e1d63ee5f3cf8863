import { join } from 'node:path';
import type { SessionDirectories } from '@crossview/contracts';

export type SparkSettings = Readonly<Record<string, string>>;

/** What a session on one machine wants other than Spark's own defaults. What the user sets comes after and wins. */
const defaults: SparkSettings = {
  'spark.app.name': 'crossview',
  'spark.ui.enabled': 'false',
  'spark.sql.catalogImplementation': 'in-memory',
  'spark.sql.session.timeZone': 'UTC',
  'spark.sql.execution.arrow.pyspark.enabled': 'true',
  // A Thrift server that a cell starts in this JVM serves the notebook's own session, temp views and all.
  'spark.sql.hive.thriftServer.singleSession': 'true',
};

/** Two hundred shuffle partitions cost seconds where there are only a few cores. */
const localDefaults: SparkSettings = {
  'spark.sql.shuffle.partitions': '8',
  // A task that runs out of stack or memory fails its job, and must not end the JVM, which is the driver too.
  'spark.executor.killOnFatalError.depth': '0',
  // Both together: with the bind address alone executors look for the driver at the host's outer address.
  'spark.driver.host': '127.0.0.1',
  'spark.driver.bindAddress': '127.0.0.1',
};

export function isLocal(master: string): boolean {
  return /^local(\[|$)/.test(master);
}

/** The settings of a new session. Nothing it writes by itself lands in the working directory. */
export function sessionSettings(
  directories: SessionDirectories,
  master: string,
  { python, classPath }: { readonly python: string; readonly classPath: readonly string[] },
  user: SparkSettings,
): SparkSettings {
  // Executors in other processes have only what Spark sends them.
  const sent = isLocal(master) ? undefined : [...classPath, ...(user['spark.jars']?.split(',') ?? [])];
  return {
    ...defaults,
    ...(isLocal(master) ? localDefaults : {}),
    'spark.local.dir': join(directories.root, 'spark-local'),
    'spark.sql.warehouse.dir': join(directories.root, 'warehouse'),
    'spark.pyspark.python': python,
    ...user,
    ...(sent === undefined ? {} : { 'spark.jars': sent.filter((jar) => jar !== '').join(',') }),
    'spark.master': master,
  };
}
