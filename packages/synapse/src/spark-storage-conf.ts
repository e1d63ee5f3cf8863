import type { SparkStorageConf, Synapse } from './context.js';
import { containerOf, type StagingBase } from './staging.js';

/** How long Spark and the pool may use a signature: longer than a load, shorter than a day. */
export const signatureSeconds = 12 * 3600;

/** Hadoop caches file systems by container: with settings of their own they must not be taken from there, nor left there. */
const noCache = { 'fs.abfs.impl.disable.cache': 'true', 'fs.abfss.impl.disable.cache': 'true' };

export const defaultSparkStorageConf: SparkStorageConf = (account, _container, credential) => {
  const host = `${account.name}.dfs.core.windows.net`;
  if (credential.kind === 'key') return { [`fs.azure.account.key.${host}`]: credential.key, ...noCache };
  if (credential.kind === 'sas')
    return {
      [`fs.azure.account.auth.type.${host}`]: 'SAS',
      [`fs.azure.sas.fixed.token.${host}`]: credential.sas,
      // Asked for otherwise at the container's root, which a signature for a directory does not reach.
      ...(/(?:^|&)sr=d(?:&|$)/.test(credential.sas) ? { 'fs.azure.account.hns.enabled': 'true' } : {}),
      ...noCache,
    };
  return {};
};

/**
 * Settings for one read or write. The emulator's account is known to the session already; elsewhere Spark gets a signature for the
 * container, never the key behind it.
 */
export async function sparkAccess(
  synapse: Synapse,
  base: StagingBase,
  permissions: string,
): Promise<Readonly<Record<string, string>>> {
  const { account, credential } = base;
  if (credential === undefined || (account.emulator && credential === account.credential)) return {};
  const conf = synapse.sparkStorageConf ?? defaultSparkStorageConf;
  if (account.emulator) return conf(account, base.container, credential);
  const sas = await synapse.step('signStaging', () =>
    containerOf(synapse.storage, base).signature({
      permissions,
      expiresInSeconds: signatureSeconds,
      directory: base.directory,
    }),
  );
  synapse.addSecret?.(sas);
  return conf(account, base.container, { kind: 'sas', sas });
}
