import { z } from 'zod';
import { filledText, flag, ignored, linkedServiceReference, oneOf } from './common.js';
import { type Place, readPlace } from './place.js';
import { type PoolService, readPool } from './pool-linked-service.js';
import { type Problems, readBy } from './problems.js';
import type { Resolved, Resolver } from './resolver.js';
import { readSparkLinkedService, type SparkLinkedService } from './spark-linked-service.js';

export interface SparkDataset {
  readonly kind: 'spark';
  readonly service: SparkLinkedService;
  /** The table to read when the source has no query, quoted for Spark. */
  readonly table: string | undefined;
}

export interface FileDataset {
  readonly kind: 'file';
  readonly place: Place;
  readonly container: string;
  readonly folder: string;
  readonly file: string | undefined;
  readonly format: ParquetFormat | DelimitedTextFormat;
}

export interface ParquetFormat {
  readonly type: 'Parquet';
  readonly codec: 'none' | 'snappy' | 'gzip';
}

export interface DelimitedTextFormat {
  readonly type: 'DelimitedText';
  readonly columnDelimiter: string;
  readonly rowDelimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly header: boolean;
  readonly nullValue: string;
  readonly encoding: 'utf8' | 'utf16le' | 'latin1';
  readonly byteOrderMark: boolean;
  readonly codec: 'none' | 'gzip' | 'deflate';
}

export interface PoolDataset {
  readonly kind: 'pool';
  readonly pool: PoolService;
  readonly schema: string;
  readonly table: string;
}

/** Crossview's own: a temp view of the session. */
export interface ViewDataset {
  readonly kind: 'view';
  readonly view: string;
}

export type Dataset = SparkDataset | FileDataset | PoolDataset | ViewDataset;

const frame = {
  type: z.string(),
  description: ignored,
  annotations: ignored,
  folder: ignored,
  schema: ignored,
  structure: ignored,
  linkedServiceName: linkedServiceReference,
};

const sparkObject = z.strictObject({
  ...frame,
  typeProperties: z
    .strictObject({
      schema: z.string().optional(),
      table: z.string().optional(),
      tableName: z.string().optional(),
    })
    .optional(),
});

const location = z.strictObject({
  type: oneOf(['AzureBlobStorageLocation', 'AzureBlobFSLocation', 'FileServerLocation']),
  container: filledText.optional(),
  fileSystem: filledText.optional(),
  folderPath: z.string().optional(),
  fileName: filledText.optional(),
});

const parquet = z.strictObject({
  ...frame,
  typeProperties: z.strictObject({
    location,
    compressionCodec: oneOf(
      ['none', 'snappy', 'gzip'],
      (given) => `is ${given}; none, snappy and gzip can be written`,
    ).optional(),
  }),
});

const delimitedText = z.strictObject({
  ...frame,
  typeProperties: z.strictObject({
    location,
    columnDelimiter: z.string().optional(),
    rowDelimiter: z.string().optional(),
    quoteChar: z.string().max(1, { error: 'must be one character or empty' }).optional(),
    escapeChar: z.string().max(1, { error: 'must be one character or empty' }).optional(),
    firstRowAsHeader: flag.optional(),
    nullValue: z.string().optional(),
    encodingName: oneOf(
      ['UTF-8', 'UTF-8 without BOM', 'UTF-16', 'US-ASCII', 'ISO-8859-1'],
      (given) => `is ${given}; UTF-8, UTF-8 without BOM, UTF-16, US-ASCII and ISO-8859-1 can be written`,
    ).optional(),
    compressionCodec: oneOf(
      ['none', 'gzip', 'deflate'],
      (given) => `is ${given}; none, gzip and deflate can be written`,
    ).optional(),
    compressionLevel: ignored,
  }),
});

const poolTable = z.strictObject({
  ...frame,
  typeProperties: z
    .strictObject({
      schema: z.string().optional(),
      table: z.string().optional(),
      tableName: z.string().optional(),
    })
    .refine((given) => given.table !== undefined || given.tableName !== undefined, {
      error: 'names no table: give schema and table',
    }),
});

const tempView = z.strictObject({
  type: z.string(),
  description: ignored,
  annotations: ignored,
  folder: ignored,
  schema: ignored,
  linkedServiceName: linkedServiceReference.optional(),
  typeProperties: z.strictObject({ viewName: filledText }),
});

