import { CrossviewError, type Json } from '@crossview/contracts';
import type { SourceColumn } from '../columns/column.js';
import { lookupProperties } from '../documents/activities.js';
import { readDataset, type SparkDataset } from '../documents/datasets.js';
import { readBy } from '../documents/problems.js';
import type { Resolver } from '../documents/resolver.js';
import { cellText } from '../values/cell-text.js';
import { type CellValue, columnReader, scaleOf } from '../values/column-values.js';
import { openSource, readQuery, runtimeOf } from './copy-activity.js';
import type { RunOptions } from './services.js';

/** At most this many rows are given, as documented; the rest is left out without an error. */
export const lookupRows = 5_000;
/** More than this is an error, as documented. */
export const lookupBytes = 4 * 1024 * 1024;

export type LookupOutput =
  | { readonly firstRow: { readonly [column: string]: Json }; readonly effectiveIntegrationRuntime: string }
  | {
      readonly count: number;
      readonly value: readonly { readonly [column: string]: Json }[];
      readonly effectiveIntegrationRuntime: string;
    };

export interface LookupPlan {
  readonly name: string;
  readonly source: SparkDataset;
  readonly query: string;
  readonly firstRowOnly: boolean;
}

export function planLookup(
  name: string,
  given: Json,
  resolver: Resolver,
  document: string,
  at: string,
): LookupPlan | undefined {
  const { problems } = resolver;
  const before = problems.found.length;
  const path = `${at}.typeProperties`;
  const properties = readBy(lookupProperties, given, problems, document, path);
  const found = properties && resolver.follow('dataset', properties.dataset, document, `${path}.dataset`);
  const dataset = found && readDataset(found, resolver);
  const query =
    properties && readQuery(properties.source, dataset, resolver, document, `${path}.source`, `${path}.dataset`);
  if (problems.found.length > before || !properties || !dataset || query === undefined) return undefined;
  return { name, source: dataset as SparkDataset, query: query.text, firstRowOnly: properties.firstRowOnly ?? true };
}

/** @throws CrossviewError `COPY_LOOKUP_TOO_LARGE`, `COPY_LOOKUP_BYTES`. */
export async function runLookup(plan: LookupPlan, resolver: Resolver, options: RunOptions): Promise<LookupOutput> {
  const most = plan.firstRowOnly ? 1 : lookupRows;
  const source = await openSource(plan, 'interim', resolver, options, most);
  const rows: { [column: string]: Json }[] = [];
  let bytes = 0;
  try {
    const binary = source.plan.columns.filter(({ interim }) => interim === 'Byte[]');
    if (binary.length > 0)
      throw new CrossviewError(
        'COPY_LOOKUP_BYTES',
        `Lookup does not support byte arrays: ${binary.map(({ name }) => name).join(', ')}`,
        {
          hint: 'Leave these columns out of the query, or encode them: base64(column).',
          facts: { columns: binary.map(({ name }) => name).join(', ') },
        },
      );
    for await (const batch of source.batches(Math.min(most, 1_000))) {
      const readers = source.plan.columns.map((column, index) => {
        const data = batch.data.children[index]!;
        const read = columnReader(data);
        const scale = scaleOf(data.type);
        return (row: number) => jsonOf(read(row), column, scale, source.plan.timeZone);
      });
      for (let row = 0; row < batch.numRows && rows.length < most; row += 1) {
        const item: { [column: string]: Json } = {};
        for (const [index, read] of readers.entries()) item[source.plan.columns[index]!.name] = read(row);
        bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
        if (bytes > lookupBytes)
          throw new CrossviewError('COPY_LOOKUP_TOO_LARGE', `the output of Lookup ${plan.name} is larger than 4 MB`, {
            hint: 'Ask for fewer rows or columns, or copy the rows to a file.',
            facts: { limit: lookupBytes },
          });
        rows.push(item);
      }
      if (rows.length >= most) break;
    }
  } finally {
    await source.close();
  }
  const effectiveIntegrationRuntime = runtimeOf(plan.source);
  if (!plan.firstRowOnly) return { count: rows.length, value: rows, effectiveIntegrationRuntime };
  return { firstRow: rows[0] ?? {}, effectiveIntegrationRuntime };
}

/** Whole numbers that JSON's readers would round, and decimals, go as text; moments in ISO form. */
function jsonOf(value: CellValue, { interim }: SourceColumn, scale: number, timeZone: string): Json {
  if (value === null) return null;
  if (interim === 'Boolean') return value as boolean;
  if (interim === 'Int64') {
    const whole = value as bigint;
    return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole.toString();
  }
  if (typeof value === 'number' && Number.isFinite(value))
    return interim === 'Single' ? Number(cellText(value, 'Single', 0)) : value;
  if (interim === 'DateTime') return `${isoDate(cellText(value, interim, 0))}Z`;
  if (interim === 'DateTimeOffset') return isoDate(cellText(value, interim, 0, { timeZone })).replace(' ', '');
  return cellText(value, interim, scale);
}

/** `2013-01-31 10:20:30.1234560 +01:00` → `2013-01-31T10:20:30.123456 +01:00`. */
const isoDate = (text: string): string =>
  text.replace(' ', 'T').replace(/\.(\d*?)0+(?=\s|$)/, (_, digits: string) => (digits === '' ? '' : `.${digits}`));
