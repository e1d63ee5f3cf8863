import type { LocalServices } from '../services/client.js';
import { localAccount } from '../services/secrets.js';
import type { Profile } from './load-config.js';

/** What Spark is started with, as the profile says. Values may be secrets: hand them over on standard input only. */
export interface SparkSettings {
  readonly master: string;
  readonly conf: Readonly<Record<string, string>>;
}

/** Spark hides values of keys that match; its own pattern knows nothing of storage keys and signatures. */
const redaction = '(?i)secret|password|token|access[.]?key|account[.]key|sas|credential';

/** With a local profile the storage paths of notebooks lead to Azurite, and never out of this machine. */
async function azuriteSettings(services: LocalServices): Promise<Record<string, string>> {
  const { storage } = await services.get();
  const host = `${localAccount}.dfs.core.windows.net`;
  const hadoop = {
    'fs.azure.abfs.endpoint': `127.0.0.1:${storage.port}`,
    [`fs.azure.account.key.${host}`]: storage.key,
    'fs.azure.account.hns.enabled': 'false',
    'fs.azure.fns.account.service.type': 'BLOB',
    'fs.azure.always.use.https': 'false',
    // The default library fails without TLS: "SSL socket factory may not be null".
    'fs.azure.networking.library': 'JDK_HTTP_URL_CONNECTION',
    'fs.azure.createRemoteFileSystemDuringInitialization': 'true',
    // Azurite has no TLS here, so the secure scheme goes by the plain class.
    'fs.abfss.impl': 'org.apache.hadoop.fs.azurebfs.AzureBlobFileSystem',
    'fs.AbstractFileSystem.abfss.impl': 'org.apache.hadoop.fs.azurebfs.Abfs',
  };
  return Object.fromEntries(Object.entries(hadoop).map(([key, value]) => [`spark.hadoop.${key}`, value]));
}

export async function sparkSettings(profile: Profile, services: LocalServices): Promise<SparkSettings> {
  const own = Object.entries(profile.spark?.conf ?? {}).map(([key, value]) => [key, String(value)] as const);
  return {
    master: profile.spark?.master ?? 'local[*]',
    conf: {
      // Version 1 lists directories twice over Azurite's blob endpoint and fails on partitioned writes.
      'spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version': '2',
      'spark.redaction.regex': redaction,
      ...(profile.kind === 'local' ? await azuriteSettings(services) : {}),
      ...Object.fromEntries(own),
    },
  };
}
