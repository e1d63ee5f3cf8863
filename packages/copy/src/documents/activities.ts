import { z } from 'zod';
import { datasetReference, filledText, flag, ignored, linkedServiceReference, oneOf, wholeNumber } from './common.js';

/** Activities as JSON, after expressions were resolved. Properties without meaning here are accepted and have none. */

export const sparkSource = z.strictObject({
  type: z.literal('SparkSource'),
  query: z.string().optional(),
  additionalColumns: z
    .array(
      z.strictObject({
        name: filledText,
        value: z
          .union([z.string(), z.number(), z.boolean()], { error: 'must be text, a number, or true or false' })
          .transform(String)
          .refine((text) => !/^\$\$FILE/i.test(text), { error: 'speaks of files; rows of Spark come from none' }),
      }),
    )
    .optional(),
  queryTimeout: ignored,
  sourceRetryCount: ignored,
  sourceRetryWait: ignored,
  maxConcurrentConnections: ignored,
  disableMetricsCollection: ignored,
});

const storeSettings = z
  .looseObject({
    type: oneOf(['AzureBlobStorageWriteSettings', 'AzureBlobFSWriteSettings', 'FileServerWriteSettings']),
    copyBehavior: oneOf(['PreserveHierarchy', 'FlattenHierarchy', 'MergeFiles']).optional(),
  })
  .optional();

const files = {
  storeSettings,
  maxConcurrentConnections: ignored,
  disableMetricsCollection: ignored,
  writeBatchSize: ignored,
  writeBatchTimeout: ignored,
  sinkRetryCount: ignored,
  sinkRetryWait: ignored,
};

export const parquetSink = z.strictObject({
  type: z.literal('ParquetSink'),
  ...files,
  formatSettings: z
    .strictObject({
      type: z.literal('ParquetWriteSettings'),
      maxRowsPerFile: wholeNumber(1, 2_147_483_647).optional(),
      fileNamePrefix: filledText.optional(),
    })
    .optional(),
});

export const delimitedTextSink = z.strictObject({
  type: z.literal('DelimitedTextSink'),
  ...files,
  formatSettings: z
    .strictObject({
      type: z.literal('DelimitedTextWriteSettings'),
      quoteAllText: flag.optional(),
      fileExtension: z.string().optional(),
      maxRowsPerFile: wholeNumber(1, 2_147_483_647).optional(),
      fileNamePrefix: filledText.optional(),
    })
    .optional(),
});

export const polyBaseSettings = z.strictObject({
  rejectType: oneOf(['value', 'percentage']).optional(),
  rejectValue: z.number().min(0).optional(),
  rejectSampleValue: z.number().min(0).optional(),
  useTypeDefault: flag.optional(),
});

