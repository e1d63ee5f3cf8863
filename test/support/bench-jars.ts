import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Toolchain } from '@crossview/contracts';
import { root } from './paths.js';

/**
 * Jars that only benchmarks need, brought by Spark's own package resolver and kept.
 * @param coordinates `group:artifact:version`, exact
 */
export async function benchJars({ java, sparkHome }: Toolchain, coordinates: string): Promise<string[]> {
  const ivy = join(root, 'node_modules/.cache/crossview-bench-jars', coordinates.replaceAll(':', '_'));
  const jars = join(ivy, 'jars');
  if (!existsSync(jars)) {
    const settings = process.env.SPARK_IVY_SETTINGS;
    const flags = [
      '--conf',
      `spark.jars.ivy=${ivy}`,
      ...(settings ? ['--conf', `spark.jars.ivySettings=${settings}`] : []),
    ];
    // The resolver runs before the class is looked for; there is none, so nothing else is started.
    const nothing = ['--class', 'crossview.ResolveOnly', 'spark-internal'];
    await promisify(execFile)(
      java,
      [
        '-cp',
        join(sparkHome, 'jars', '*'),
        'org.apache.spark.deploy.SparkSubmit',
        ...flags,
        '--packages',
        coordinates,
        ...nothing,
      ],
      { env: { ...process.env, SPARK_HOME: sparkHome, SPARK_LOCAL_IP: '127.0.0.1' }, timeout: 300_000 },
    ).catch(() => {});
  }
  if (!existsSync(jars)) throw new Error(`Spark's resolver did not bring ${coordinates}`);
  return readdirSync(jars).map((name) => join(jars, name));
}
