import { z } from 'zod';

/** A secret is never written into the file itself: it is the name of an environment variable or of a file. */
const secret = z.union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })], {
  error: 'a secret is {"env": "NAME"} or {"file": "path"}, never the value itself',
});

const entra = z.strictObject({
  kind: z.literal('entra'),
  /** Which of Entra's ways; `default` tries them in the order of @azure/identity. */
  method: z.enum(['default', 'azure-cli', 'managed-identity', 'service-principal', 'device-code']).default('default'),
  tenantId: z.string().optional(),
  clientId: z.string().optional(),
  clientSecret: secret.optional(),
});

const poolAuthentication = z.discriminatedUnion('kind', [
  entra,
  z.strictObject({ kind: z.literal('sql'), user: z.string().min(1), password: secret }),
]);

const storageAuthentication = z.discriminatedUnion('kind', [
  entra,
  z.strictObject({ kind: z.literal('key'), key: secret }),
  z.strictObject({ kind: z.literal('sas'), sas: secret }),
]);

const spark = z.strictObject({
  master: z.string().min(1).optional(),
  conf: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});

/** Vault → name → secret, for `mssparkutils.credentials.getSecret(vault, name)`. */
const secrets = z.record(z.string(), z.record(z.string(), secret)).default({});

/** Jupyter Servers and Gateways for `%%kernel NAME --server SERVER`, by the name that cells use. */
const jupyterServers = z.record(z.string(), z.strictObject({ url: z.url(), token: secret.optional() })).optional();
const linkedServices = z.record(z.string(), secret).default({});
const variables = z
  .record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])))
  .default({});

const lakePlace = z.union(
  [
    z.strictObject({ folder: z.string().min(1) }),
    z.strictObject({ container: z.string().regex(/^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62}$/) }),
    z.strictObject({ azurite: z.literal(true) }),
  ],
  { error: 'a place is {"folder": "path"}, {"azurite": true}, or for one container {"container": "name"}' },
);

/** `account`, `container@account`, or `*` for every account that is not named. */
const lake = z.record(
  z.string().regex(/^(?:\*|(?:[^@\s]+@)?[A-Za-z0-9-]+)$/, 'a key is an account, container@account, or *'),
  lakePlace,
);

const localProfile = z.strictObject({
  kind: z.literal('local'),
  /** Where storage accounts of notebooks are on this machine. What is not named is refused. */
  lake: lake.default({}),
  /** The workspace's primary container in Synapse: where paths without a scheme lead, unless there is a default lakehouse. */
  primaryStorage: z
    .string()
    .regex(/^(?:abfss?|wasbs?):\/\/[^@/]+@[^/]+\/?$/i, 'write abfss://CONTAINER@ACCOUNT.dfs.core.windows.net')
    .optional(),
  /** The default lakehouse: `Files/`, `Tables/` and relative paths start here. */
  lakehouse: z.string().min(1).optional(),
  /** Other lakehouses by name, for `defaultLakehouse` of `%%configure` and of Fabric notebooks. */
  lakehouses: z.record(z.string(), z.string().min(1)).default({}),
  /** Where managed tables are kept, instead of Crossview's own directory for this workspace. */
  warehouse: z.string().min(1).optional(),
  /** By name as in `getConnectionStringOrCreds`: the connection string of a linked service. */
  linkedServices: linkedServices,
  /** Fabric's variable library: library → variable → value. */
  variables: variables,
  spark: spark.optional(),
  secrets,
  jupyterServers,
});

const azureProfile = z.strictObject({
  kind: z.literal('azure'),
  /** By the name that notebooks use, `servername.database.windows.net`. */
  servers: z.record(
    z.string(),
    z.strictObject({
      /** Where to connect, when it is not the name itself (a private link, a port forward). */
      host: z.string().optional(),
      port: z.int().min(1).max(65_535).default(1433),
      /** The database of a request that names none. */
      database: z.string().optional(),
      authentication: poolAuthentication.optional(),
    }),
  ),
  /** The server of a request that names none; may be left out when there is only one. */
  defaultServer: z.string().optional(),
  /** For servers and storage accounts that say nothing of their own. */
  authentication: entra.default({ kind: 'entra', method: 'default' }),
  storage: z
    .record(
      z.string(),
      z.strictObject({ blobEndpoint: z.url().optional(), authentication: storageAuthentication.optional() }),
    )
    .default({}),
  staging: z.strictObject({
    account: z.string().regex(/^[a-z0-9]{3,24}$/, 'a storage account name has 3 to 24 lower-case letters and digits'),
    container: z.string().min(3),
    directory: z.string().default(''),
  }),
  spark: spark.optional(),
  linkedServices: linkedServices,
  variables: variables,
  secrets,
  jupyterServers,
});

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  /** The profile in force; CROSSVIEW_PROFILE overrides. */
  profile: z.string().default('local'),
  profiles: z.record(z.string(), z.discriminatedUnion('kind', [localProfile, azureProfile])).default({}),
});

/** Profile `local` when the file says nothing of it. */
export const localDefaults: LocalProfile = localProfile.parse({ kind: 'local' });

export type Secret = z.infer<typeof secret>;
export type EntraAuthentication = z.infer<typeof entra>;
export type PoolAuthentication = z.infer<typeof poolAuthentication>;
export type StorageAuthentication = z.infer<typeof storageAuthentication>;
export type SparkProfile = z.infer<typeof spark>;
export type LocalProfile = z.infer<typeof localProfile>;
export type AzureProfile = z.infer<typeof azureProfile>;
