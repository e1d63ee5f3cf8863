import { z } from 'zod';
import type { SparkConnection } from '../sources/spark-connection.js';
import { filledText, flag, ignored, oneOf, type Secret, secret, wholeNumber } from './common.js';
import { type Problems, readBy } from './problems.js';

/** A linked service of type Spark, read and complete but for its secrets. */
export interface SparkLinkedService {
  readonly connection: Omit<SparkConnection, 'password'>;
  readonly password: Secret | undefined;
  /** The integration runtime that the document names; it is not used. */
  readonly connectVia: string | undefined;
}

/** A property of the other version: its own words instead of "unknown". */
const onlyIn = (version: string, instead: string) =>
  z
    .unknown()
    .optional()
    .refine((value) => value === undefined, {
      error: `is not supported: only version ${version} of the Spark linked service has it${instead}`,
    });

const allowed = <const T extends readonly [string, ...string[]]>(
  values: T,
  others: readonly string[],
  note: string,
): z.ZodType<T[number]> =>
  oneOf(values, (given) =>
    others.some((other) => other.toLowerCase() === given.toLowerCase())
      ? `is ${JSON.stringify(given)}, ${note}; use ${values.join(' or ')}`
      : undefined,
  );

const shared = {
  host: filledText,
  port: wholeNumber(1, 65_535),
  username: filledText.optional(),
  password: secret.optional(),
  httpPath: z.string().optional(),
  enableSsl: flag.optional(),
  encryptedCredential: ignored,
};

const note = 'which version 2.0 of the Spark linked service does not support';
const onlyV1 = ': version 2.0 always uses the system trust store and has enableServerCertificateValidation';

/** The table "Version 2.0" of the seed. */
const version2 = z.strictObject({
  ...shared,
  serverType: allowed(['SparkThriftServer'], ['SharkServer', 'SharkServer2'], note).optional(),
  thriftTransportProtocol: allowed(['HTTP'], ['Binary', 'SASL'], note).optional(),
  authenticationType: allowed(['Anonymous', 'UsernameAndPassword', 'WindowsAzureHDInsightService'], ['Username'], note),
  enableServerCertificateValidation: flag.optional(),
  trustedCertPath: onlyIn('1.0', onlyV1),
  useSystemTrustStore: onlyIn('1.0', onlyV1),
  allowHostNameCNMismatch: onlyIn('1.0', onlyV1),
  allowSelfSignedServerCert: onlyIn('1.0', onlyV1),
});

/** The table "Version 1.0" of the seed. */
const version1 = z.strictObject({
  ...shared,
  serverType: oneOf(['SharkServer', 'SharkServer2', 'SparkThriftServer']).optional(),
  thriftTransportProtocol: oneOf(['Binary', 'SASL', 'HTTP']).optional(),
  authenticationType: oneOf(['Anonymous', 'Username', 'UsernameAndPassword', 'WindowsAzureHDInsightService']),
  trustedCertPath: filledText.optional(),
  useSystemTrustStore: flag.optional(),
  allowHostNameCNMismatch: flag.optional(),
  allowSelfSignedServerCert: flag.optional(),
  enableServerCertificateValidation: onlyIn(
    '2.0',
    ': version 1.0 has allowSelfSignedServerCert and allowHostNameCNMismatch',
  ),
});

/** @returns `undefined` when something is wrong; what, is in `problems`. */
export function readSparkLinkedService(
  properties: { readonly [key: string]: unknown },
  problems: Problems,
  document: string,
): SparkLinkedService | undefined {
  const version = properties.version === undefined ? '1.0' : String(properties.version);
  if (version !== '1.0' && version !== '2.0') {
    problems.add(document, 'properties.version', `must be 2.0 or 1.0; it is ${JSON.stringify(properties.version)}`);
    return undefined;
  }
  const path = 'properties.typeProperties';
  const given = properties.typeProperties ?? {};
  const before = problems.found.length;
  const read =
    version === '2.0'
      ? readBy(version2, given, problems, document, path)
      : readBy(version1, given, problems, document, path);
  requireCredentials(given as Record<string, unknown>, problems, document, path);
  if (read === undefined || problems.found.length > before) return undefined;
  if (read.encryptedCredential !== undefined && read.password === undefined) {
    problems.add(
      document,
      `${path}.encryptedCredential`,
      'only its Data Factory can decrypt it: give password as SecureString or AzureKeyVaultSecret',
    );
    return undefined;
  }
  const { host, port, authenticationType, username, password } = read;
  const isHdInsight = authenticationType === 'WindowsAzureHDInsightService';
  const enableSsl = read.enableSsl ?? version === '2.0';
  const old = read as Partial<z.infer<typeof version1>>;
  const recent = read as Partial<z.infer<typeof version2>>;
  const { connectVia } = properties as { connectVia?: { referenceName?: string } };
  return {
    password,
    connectVia: connectVia?.referenceName,
    connection: {
      version,
      host: host.trim(),
      port,
      serverType: read.serverType ?? 'SparkThriftServer',
      transport: read.thriftTransportProtocol ?? defaultTransport(version, authenticationType),
      authenticationType,
      username,
      httpPath: read.httpPath ?? (isHdInsight ? '/sparkhive2' : 'cliservice'),
      tls: enableSsl
        ? {
            validate: version === '1.0' || (recent.enableServerCertificateValidation ?? true),
            trustedCertPath: typeof old.trustedCertPath === 'string' ? old.trustedCertPath : undefined,
            useSystemTrustStore: version === '2.0' || old.useSystemTrustStore === true,
            allowHostNameMismatch: old.allowHostNameCNMismatch === true,
            allowSelfSigned: old.allowSelfSignedServerCert === true,
          }
        : undefined,
    },
  };
}

/** The documentation names no default for version 1.0: HDInsight has HTTP alone, names and passwords need SASL, nobody needs nothing. */
function defaultTransport(version: string, authenticationType: string): SparkConnection['transport'] {
  if (version === '2.0' || authenticationType === 'WindowsAzureHDInsightService') return 'HTTP';
  return authenticationType === 'Anonymous' ? 'Binary' : 'SASL';
}

function requireCredentials(given: Record<string, unknown>, problems: Problems, document: string, path: string): void {
  const type = String(given.authenticationType ?? '').toLowerCase();
  const needsPassword = type === 'usernameandpassword' || type === 'windowsazurehdinsightservice';
  if ((needsPassword || type === 'username') && given.username === undefined)
    problems.add(document, `${path}.username`, `is missing: authenticationType ${given.authenticationType} needs it`);
  if (needsPassword && given.password === undefined && given.encryptedCredential === undefined)
    problems.add(document, `${path}.password`, `is missing: authenticationType ${given.authenticationType} needs it`);
  const ssl = given.enableSsl === true || String(given.enableSsl).toLowerCase() === 'true';
  if (given.trustedCertPath !== undefined && !ssl && given.enableServerCertificateValidation === undefined)
    problems.add(document, `${path}.trustedCertPath`, 'can only be set together with enableSsl: true');
}
