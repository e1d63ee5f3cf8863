import { randomUUID } from 'node:crypto';
import { CrossviewError, type PoolLoadMethod } from '@crossview/contracts';
import type { CopyProperties, Sink as SinkProperties } from '../documents/activities.js';
import type { Dataset, FileDataset, PoolDataset } from '../documents/datasets.js';
import type { Factory } from '../documents/factory.js';
import { type Place, readPlace } from '../documents/place.js';
import type { Problems } from '../documents/problems.js';
import type { Resolver } from '../documents/resolver.js';
import { revealSecret } from '../documents/secrets.js';
import { ParquetFile } from '../parquet/parquet-file.js';
import { DelimitedTextFile } from '../sinks/delimited-text-file.js';
import { FileSink } from '../sinks/file-sink.js';
import { PoolSink } from '../sinks/pool-sink.js';
import type { Sink, SinkInput } from '../sinks/sink.js';
import { ViewSink } from '../sinks/view-sink.js';
import type { FileStore } from '../stores/file-store.js';
import { localStore } from '../stores/local-store.js';
import { openAccount } from '../stores/open-store.js';
import { storageStore } from '../stores/storage-store.js';
import type { CopyServices } from './services.js';

/** Where staged files go. */
export interface StagingPlace {
  readonly place: Extract<Place, { kind: 'storage' }>;
  readonly container: string;
  readonly folder: string;
}

/** Which dataset belongs to which sink. */
const datasetOfSink: Readonly<Record<SinkProperties['type'], { kind: Dataset['kind']; type: string }>> = {
  ParquetSink: { kind: 'file', type: 'Parquet' },
  DelimitedTextSink: { kind: 'file', type: 'DelimitedText' },
  SqlDWSink: { kind: 'pool', type: 'AzureSqlDWTable' },
  TempViewSink: { kind: 'view', type: 'TempView' },
};

/** What does not fit together among sink, dataset and activity; said before anything runs. */
export function checkSink(
  sink: SinkProperties,
  dataset: Dataset,
  properties: CopyProperties,
  resolver: Resolver,
  document: string,
  path: string,
): StagingPlace | undefined {
  const { problems } = resolver;
  const expected = datasetOfSink[sink.type];
  const given = dataset.kind === 'file' ? dataset.format.type : undefined;
  if (dataset.kind !== expected.kind || (given !== undefined && given !== expected.type))
    problems.add(document, `${path}.sink.type`, `${sink.type} needs an output dataset of type ${expected.type}`);
  if ('formatSettings' in sink && sink.formatSettings?.maxRowsPerFile !== undefined)
    if (dataset.kind === 'file' && dataset.file !== undefined)
      problems.add(
        document,
        `${path}.sink.formatSettings.maxRowsPerFile`,
        'makes several files: leave fileName out of the output dataset',
      );
  if (sink.type !== 'SqlDWSink') return undefined;
  if (sink.allowPolyBase && sink.allowCopyCommand)
    problems.add(document, `${path}.sink`, 'has both allowPolyBase and allowCopyCommand: choose one');
  if (!sink.allowPolyBase && !sink.allowCopyCommand)
    problems.add(
      document,
      `${path}.sink`,
      'would insert row by row, which is not done here: set allowCopyCommand or allowPolyBase to true, with enableStaging',
    );
  const reject = sink.polyBaseSettings;
  if (reject?.rejectType === 'percentage' && reject.rejectSampleValue === undefined)
    problems.add(
      document,
      `${path}.sink.polyBaseSettings.rejectSampleValue`,
      'is missing: rejectType percentage needs it',
    );
  return readStaging(properties, resolver, problems, document, path);
}

function readStaging(
  { enableStaging, stagingSettings }: CopyProperties,
  resolver: Resolver,
  problems: Problems,
  document: string,
  path: string,
): StagingPlace | undefined {
  if (!enableStaging || stagingSettings === undefined) {
    problems.add(
      document,
      enableStaging ? `${path}.stagingSettings` : `${path}.enableStaging`,
      'is missing: from Spark into a pool the rows go through staging, {"enableStaging": true, "stagingSettings": {"linkedServiceName": ..., "path": "container/folder"}}',
    );
    return undefined;
  }
  const at = `${path}.stagingSettings.linkedServiceName`;
  const service = resolver.follow('linkedService', stagingSettings.linkedServiceName, document, at);
  const place = service && readPlace(service, problems);
  if (place === undefined) return undefined;
  if (place.kind !== 'storage') {
    problems.add(document, at, 'staging lies in Blob or Data Lake storage: the pool reads it there');
    return undefined;
  }
  const [container = '', ...folder] = (stagingSettings.path ?? '').split('/').filter((part) => part !== '');
  return { place, container: container === '' ? 'adfstagedcopytempdata' : container, folder: folder.join('/') };
}

export interface SinkFrame {
  readonly factory: Factory;
  readonly services: CopyServices;
}

