import {
  CrossviewError,
  type PoolLoader,
  type PoolLoadMethod,
  type PoolLoadRequest,
  type PoolLoadResult,
} from '@crossview/contracts';
import { openPool, type Synapse, type SynapseOptions } from './context.js';
import { objectNames } from './names.js';
import type { Pool } from './pool.js';
import { signatureSeconds } from './spark-storage-conf.js';
import { containerOf, copyAddress, type StagingBase } from './staging.js';
import { stepRunner } from './steps.js';
import {
  columnDefinitions,
  columnList,
  createTable,
  defaultTableOptions,
  dropExternalTable,
  dropTableIfExists,
  labelOption,
  renameTable,
  type TableColumn,
} from './tsql/ddl.js';
import { externalPlace } from './tsql/external-objects.js';
import { tableColumns } from './tsql/inspect.js';
import { identifier, plainLiteral, type TableName, tableName } from './tsql/quote.js';

export type PoolLoaderOptions = Pick<
  SynapseOptions,
  'sql' | 'storage' | 'accounts' | 'directories' | 'sessionId' | 'log' | 'addSecret' | 'onStep'
>;

type CopyMethod = Extract<PoolLoadMethod, { readonly kind: 'copy' }>;
type PolybaseMethod = Extract<PoolLoadMethod, { readonly kind: 'polybase' }>;

/** A T-SQL literal as Data Factory passes it on: a number, or a quoted text. */
function checkedLiteral(name: string, value: string): string {
  if (/^-?\d+(\.\d+)?$/.test(value) || /^N?'(?:[^']|'')*'$/.test(value)) return value;
  throw new CrossviewError('OPTION_INVALID', `The value of ${name} is not a number nor a text in single quotes.`, {
    hint: "Write 10, or 'ymd'.",
    facts: { option: name },
  });
}

function copyOptions({ additionalOptions }: CopyMethod): string {
  return Object.entries(additionalOptions)
    .map(([name, value]) => {
      if (!/^[A-Za-z_]+$/.test(name) || /^(CREDENTIAL|FILE_TYPE)$/i.test(name))
        throw new CrossviewError('OPTION_INVALID', `"${name}" is not an option of COPY that can be set here.`);
      return `, ${name.toUpperCase()} = ${checkedLiteral(name, value)}`;
    })
    .join('');
}

function copyColumns({ columns }: PoolLoadRequest, { defaultValues }: CopyMethod): string {
  const defaults = new Map(
    defaultValues.map(({ columnName, defaultValue }) => [columnName.toLowerCase(), defaultValue]),
  );
  return columns
    .map(({ name }) => {
      const value = defaults.get(name.toLowerCase());
      return `${identifier(name)}${value === undefined ? '' : ` DEFAULT ${checkedLiteral(name, value)}`}`;
    })
    .join(', ');
}

function rejects(method: PolybaseMethod): string {
  const sample =
    method.rejectType === 'percentage' ? `, REJECT_SAMPLE_VALUE = ${Math.trunc(method.rejectSampleValue ?? 1000)}` : '';
  return `REJECT_TYPE = ${method.rejectType.toUpperCase()}, REJECT_VALUE = ${Number(method.rejectValue)}${sample}`;
}

interface Loading {
  readonly synapse: PoolLoaderOptions & Pick<Synapse, 'step'>;
  readonly pool: Pool;
  readonly request: PoolLoadRequest;
  readonly staging: StagingBase;
  readonly names: ReturnType<typeof objectNames>;
  readonly label: string;
}

async function copy(
  loading: Loading,
  table: TableName,
  method: CopyMethod,
): Promise<{ rows: number | undefined; command: string }> {
  const { synapse, pool, request, staging, label } = loading;
  const sas = await synapse.step('signStaging', () =>
    containerOf(synapse.storage, staging).signature({
      permissions: 'rl',
      expiresInSeconds: signatureSeconds,
      directory: staging.directory,
    }),
  );
  synapse.addSecret?.(sas);
  const statement = (secret: string) =>
    `COPY INTO ${tableName(table)} (${copyColumns(request, method)}) FROM ${plainLiteral(copyAddress(staging))} WITH (FILE_TYPE = 'PARQUET', CREDENTIAL = (IDENTITY = 'Shared Access Signature', SECRET = ${plainLiteral(secret)})${copyOptions(method)})${labelOption(label)}`;
  return { rows: await pool.run('copyInto', statement(sas)), command: statement('***') };
}