export const copyCommandSettings = z.strictObject({
  defaultValues: z
    .array(z.strictObject({ columnName: z.string(), defaultValue: z.union([z.string(), z.number(), z.boolean()]) }))
    .optional(),
  additionalOptions: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

export const poolSink = z.strictObject({
  type: z.literal('SqlDWSink'),
  allowPolyBase: flag.optional(),
  allowCopyCommand: flag.optional(),
  polyBaseSettings: polyBaseSettings.optional(),
  copyCommandSettings: copyCommandSettings.optional(),
  preCopyScript: z.string().optional(),
  tableOption: oneOf(['none', 'autoCreate']).optional(),
  writeBehavior: oneOf(['insert'], (given) =>
    given.toLowerCase() === 'upsert'
      ? 'is upsert, which is not supported here; use insert and merge in the pool'
      : undefined,
  ).optional(),
  sqlWriterUseTableLock: ignored,
  writeBatchSize: ignored,
  writeBatchTimeout: ignored,
  sinkRetryCount: ignored,
  sinkRetryWait: ignored,
  maxConcurrentConnections: ignored,
  disableMetricsCollection: ignored,
});

/** Crossview's own. */
export const tempViewSink = z.strictObject({ type: z.literal('TempViewSink') });

export const sinkSchemas = {
  ParquetSink: parquetSink,
  DelimitedTextSink: delimitedTextSink,
  SqlDWSink: poolSink,
  TempViewSink: tempViewSink,
} as const;

export type Sink =
  | z.infer<typeof parquetSink>
  | z.infer<typeof delimitedTextSink>
  | z.infer<typeof poolSink>
  | z.infer<typeof tempViewSink>;

const mappingEnd = z.strictObject({
  name: z.string().optional(),
  ordinal: wholeNumber(1, 100_000).optional(),
  path: z.string().optional(),
  type: z.string().optional(),
  physicalType: ignored,
  culture: z.string().optional(),
  format: z.string().optional(),
});

export const translator = z.strictObject({
  type: z.literal('TabularTranslator'),
  mappings: z.array(z.strictObject({ source: mappingEnd, sink: mappingEnd })).optional(),
  columnMappings: z.union([z.string(), z.record(z.string(), z.string())]).optional(),
  schemaMapping: z.record(z.string(), z.string()).optional(),
  typeConversion: flag.optional(),
  typeConversionSettings: z
    .strictObject({
      allowDataTruncation: flag.optional(),
      treatBooleanAsNumber: flag.optional(),
      dateTimeFormat: z.string().optional(),
      dateTimeOffsetFormat: z.string().optional(),
      timeSpanFormat: z.string().optional(),
      culture: z.string().optional(),
    })
    .optional(),
});

export type Translator = z.infer<typeof translator>;

const logLocation = z.strictObject({ linkedServiceName: linkedServiceReference, path: z.string().optional() });

export const copyProperties = z.strictObject({
  source: z.looseObject({ type: z.string() }),
  sink: z.looseObject({ type: z.string() }),
  translator: translator.optional(),
  enableStaging: flag.optional(),
  stagingSettings: z
    .strictObject({
      linkedServiceName: linkedServiceReference,
      path: z.string().optional(),
      enableCompression: flag.optional(),
    })
    .optional(),
  enableSkipIncompatibleRow: flag.optional(),
  redirectIncompatibleRowSettings: logLocation.optional(),
  logSettings: z
    .strictObject({
      enableCopyActivityLog: flag.optional(),
      copyActivityLogSettings: z
        .strictObject({ logLevel: oneOf(['Warning', 'Info']).optional(), enableReliableLogging: flag.optional() })
        .optional(),
      logLocationSettings: logLocation,
    })
    .optional(),
  validateDataConsistency: flag.optional(),
  parallelCopies: ignored,
  dataIntegrationUnits: ignored,
  preserve: ignored,
  preserveRules: ignored,
  skipErrorFile: ignored,
});

export type CopyProperties = z.infer<typeof copyProperties>;

export const lookupProperties = z.strictObject({
  source: z.looseObject({ type: z.string() }),
  dataset: datasetReference,
  firstRowOnly: flag.optional(),
});

export const policy = z.strictObject({
  timeout: z.string().optional(),
  retry: wholeNumber(0, 1_000).optional(),
  retryIntervalInSeconds: wholeNumber(0, 86_400).optional(),
  secureInput: ignored,
  secureOutput: ignored,
});

const activityFrame = {
  name: filledText,
  description: ignored,
  dependsOn: z
    .array(
      z.strictObject({
        activity: z.string(),
        dependencyConditions: z.array(oneOf(['Succeeded', 'Failed', 'Completed', 'Skipped'])),
      }),
    )
    .optional(),
  policy: policy.optional(),
  userProperties: ignored,
  state: oneOf(['Active', 'Inactive']).optional(),
  onInactiveMarkAs: oneOf(['Succeeded', 'Failed', 'Skipped']).optional(),
  linkedServiceName: ignored,
};

/** `typeProperties` are read when the activity runs: only then its expressions have values. */
export const copyActivitySchema = z.strictObject({
  ...activityFrame,
  type: z.literal('Copy'),
  inputs: z.array(datasetReference).length(1, { error: 'must be one dataset' }),
  outputs: z.array(datasetReference).length(1, { error: 'must be one dataset' }),
  typeProperties: z.record(z.string(), z.unknown()),
});

export const lookupActivitySchema = z.strictObject({
  ...activityFrame,
  type: z.literal('Lookup'),
  typeProperties: z.record(z.string(), z.unknown()),
});

export const activitySchemas = { Copy: copyActivitySchema, Lookup: lookupActivitySchema } as const;
export type Activity = z.infer<typeof copyActivitySchema> | z.infer<typeof lookupActivitySchema>;
