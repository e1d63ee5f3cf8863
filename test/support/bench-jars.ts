import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Toolchain } from '@crossview/contracts';
import { packageResolver } from '../../packages/spark-session/src/package-resolver.js';
import { root } from './paths.js';

/**
 * Jars that only benchmarks need, brought by Spark's own package resolver and kept.
 * @param coordinates `group:artifact:version`, exact
 */
export async function benchJars({ java, sparkHome }: Toolchain, coordinates: string): Promise<string[]> {
  const ivy = join(root, 'node_modules/.cache/crossview-bench-jars', coordinates.replaceAll(':', '_'));
  const jars = join(ivy, 'jars');
  if (!existsSync(jars)) {
    const { command, argv, env } = packageResolver({ java, sparkHome, packages: [coordinates], folder: ivy });
    await promisify(execFile)(command, argv, { env, timeout: 300_000 }).catch(() => {});
  }
  if (!existsSync(jars)) throw new Error(`Spark's resolver did not bring ${coordinates}`);
  return readdirSync(jars).map((name) => join(jars, name));
}
