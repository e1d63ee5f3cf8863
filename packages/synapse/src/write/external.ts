import { randomBytes } from 'node:crypto';
import { CrossviewError } from '@crossview/contracts';
import { checkGrants } from '../check-grants.js';
import type { Synapse } from '../context.js';
import { stamp } from '../names.js';
import { lengthOption } from '../options.js';
import { type LoadColumn, preflight, readsInto } from '../preflight.js';
import { containerOf, inDirectory, type StagingBase, stagingBase } from '../staging.js';
import { dataSource, type ExternalTableAt, externalTableAt, formatType, parquetFormats } from '../tsql/inspect.js';
import { tableName } from '../tsql/quote.js';
import { grantsFor } from './grants-for.js';
import type { Asked, PlannedWrite } from './plan.js';

/** What an external table will be after a write. */
export interface ExternalWrite {
  readonly dataSource: string;
  /** `undefined` when there is none yet, and one has to be made. */
  readonly fileFormat: string | undefined;
  /** LOCATION of the table, `/db/schema/table/`. */
  readonly location: string;
  /** The table as it is, when it is there. */
  readonly before: ExternalTableAt | undefined;
  /** Where its files are, when they are to go after an overwrite. */
  readonly oldFiles: StagingBase | undefined;
  /** Files that were in the place before; they are not ours to remove. */
  readonly foreign: ReadonlySet<string>;
}

/** The format that is made for a database that has none. It stays: the external table needs it. */
export const ownFormat = 'crossview_parquet';

function checkedLocation(location: string): string {
  const parts = location.split('/').filter((part) => part !== '');
  const bad = parts.length === 0 || parts.some((part) => part === '.' || part === '..' || /^[_.]/.test(part));
  if (!bad) return parts.join('/');
  throw new CrossviewError('LOCATION_INVALID', `"${location}" is not a location for an external table.`, {
    hint: 'Give a directory below the LOCATION of the data source, sales/2024; the pool skips names that begin with _ or a dot.',
    facts: { location },
  });
}

/** The columns in the table's order, all of them and of its types: an external table maps by position and converts nothing. */
function inTableOrder(loads: readonly LoadColumn[], { existing, table }: Asked): LoadColumn[] {
  if (existing === undefined) return [...loads];
  return existing.map((column) => {
    const load = loads.find(({ target }) => target === column);
    if (load !== undefined && readsInto(load.sqlType, column)) return load;
    throw new CrossviewError(
      'PREFLIGHT_FAILED',
      `The external table ${tableName(table)} has a column "${column.name}" of type ${column.type}, ${load === undefined ? 'which the frame has not' : `and the frame one of ${load.sqlType}`}.`,
      {
        hint: 'Files are added as they are: select and cast the columns of the frame to those of the table, or overwrite it.',
        facts: { column: column.name },
      },
    );
  });
}

async function filesIn(synapse: Synapse, place: StagingBase): Promise<Set<string>> {
  return synapse.step('listLocation', async () => {
    const files = new Set<string>();
    try {
      for await (const { path } of containerOf(synapse.storage, place).list(`${place.directory}/`)) files.add(path);
    } catch (thrown) {
      if (!(thrown instanceof CrossviewError) || thrown.code !== 'STORAGE_NOT_FOUND') throw thrown;
    }
    return files;
  });
}

async function fileFormat({ pool, options }: Asked): Promise<string | undefined> {
  if (options.fileFormat === undefined) return (await parquetFormats(pool))[0];
  const type = await formatType(pool, options.fileFormat);
  if (type === 'PARQUET') return options.fileFormat;
  throw new CrossviewError(
    'OPTION_INVALID',
    type === undefined
      ? `Database "${pool.target.database}" has no file format "${options.fileFormat}", or none that this login may see.`
      : `File format "${options.fileFormat}" is ${type}; Spark writes the files of an external table as Parquet.`,
    { hint: 'Name a format of FORMAT_TYPE = PARQUET, or none.', facts: { option: 'FILE_FORMAT' } },
  );
}

type Planned = Pick<PlannedWrite, 'way' | 'loader' | 'columns' | 'layout' | 'measured' | 'staging'> & {
  readonly external: ExternalWrite;
};

/** A write of which the files stay: below the data source, at `location`, else at `database/schema/table`. */
export async function planExternal(asked: Asked): Promise<Planned> {
  const { synapse, request, options, mode, table, columns, pool, existing } = asked;
  const before = existing === undefined ? undefined : await externalTableAt(pool, table);
  const source = options.dataSource ?? before?.dataSource;
  if (source === undefined)
    throw new CrossviewError('OPTION_MISSING', 'An external table needs the external data source that it lies in.', {
      hint: 'Set Constants.DATA_SOURCE. "crossview pool init-script" prints the T-SQL that makes one.',
      facts: { option: 'DATA_SOURCE' },
    });
  const sqlOptions = lengthOption(options, 'maxStringLength');
  const loads = preflight(
    columns,
    mode === 'Append' ? existing : undefined,
    sqlOptions === undefined ? {} : { stringLength: sqlOptions },
  );
  await checkGrants(pool, grantsFor('external', 'polybase', table, loads, { ...options, dataSource: source }));
  const root = await stagingBase(synapse.accounts, await dataSource(pool, source), options.stagingStorageAccountKey);
  const wanted = checkedLocation(request.location ?? `${table.database}/${table.schema}/${table.name}`);
  const append = mode === 'Append' && before !== undefined;
  // The files of an overwrite lie beside those that readers still have, in a place that was not there before.
  const relative = append
    ? checkedLocation(before.location)
    : before === undefined
      ? wanted
      : `${wanted}.${stamp(new Date())}-${randomBytes(4).toString('hex')}`;
  const place = inDirectory(root, relative);
  const foreign = await filesIn(synapse, place);
  if (!append && foreign.size > 0)
    throw new CrossviewError(
      'LOCATION_NOT_EMPTY',
      `There are ${foreign.size} files at "${relative}" of data source "${source}".`,
      {
        hint: 'They would become rows of the table. Give another location, or remove them.',
        facts: { location: relative, dataSource: source, files: foreign.size },
      },
    );
  const old = before?.location.replace(/^\/+|\/+$/g, '');
  const ours = old !== undefined && before?.dataSource === source && (old === wanted || old.startsWith(`${wanted}.`));
  return {
    way: 'external',
    loader: 'polybase',
    columns: append ? inTableOrder(loads, asked) : loads,
    layout: undefined,
    measured: [],
    staging: place,
    external: {
      dataSource: source,
      fileFormat: append ? before.fileFormat : await fileFormat(asked),
      location: `/${relative}/`,
      before,
      oldFiles: !append && ours ? inDirectory(root, old) : undefined,
      foreign,
    },
  };
}