async function polybase(
  loading: Loading,
  table: TableName,
  method: PolybaseMethod,
  columns: readonly TableColumn[],
): Promise<{ rows: number | undefined; command: string }> {
  const { synapse, pool, staging, names, label } = loading;
  const place = await externalPlace(pool, staging, {
    dataSource: undefined,
    fileFormat: undefined,
    names,
    log: synapse.log,
  });
  const external = tableName({ schema: table.schema, name: names('external_table') });
  try {
    await pool.run(
      'createExternalTable',
      `CREATE EXTERNAL TABLE ${external} (${columnDefinitions(columns)}) WITH (LOCATION = ${plainLiteral(place.location)}, DATA_SOURCE = ${identifier(place.dataSource)}, FILE_FORMAT = ${identifier(place.fileFormat)}, ${rejects(method)})`,
    );
    try {
      const command = `INSERT INTO ${tableName(table)} (${columnList(columns)}) SELECT ${columnList(columns)} FROM ${external}${labelOption(label)}`;
      return { rows: await pool.run('loadFromExternalTable', command), command };
    } finally {
      await pool
        .run('dropExternalTable', dropExternalTable(external), { toTheEnd: true })
        .catch((thrown: unknown) => synapse.log(`left behind: ${external}: ${String(thrown)}`));
    }
  } finally {
    await place.drop();
  }
}

async function fill(loading: Loading, table: TableName, columns: readonly TableColumn[]): Promise<PoolLoadResult> {
  const { request } = loading;
  const { method } = request;
  const { rows, command } =
    method.kind === 'copy' ? await copy(loading, table, method) : await polybase(loading, table, method, columns);
  const rowsLoaded = rows ?? request.rows;
  if (rowsLoaded > request.rows)
    throw new CrossviewError(
      'ROWS_MISSING',
      `${request.rows} rows were staged, but ${rowsLoaded} came into ${tableName(table)}.`,
      {
        facts: { staged: request.rows, inPool: rowsLoaded },
      },
    );
  return { rowsLoaded, rowsRejected: request.rows - rowsLoaded, command };
}

/** A new table is filled under another name first, so that it is there with all its rows or not at all. */
async function createAndFill(loading: Loading, columns: readonly TableColumn[]): Promise<PoolLoadResult> {
  const { pool, request, names, synapse } = loading;
  const stage: TableName = { schema: request.table.schema, name: names('stage') };
  try {
    await pool.run('createStageTable', createTable(stage, columns, defaultTableOptions(columns)));
    const result =
      request.staging.files.length === 0
        ? { rowsLoaded: 0, rowsRejected: 0, command: '' }
        : await fill(loading, stage, columns);
    await pool.run('renameNew', renameTable(stage, request.table.name), { toTheEnd: true });
    return result;
  } finally {
    await pool
      .run('dropStageTable', dropTableIfExists(stage), { toTheEnd: true })
      .catch((thrown: unknown) => synapse.log(`left behind: ${tableName(stage)}: ${String(thrown)}`));
  }
}

/** Loads staged files for those who stage without Spark. */
export function createPoolLoader(options: PoolLoaderOptions): PoolLoader {
  const synapse = { ...options, step: stepRunner(options.onStep) };
  return {
    async load(request) {
      const pool = await openPool(synapse, request.pool, request.signal);
      try {
        if (request.before !== undefined && request.before.trim() !== '')
          await pool.run('runPreActions', request.before);
        const names = objectNames(options.sessionId);
        const loading: Loading = {
          synapse,
          pool,
          request,
          staging: request.staging,
          names,
          label: `crossview load ${names('stage')}`,
        };
        const columns = request.columns.map(({ name, type }) => ({ name, sqlType: type }));
        const exists = (await tableColumns(pool, request.table)).length > 0;
        if (exists)
          return request.staging.files.length === 0
            ? { rowsLoaded: 0, rowsRejected: 0, command: '' }
            : await fill(loading, request.table, columns);
        if (request.createTable) return await createAndFill(loading, columns);
        throw new CrossviewError(
          'TABLE_NOT_FOUND',
          `There is no table ${tableName(request.table)} in database "${request.pool.database}".`,
          {
            hint: 'Create it first, or let the copy create it (tableOption autoCreate).',
            facts: { database: request.pool.database, schema: request.table.schema, table: request.table.name },
          },
        );
      } finally {
        await pool.close();
      }
    },
  };
}
