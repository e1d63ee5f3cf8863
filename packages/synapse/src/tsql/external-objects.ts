import type { StorageCredential } from '@crossview/contracts';
import type { objectNames } from '../names.js';
import type { Pool } from '../pool.js';
import { dataSourceLocation, relativeLocation, type StagingBase } from '../staging.js';
import { dataSource, parquetFormats } from './inspect.js';
import { identifier, literal, plainLiteral } from './quote.js';

/** The objects by which the pool reaches the staging directory. */
export interface ExternalPlace {
  /** LOCATION of an external table for the staging directory. */
  readonly location: string;
  readonly dataSource: string;
  readonly fileFormat: string;
  /** Drops what was made for this one use, in order; a failure of one does not keep the others. */
  drop(): Promise<void>;
}

export interface ExternalNeeds {
  /** Named by the user; the objects are made when there is none. */
  readonly dataSource: string | undefined;
  readonly fileFormat: string | undefined;
  readonly names: ReturnType<typeof objectNames>;
  readonly log: (line: string) => void;
}

const snappy = 'org.apache.hadoop.io.compress.SnappyCodec';

function dropIfThere(kind: string, view: string, name: string): string {
  return `IF EXISTS (SELECT * FROM sys.${view} WHERE name = ${literal(name)}) DROP ${kind} ${identifier(name)}`;
}

async function createCredential(pool: Pool, name: string, credential: StorageCredential): Promise<boolean> {
  // An identity that logs in by Entra reaches the storage as itself; the data source then has no credential.
  if (credential.kind === 'token') return false;
  const { randomBytes } = await import('node:crypto');
  await pool.run(
    'createMasterKey',
    `IF NOT EXISTS (SELECT * FROM sys.symmetric_keys WHERE name = ${literal('##MS_DatabaseMasterKey##')}) CREATE MASTER KEY ENCRYPTION BY PASSWORD = ${plainLiteral(`${randomBytes(24).toString('base64')}aA1!`)}`,
  );
  const [identity, secret] =
    credential.kind === 'key' ? ['crossview', credential.key] : ['SHARED ACCESS SIGNATURE', credential.sas];
  await pool.run(
    'createCredential',
    `CREATE DATABASE SCOPED CREDENTIAL ${identifier(name)} WITH IDENTITY = ${plainLiteral(identity)}, SECRET = ${plainLiteral(secret)}`,
  );
  return true;
}

/**
 * A data source and a Parquet file format for the staging directory: those that the user named, a format that is there, or new
 * ones that `drop` removes. New ones need CONTROL on the database; with both named nothing is made.
 */
export async function externalPlace(pool: Pool, staging: StagingBase, needs: ExternalNeeds): Promise<ExternalPlace> {
  const drops: (() => Promise<unknown>)[] = [];
  const drop = async (): Promise<void> => {
    for (let next = drops.pop(); next !== undefined; next = drops.pop())
      await next().catch((thrown: unknown) => needs.log(`left behind: ${String(thrown)}`));
  };
  try {
    let source = needs.dataSource;
    let location = '';
    if (source !== undefined) location = relativeLocation(staging, await dataSource(pool, source));
    else {
      const credentialName = needs.names('credential');
      source = needs.names('data_source');
      const made = source;
      const withCredential =
        staging.credential !== undefined && (await createCredential(pool, credentialName, staging.credential));
      if (withCredential)
        drops.push(() =>
          pool.run(
            'dropCredential',
            dropIfThere('DATABASE SCOPED CREDENTIAL', 'database_scoped_credentials', credentialName),
            {
              toTheEnd: true,
            },
          ),
        );
      await pool.run(
        'createDataSource',
        `CREATE EXTERNAL DATA SOURCE ${identifier(made)} WITH (TYPE = HADOOP, LOCATION = ${plainLiteral(dataSourceLocation(staging))}${
          withCredential ? `, CREDENTIAL = ${identifier(credentialName)}` : ''
        })`,
      );
      drops.push(() =>
        pool.run('dropDataSource', dropIfThere('EXTERNAL DATA SOURCE', 'external_data_sources', made), {
          toTheEnd: true,
        }),
      );
      location = relativeLocation(staging, undefined);
    }
    let format = needs.fileFormat ?? (await parquetFormats(pool))[0];
    if (format === undefined) {
      const made = needs.names('file_format');
      format = made;
      await pool.run(
        'createFileFormat',
        `CREATE EXTERNAL FILE FORMAT ${identifier(made)} WITH (FORMAT_TYPE = PARQUET, DATA_COMPRESSION = ${plainLiteral(snappy)})`,
      );
      drops.push(() =>
        pool.run('dropFileFormat', dropIfThere('EXTERNAL FILE FORMAT', 'external_file_formats', made), {
          toTheEnd: true,
        }),
      );
    }
    return { location, dataSource: source, fileFormat: format, drop };
  } catch (thrown) {
    await drop();
    throw thrown;
  }
}
