import { mkdirSync } from 'node:fs';
import type { Json } from '@crossview/contracts';
import { type CopyServices, factoryFrom } from '@crossview/copy';
import { createStorageClient } from '@crossview/synapse';
import { azurite } from './azurite.js';
import { temporaryDirectory } from './paths.js';
import { thriftServer } from './thrift.js';

/** A reference as documents write it. */
export const service = (referenceName: string): Json => ({ referenceName, type: 'LinkedServiceReference' });
export const dataset = (referenceName: string, parameters?: Json): Json => ({
  referenceName,
  type: 'DatasetReference',
  ...(parameters === undefined ? {} : { parameters }),
});

/** Linked services to a Thrift server (version 2.0 by HTTP, 1.0 by Binary), to a folder, and to the emulator. */
export async function linkedServices(folder: string): Promise<Json[]> {
  const anonymous = { host: 'localhost', authenticationType: 'Anonymous' };
  return [
    {
      name: 'Spark2',
      properties: {
        type: 'Spark',
        version: '2.0',
        typeProperties: {
          ...anonymous,
          port: await thriftServer('http', 'NONE'),
          enableSsl: false,
          httpPath: 'cliservice',
        },
      },
    },
    {
      name: 'Spark1',
      properties: { type: 'Spark', typeProperties: { ...anonymous, port: await thriftServer('binary', 'NOSASL') } },
    },
    { name: 'Disk', properties: { type: 'FileServer', typeProperties: { host: folder } } },
    {
      name: 'Lake',
      properties: { type: 'AzureBlobFS', typeProperties: { url: 'https://devstoreaccount1.dfs.core.windows.net' } },
    },
    {
      name: 'Blob',
      properties: {
        type: 'AzureBlobStorage',
        typeProperties: {
          connectionString: 'DefaultEndpointsProtocol=https;AccountName=devstoreaccount1',
          accountKey: { type: 'SecureString', value: 'of the real account' },
        },
      },
    },
  ];
}

export const sparkDataset = (
  name: string,
  linkedService: string,
  typeProperties: Json = {},
  parameters?: Json,
): Json => ({
  name,
  properties: {
    type: 'SparkObject',
    typeProperties,
    schema: [],
    linkedServiceName: service(linkedService),
    ...(parameters === undefined ? {} : { parameters }),
  },
});

/** @param where with a `fileSystem` it lies in Data Lake storage, with a `container` in Blob storage, else on this machine. */
export function fileDataset(
  name: string,
  type: 'Parquet' | 'DelimitedText',
  where: { readonly fileSystem?: string; readonly container?: string; readonly [key: string]: Json | undefined },
  more: { [key: string]: Json } = {},
): Json {
  const [linkedService, location] =
    where.fileSystem !== undefined
      ? ['Lake', 'AzureBlobFSLocation']
      : where.container !== undefined
        ? ['Blob', 'AzureBlobStorageLocation']
        : ['Disk', 'FileServerLocation'];
  return {
    name,
    properties: {
      type,
      linkedServiceName: service(linkedService),
      typeProperties: { location: { type: location, ...(where as object) }, ...more },
    },
  };
}

export const copy = (
  name: string,
  from: Json,
  to: Json,
  sink: Json,
  more: { [key: string]: Json } = {},
  query?: string,
): Json => ({
  name,
  type: 'Copy',
  inputs: [from],
  outputs: [to],
  typeProperties: {
    source: { type: 'SparkSource', ...(query === undefined ? {} : { query }) },
    sink,
    ...more,
  },
});

export async function factory(folder: string, datasets: readonly Json[], pipelines: readonly Json[] = []) {
  return factoryFrom(
    { linkedServices: await linkedServices(folder), datasets: [...datasets], pipelines: [...pipelines] },
    'the test',
  );
}

/** What a copy in a test may use: the emulator as storage, folders of its own. */
export async function services(more: Partial<CopyServices> = {}): Promise<CopyServices> {
  const directory = temporaryDirectory('copy-scratch');
  mkdirSync(directory, { recursive: true });
  const storage = await azurite();
  return {
    storages: { client: createStorageClient(), directory: storage.accounts },
    workingDirectory: directory,
    scratchDirectory: directory,
    ...more,
  };
}
