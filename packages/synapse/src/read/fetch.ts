import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CrossviewError, type WireParts } from '@crossview/contracts';
import { openPool, type Synapse } from '../context.js';
import { convert } from '../convert.js';
import { choice } from '../options.js';
import type { Pool } from '../pool.js';
import { containerOf, type StagingBase } from '../staging.js';
import { identifier } from '../tsql/quote.js';
import { showProgress } from '../write/progress.js';
import { type Exported, exportRead, removeStaging } from './export.js';
import { type PlannedRead, planRead, type ReadRequest, selectStatement } from './plan.js';
import { exportExpression } from './result-columns.js';

/** A read whose rows go to a language without Spark. */
export interface FetchRequest extends ReadRequest {
  /** Columns to read, in order; none reads all. */
  readonly columns: readonly string[] | null;
  readonly limit: number | null;
  /** Where the Arrow files are written; it exists. */
  readonly directory: string;
}

/** Up to here TDS is faster than an export, whose fixed cost is a second or two. */
const mostByTds = 100_000;
const parallelDownloads = 4;

function chosen(read: PlannedRead, names: readonly string[] | null): PlannedRead {
  if (names === null) return read;
  const columns = names.map((name) => {
    const found = read.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
    throw new CrossviewError('COLUMN_NOT_FOUND', `The read has no column "${name}".`, {
      hint: `It has ${read.columns.map((column) => column.name).join(', ')}.`,
      facts: { column: name },
    });
  });
  return { ...read, columns };
}

/** The columns as an export has them, so that both roads give the same types. */
function selectList(read: PlannedRead): string {
  return read.columns
    .map((column) => {
      const expression = exportExpression(column);
      const quoted = identifier(column.name);
      return expression === quoted ? quoted : `${expression} AS ${quoted}`;
    })
    .join(', ');
}

async function download(synapse: Synapse, staging: StagingBase, directory: string): Promise<string[]> {
  return synapse.step('downloadFiles', async () => {
    const container = containerOf(synapse.storage, staging);
    const paths: string[] = [];
    for await (const { path, bytes } of container.list(`${staging.directory}/`)) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (!name.startsWith('_') && !name.startsWith('.') && bytes > 0) paths.push(path);
    }
    let next = 0;
    const files = paths.map((_, index) => join(directory, `staged-${index}.parquet`));
    const worker = async (): Promise<void> => {
      for (let index = next++; index < paths.length; index = next++)
        await container.download(paths[index] ?? '', files[index] ?? '');
    };
    await Promise.all(Array.from({ length: Math.min(parallelDownloads, paths.length) }, worker));
    return files;
  });
}

async function byExport(
  synapse: Synapse,
  read: PlannedRead,
  { limit, directory }: FetchRequest,
  schema: string,
  signal: AbortSignal,
): Promise<WireParts> {
  const toolchain = await synapse.toolchain!();
  const columns = read.columns.map(({ name }) => name);
  const exported: Exported = await exportRead(synapse, read, { columns, filters: [], limit }, signal);
  const { staging } = exported;
  if (staging === undefined) throw new Error('nothing was exported');
  const temporary = join(synapse.directories.root, 'synapse', `fetch-${staging.directory.split('/').at(-1)}`);
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  try {
    const files = await download(synapse, staging, temporary);
    return await convert(toolchain, { task: 'to-arrow', files, schema, directory }, signal);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    await removeStaging(synapse, staging);
  }
}

/** Whether so few rows are wanted that they come over the connection itself. */
async function isSmall(pool: Pool, read: PlannedRead, limit: number | null): Promise<boolean> {
  if (limit !== null && limit <= mostByTds) return true;
  // Counting a table is cheap; a query is run only once, so that its rows tell.
  if (read.source.kind === 'query') return false;
  const [row] = await pool.rows('countOnly', selectStatement(read.source, 'COUNT_BIG(*) AS row_count', ''));
  return Number(row?.row_count) <= mostByTds;
}

/**
 * The rows of a table or query as Arrow files: over TDS when they are few, else by an export. The option `reader` (`tds`, `export`)
 * chooses; without a place that the pool may write to, TDS it is.
 */
export async function fetchRead(
  synapse: Synapse,
  request: FetchRequest,
  signal: AbortSignal,
): Promise<{ data: WireParts; note: string }> {
  const planned = await planRead(synapse, request, signal, { exported: false });
  const read = chosen(planned.read, request.columns);
  const { options } = read;
  const reader = choice(options, 'reader', ['auto', 'tds', 'export'], 'auto');
  const canExport = synapse.toolchain !== undefined && (options.user === undefined || options.dataSource !== undefined);
  if (reader === 'export' && !canExport)
    throw new CrossviewError('OPTION_MISSING', 'An export by SQL authentication needs an external data source.', {
      hint: 'Set Constants.DATA_SOURCE, or leave the reader to Crossview.',
      facts: { option: 'DATA_SOURCE' },
    });
  const ended = showProgress(synapse, () => 'reading from the pool');
  const pool = await openPool(synapse, read.target, signal, options.queryTimeout).catch((thrown: unknown) => {
    ended();
    throw thrown;
  });
  try {
    const list = selectList(read);
    const top = (rows: number) => selectStatement(read.source, `TOP ${rows} ${list}`, '');
    const take = (text: string) => pool.fetch('fetchRows', text, request.directory);
    const { limit } = request;
    const wanted = limit === null ? selectStatement(read.source, list, '') : top(Math.trunc(limit));
    if (!canExport || reader === 'tds' || (reader === 'auto' && (await isSmall(pool, read, limit))))
      return { data: await take(wanted), note: planned.note };
    if (reader === 'auto' && read.source.kind === 'query') {
      const first = await take(top(mostByTds + 1));
      if (first.rows <= mostByTds) return { data: first, note: planned.note };
      for (const part of first.parts) rmSync(part, { force: true });
    }
    const schema = await take(top(0));
    const data = await byExport(synapse, read, request, schema.parts[0] ?? '', signal);
    for (const part of schema.parts) rmSync(part, { force: true });
    return { data, note: planned.note };
  } finally {
    ended();
    await pool.close();
  }
}