/** @throws CrossviewError naming what the session lacks (`COPY_*_UNAVAILABLE`), or as the place does. */
export async function openSink(
  sink: SinkProperties,
  dataset: Dataset,
  staging: StagingPlace | undefined,
  input: SinkInput,
  frame: SinkFrame,
): Promise<Sink> {
  const { services } = frame;
  if (sink.type === 'TempViewSink' && dataset.kind === 'view') {
    if (!services.views)
      throw unavailable(
        'COPY_VIEWS_UNAVAILABLE',
        'there is no session whose temp view this could be',
        'Run it in a %%copy cell.',
      );
    return new ViewSink(services.views, dataset.view, input);
  }
  if (sink.type === 'SqlDWSink' && dataset.kind === 'pool' && staging)
    return openPoolSink(sink, dataset, staging, input, frame);
  if ((sink.type !== 'ParquetSink' && sink.type !== 'DelimitedTextSink') || dataset.kind !== 'file')
    throw new TypeError(`${sink.type} with a dataset of kind ${dataset.kind} was not refused`);

  const store = await openStore(dataset.place, dataset.container, frame);
  const { format } = dataset;
  const several = sink.formatSettings?.maxRowsPerFile;
  const text = sink.type === 'DelimitedTextSink' ? sink.formatSettings : undefined;
  return new FileSink({
    store,
    folder: dataset.folder,
    nameOf: fileNames(dataset, sink.formatSettings?.fileNamePrefix, several !== undefined, text?.fileExtension),
    maxRowsPerFile: several,
    create: async (path) =>
      format.type === 'Parquet'
        ? ParquetFile.create(path, input.schema, format.codec)
        : new DelimitedTextFile(path, input, format, text?.quoteAllText ?? false),
    signal: input.signal,
  });
}

/** The dataset's name; without one, the prefix and a number for several files, or a name of its own. */
function fileNames(
  { file, format }: FileDataset,
  prefix: string | undefined,
  several: boolean,
  extension: string | undefined,
): (index: number) => string {
  const compressed: Readonly<Record<string, string>> = { gzip: '.gz', deflate: '.deflate' };
  const ending = format.type === 'Parquet' ? '.parquet' : `${extension ?? '.txt'}${compressed[format.codec] ?? ''}`;
  if (file !== undefined) return () => file;
  const stem = prefix ?? `data_${randomUUID()}`;
  return several ? (index) => `${stem}_${String(index).padStart(5, '0')}${ending}` : () => `${stem}${ending}`;
}

export async function openStore(place: Place, container: string, { factory, services }: SinkFrame): Promise<FileStore> {
  if (place.kind === 'local')
    return localStore(container === '' ? place.folder : `${place.folder}/${container}`, services.workingDirectory);
  const { account, credential } = await openAccount(place, services.storages, (secret) =>
    revealSecret(secret, factory, services.secrets),
  );
  const opened = services.storages!.client.container(account, container, credential);
  await opened.ensure();
  return storageStore(opened, services.scratchDirectory);
}

async function openPoolSink(
  sink: Extract<SinkProperties, { type: 'SqlDWSink' }>,
  { pool, schema, table }: PoolDataset,
  staging: StagingPlace,
  input: SinkInput,
  { factory, services }: SinkFrame,
): Promise<Sink> {
  const { loader, pools, storages, secrets } = services;
  if (!loader || !pools || !storages)
    throw unavailable(
      'COPY_POOL_UNAVAILABLE',
      `pool ${pool.database} cannot be reached from here`,
      'Give pools, loader and storages to the call.',
    );
  const target = await pools.resolve({
    server: pool.server,
    database: pool.database,
    user: pool.user,
    password: await revealSecret(pool.password, factory, secrets),
  });
  const account = await openAccount(staging.place, storages, (secret) => revealSecret(secret, factory, secrets));
  const container = storages.client.container(account.account, staging.container, account.credential);
  await container.ensure();
  return new PoolSink(
    {
      loader,
      pool: target,
      table: { schema, name: table },
      method: methodOf(sink),
      before: sink.preCopyScript,
      createTable: sink.tableOption === 'autoCreate',
      staging: { ...account, container, folder: staging.folder },
      scratchDirectory: services.scratchDirectory,
    },
    input,
  );
}

function methodOf(sink: Extract<SinkProperties, { type: 'SqlDWSink' }>): PoolLoadMethod {
  if (sink.allowPolyBase)
    return {
      kind: 'polybase',
      rejectType: sink.polyBaseSettings?.rejectType ?? 'value',
      rejectValue: sink.polyBaseSettings?.rejectValue ?? 0,
      rejectSampleValue: sink.polyBaseSettings?.rejectSampleValue,
      useTypeDefault: sink.polyBaseSettings?.useTypeDefault ?? false,
    };
  const { defaultValues = [], additionalOptions = {} } = sink.copyCommandSettings ?? {};
  return {
    kind: 'copy',
    defaultValues: defaultValues.map(({ columnName, defaultValue }) => ({
      columnName,
      defaultValue: String(defaultValue),
    })),
    additionalOptions: Object.fromEntries(
      Object.entries(additionalOptions).map(([name, value]) => [name, String(value)]),
    ),
  };
}

const unavailable = (code: string, message: string, hint: string): CrossviewError =>
  new CrossviewError(code, message, { hint });
