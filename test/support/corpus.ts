import { Request } from 'tedious';
import * as assert from 'uvu/assert';
import { Client, testPool } from './pool.js';
import { suite } from './suite.js';

/**
 * A batch and what a dedicated SQL pool answers: the rows of its last result set, the types of its columns
 * (`'int, varchar(10)'`), the number of its error, or an expression for `number message`, or `'*'` for any rows at all.
 */
export type Case = readonly [text: string, expected: readonly (readonly unknown[])[] | string | number | RegExp];

interface Metadata {
  readonly type: { readonly name: string };
  readonly dataLength?: number;
  readonly precision?: number;
  readonly scale?: number;
}

const integers: Readonly<Record<number, string>> = { 1: 'tinyint', 2: 'smallint', 4: 'int', 8: 'bigint' };

/** The declared type as its column metadata tell it. */
function printed({ type, dataLength = 0, precision, scale }: Metadata): string {
  const characters = (bytes: number, unit: number) => (bytes === 65_535 ? 'max' : String(bytes / unit));
  switch (type.name) {
    case 'IntN':
      return integers[dataLength]!;
    case 'BitN':
      return 'bit';
    case 'FloatN':
      return dataLength === 4 ? 'real' : 'float';
    case 'MoneyN':
      return dataLength === 4 ? 'smallmoney' : 'money';
    case 'DateTimeN':
      return dataLength === 4 ? 'smalldatetime' : 'datetime';
    case 'DecimalN':
    case 'NumericN':
      return `decimal(${precision},${scale})`;
    case 'NVarChar':
    case 'NChar':
      return `${type.name.toLowerCase()}(${characters(dataLength, 2)})`;
    case 'VarChar':
    case 'Char':
    case 'VarBinary':
    case 'Binary':
      return `${type.name.toLowerCase()}(${characters(dataLength, 1)})`;
    case 'Time':
    case 'DateTime2':
    case 'DateTimeOffset':
      return `${type.name.toLowerCase()}(${scale})`;
    default:
      return type.name.toLowerCase();
  }
}

/** Types of the columns of the last result set. */
export function columnTypes(client: Client, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let last: readonly Metadata[] = [];
    const request = new Request(text, (error) => (error ? reject(error) : resolve(last.map(printed).join(', '))));
    request.on('columnMetadata', (columns) => {
      last = columns as unknown as readonly Metadata[];
    });
    client.connection.execSqlBatch(request);
  });
}

/** Moments as their ISO text, bytes as hex: what can be written down in a table. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return Buffer.isBuffer(value) ? `0x${value.toString('hex').toUpperCase()}` : value;
}

/** The rows of the last result set, their values in the order of the columns. */
function rowsOf(client: Client, text: string): Promise<readonly (readonly unknown[])[]> {
  return new Promise((resolve, reject) => {
    let rows: unknown[][] = [];
    const request = new Request(text, (error) => (error ? reject(error) : resolve(rows)));
    request.on('columnMetadata', () => {
      rows = [];
    });
    request.on('row', (columns: { value: unknown }[]) => rows.push(columns.map(({ value }) => plain(value))));
    client.connection.execSqlBatch(request);
  });
}

export async function check(client: Client, [text, expected]: Case): Promise<void> {
  if (expected === '*') await rowsOf(client, text);
  else if (typeof expected === 'string') assert.is(await columnTypes(client, text), expected);
  else if (typeof expected === 'number') assert.is((await client.failure(text)).number, expected);
  else if (expected instanceof RegExp) {
    const { number, message } = await client.failure(text);
    assert.match(`${number} ${message}`, expected);
  } else assert.equal(await rowsOf(client, text), expected);
}

/** A suite with one test for each case, in a database of its own. */
export function defineCorpus(name: string, prepare: readonly string[], cases: readonly Case[]): void {
  const test = suite<{ client: Client }>(`sql-pool corpus: ${name}`);
  test.before(async (context) => {
    context.client = await Client.open(await testPool(), { database: `corpus_${name}` });
    for (const text of prepare) await context.client.run(text);
  });
  test.after(async (context) => {
    await context.client.close();
  });
  for (const entry of cases) test(entry[0], ({ client }) => check(client, entry));
  test.run();
}