/** Reads a resolved dataset with its linked service; what is wrong is in the resolver's `problems`. */
export function readDataset(dataset: Resolved, resolver: Resolver): Dataset | undefined {
  const { problems } = resolver;
  const { document, properties } = dataset;
  const follow = (reference: z.infer<typeof linkedServiceReference>) =>
    resolver.follow('linkedService', reference, document, 'properties.linkedServiceName');

  switch (dataset.type) {
    case 'SparkObject': {
      const read = readBy(sparkObject, properties, problems, document, 'properties');
      const service = read && follow(read.linkedServiceName);
      if (!service || !expectType(service, ['Spark'], problems, document)) return undefined;
      const spark = readSparkService(service, problems);
      return spark && { kind: 'spark', service: spark, table: sparkTable(read.typeProperties ?? {}) };
    }
    case 'Parquet':
    case 'DelimitedText': {
      const read =
        dataset.type === 'Parquet'
          ? readBy(parquet, properties, problems, document, 'properties')
          : readBy(delimitedText, properties, problems, document, 'properties');
      const service = read && follow(read.linkedServiceName);
      const place = service && readPlace(service, problems);
      if (!read || !place) return undefined;
      const { location: at } = read.typeProperties;
      const container = at.container ?? at.fileSystem ?? '';
      if (place.kind === 'storage' && container === '') {
        problems.add(
          document,
          `properties.typeProperties.location.${at.type === 'AzureBlobFSLocation' ? 'fileSystem' : 'container'}`,
          'is missing',
        );
        return undefined;
      }
      return {
        kind: 'file',
        place,
        container,
        folder: (at.folderPath ?? '').replace(place.kind === 'local' ? /\/+$/ : /^\/+|\/+$/g, ''),
        file: at.fileName,
        format: dataset.type === 'Parquet' ? parquetFormat(read) : textFormat(read as z.infer<typeof delimitedText>),
      };
    }
    case 'AzureSqlDWTable': {
      const read = readBy(poolTable, properties, problems, document, 'properties');
      const service = read && follow(read.linkedServiceName);
      if (!service || !expectType(service, ['AzureSqlDW'], problems, document)) return undefined;
      const pool = readPool(service, problems);
      return pool && { kind: 'pool', pool, ...poolName(read.typeProperties) };
    }
    case 'TempView': {
      const read = readBy(tempView, properties, problems, document, 'properties');
      return read && { kind: 'view', view: read.typeProperties.viewName };
    }
    default:
      problems.add(
        document,
        'properties.type',
        `${dataset.type} is not supported; SparkObject is read, and Parquet, DelimitedText, AzureSqlDWTable and TempView are written`,
      );
      return undefined;
  }
}

function expectType(service: Resolved, types: readonly string[], problems: Problems, document: string): boolean {
  if (types.includes(service.type)) return true;
  problems.add(
    document,
    'properties.linkedServiceName',
    `${service.document} is of type ${service.type}; ${types.join(' or ')} is needed`,
  );
  return false;
}

const serviceFrame = z.strictObject({
  type: z.literal('Spark'),
  version: ignored,
  description: ignored,
  annotations: ignored,
  connectVia: z
    .strictObject({ referenceName: z.string(), type: z.literal('IntegrationRuntimeReference'), parameters: ignored })
    .optional(),
  typeProperties: z.record(z.string(), z.unknown()),
});

function readSparkService(service: Resolved, problems: Problems): SparkLinkedService | undefined {
  readBy(serviceFrame, service.properties, problems, service.document, 'properties');
  return readSparkLinkedService(service.properties, problems, service.document);
}

const quote = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** `tableName` may hold the schema in front, quoted or not; `schema` and `table` win. */
function sparkTable(given: {
  schema?: string | undefined;
  table?: string | undefined;
  tableName?: string | undefined;
}) {
  if (given.table !== undefined)
    return given.schema === undefined || given.schema === ''
      ? quote(given.table)
      : `${quote(given.schema)}.${quote(given.table)}`;
  if (given.tableName === undefined || given.tableName === '') return undefined;
  return nameParts(given.tableName, '`', '`').map(quote).join('.');
}

function poolName(given: { schema?: string | undefined; table?: string | undefined; tableName?: string | undefined }) {
  if (given.table !== undefined) return { schema: given.schema ?? 'dbo', table: given.table };
  const parts = nameParts(given.tableName ?? '', '[', ']');
  return { schema: parts.length > 1 ? parts.at(-2)! : 'dbo', table: parts.at(-1) ?? '' };
}

/** `a.b`, `` `a.x`.b ``, `[a].[b]` → names. */
function nameParts(text: string, open: string, close: string): string[] {
  const parts: string[] = [''];
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]!;
    if (quoted && character === close && text[index + 1] === close) {
      parts[parts.length - 1] += close;
      index += 1;
    } else if (quoted && character === close) quoted = false;
    else if (!quoted && character === open && parts.at(-1) === '') quoted = true;
    else if (!quoted && character === '.') parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

const parquetFormat = ({ typeProperties }: { typeProperties: object }): ParquetFormat => ({
  type: 'Parquet',
  codec: (typeProperties as z.infer<typeof parquet>['typeProperties']).compressionCodec ?? 'snappy',
});

/** Defaults as the documentation of the format gives them for writing. */
function textFormat({ typeProperties: given }: z.infer<typeof delimitedText>): DelimitedTextFormat {
  const encoding = given.encodingName ?? 'UTF-8 without BOM';
  return {
    type: 'DelimitedText',
    columnDelimiter: given.columnDelimiter ?? ',',
    rowDelimiter: given.rowDelimiter === undefined || given.rowDelimiter === '' ? '\r\n' : given.rowDelimiter,
    quote: given.quoteChar ?? '"',
    escape: given.escapeChar ?? '\\',
    header: given.firstRowAsHeader ?? false,
    nullValue: given.nullValue ?? '',
    encoding: encoding === 'UTF-16' ? 'utf16le' : encoding.startsWith('UTF-8') ? 'utf8' : 'latin1',
    byteOrderMark: encoding === 'UTF-16',
    codec: given.compressionCodec ?? 'none',
  };
}
