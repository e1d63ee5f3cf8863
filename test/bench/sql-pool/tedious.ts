import { fork } from 'node:child_process';
import { join } from 'node:path';
import { Request, TYPES } from 'tedious';
import { root } from '../../support/paths.js';
import { Client, type TestPool } from '../../support/pool.js';

const options = { database: 'bench', config: { requestTimeout: 0, packetSize: 16_384 } };

/** A client of a server, as all measurements with tedious have it. */
export const openTedious = (server: object) => Client.open(server as TestPool, options);

/**
 * A client of a server that has its answers ready and drops what it gets: no server lets tedious be faster.
 * @param rows of the answer to a query
 */
export async function openReplay(rows: number): Promise<{ client: Client; close(): Promise<void> }> {
  const child = fork(join(root, 'test/bench/sql-pool/replay.ts'), [], {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ROWS: String(rows) },
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const server = await new Promise<object>((resolve, reject) => {
    child.once('message', resolve as (message: unknown) => void);
    child.once('close', (code) => reject(new Error(`the server of replayed answers ended with ${code}`)));
  });
  const client = await openTedious(server);
  const close = async () => {
    await client.close();
    child.kill();
    await gone;
  };
  return { client, close };
}

/** @returns rows of a query, counted as they come */
export async function countRows(client: Client, text: string): Promise<number> {
  let count = 0;
  await new Promise<void>((resolve, reject) => {
    const request = new Request(text, (error) => (error ? reject(error) : resolve()));
    request.on('row', () => {
      count++;
    });
    client.connection.execSqlBatch(request);
  });
  return count;
}

/** A bulk load of `count` rows of six columns into `dbo.loaded`. @returns rows loaded as the server counted them */
export function bulkLoad(client: Client, count: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const load = client.connection.newBulkLoad('dbo.loaded', (error, loaded) =>
      error ? reject(error) : resolve(loaded ?? 0),
    );
    load.addColumn('a', TYPES.Int, { nullable: true });
    load.addColumn('b', TYPES.BigInt, { nullable: true });
    load.addColumn('c', TYPES.Float, { nullable: true });
    load.addColumn('d', TYPES.NVarChar, { length: 40, nullable: true });
    load.addColumn('e', TYPES.Int, { nullable: true });
    load.addColumn('f', TYPES.DateTime2, { scale: 7, nullable: true });
    const day = new Date(Date.UTC(2024, 0, 1));
    const source = function* () {
      for (let index = 0; index < count; index++)
        yield [index, index * 1000003, index * 0.5, `customer ${index}`, index % 1000, day];
    };
    client.connection.execBulkLoad(load, source());
  });
}

/** `count` INSERTs of one row with parameters into `dbo.single`, in a transaction. */
export async function insertSingly(client: Client, count: number): Promise<void> {
  await client.run('BEGIN TRANSACTION');
  for (let index = 0; index < count; index++)
    await client.run('INSERT INTO dbo.single (a, b, c, d) VALUES (@a, @b, @c, @d)', (request) => {
      request.addParameter('a', TYPES.Int, index);
      request.addParameter('b', TYPES.NVarChar, `name ${index}`);
      request.addParameter('c', TYPES.Decimal, index / 4, { precision: 18, scale: 2 });
      request.addParameter('d', TYPES.Float, index * 0.5);
    });
  await client.run('COMMIT');
}
