import { join } from 'node:path';
import { trustStoreFlags } from './trust-store.js';

export interface PackageRequest {
  /** The `java` executable. */
  readonly java: string;
  readonly sparkHome: string;
  /** `group:artifact:version`, exact. */
  readonly packages: readonly string[];
  /** `group:artifact` of what is not to come. */
  readonly excludes?: readonly string[] | undefined;
  /** The resolver's own folder, emptied by nobody: what it brought stands in `jars/` there. */
  readonly folder: string;
  /** Settings of Spark for its resolver: repositories, a settings file of Ivy. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * The process that brings packages by Spark's own resolver: no Maven is needed, and registries and proxies are the
 * resolver's business (`JAVA_TOOL_OPTIONS`, `SPARK_IVY_SETTINGS`). It always ends with an error, because the class it is
 * asked to run does not exist: the resolver runs before that is looked for, and so nothing else is started.
 */
export function packageResolver({ java, sparkHome, packages, excludes = [], folder, settings = {} }: PackageRequest): {
  readonly command: string;
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
} {
  const own = process.env.SPARK_IVY_SETTINGS ? { 'spark.jars.ivySettings': process.env.SPARK_IVY_SETTINGS } : {};
  const conf: Record<string, string> = { ...own, ...settings, 'spark.jars.ivy': folder };
  return {
    command: java,
    argv: [
      ...trustStoreFlags(java),
      '-cp',
      join(sparkHome, 'jars', '*'),
      'org.apache.spark.deploy.SparkSubmit',
      ...Object.entries(conf).flatMap(([key, value]) => ['--conf', `${key}=${value}`]),
      '--packages',
      packages.join(','),
      ...(excludes.length > 0 ? ['--exclude-packages', excludes.join(',')] : []),
      '--class',
      'crossview.ResolveOnly',
      'spark-internal',
    ],
    env: { ...process.env, SPARK_HOME: sparkHome, SPARK_LOCAL_IP: '127.0.0.1', SPARK_LOCAL_HOSTNAME: 'localhost' },
  };
}
