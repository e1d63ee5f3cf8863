import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageResolver } from '../../packages/spark-session/src/package-resolver.js';
import { root } from './paths.js';
import { testToolchain } from './toolchain.js';

const packages = ['com.microsoft.sqlserver:mssql-jdbc:12.10.0.jre11', 'org.postgresql:postgresql:42.7.4'];

/**
 * The JDBC drivers of SQL Server and PostgreSQL, brought once by Spark's own resolver and kept beside the other caches.
 * @returns paths of jars
 */
export function jdbcJars(): readonly string[] {
  const folder = join(root, 'node_modules', '.cache', 'crossview-jdbc');
  const jars = () => readdirSync(folder).map((name) => join(folder, name));
  if (existsSync(folder)) return jars();
  const { java, sparkHome } = testToolchain();
  const work = `${folder}-${process.pid}`;
  mkdirSync(work, { recursive: true });
  const { command, argv, env } = packageResolver({ java, sparkHome, packages, folder: work });
  const { stderr } = spawnSync(command, argv, { env, encoding: 'utf8' });
  if (!existsSync(join(work, 'jars')))
    throw new Error(`Spark's resolver did not bring ${packages.join(', ')}: ${stderr}`);
  if (!existsSync(folder)) renameSync(join(work, 'jars'), folder);
  rmSync(work, { recursive: true, force: true });
  return jars();
}
