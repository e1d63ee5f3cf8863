import { type SparkConnection, SparkSource } from '@crossview/copy';
import { HttpTransport } from '../../../packages/copy/src/thrift/http-transport.js';
import { encodeCall } from '../../../packages/copy/src/thrift/messages.js';
import { ThriftSession } from '../../../packages/copy/src/thrift/session.js';
import { binaryTransport } from '../../../packages/copy/src/thrift/socket-transport.js';
import { methods } from '../../../packages/copy/src/thrift/tcli-service.js';
import { thriftServer } from '../../support/thrift.js';
import type { Reading } from './other-clients.js';

export type Mode = 'binary' | 'http';

export const fetchSize = 10_000;
export const portOf = (mode: Mode): Promise<number> => thriftServer(mode, mode === 'http' ? 'NONE' : 'NOSASL');

/** Reads every reply of a query and drops it unread: what the server can give. Rows are not counted, bytes are. */
export async function dropped(mode: Mode, query: string): Promise<{ bytes: number; seconds: number }> {
  const endpoint = {
    host: '127.0.0.1',
    port: await portOf(mode),
    tls: undefined,
    connectTimeout: 10_000,
    callTimeout: 600_000,
  };
  const credentials = { user: 'anonymous', password: 'anonymous' };
  const session = await ThriftSession.open({
    connect: () =>
      mode === 'http' ? new HttpTransport(endpoint, 'cliservice', credentials) : binaryTransport(endpoint),
    credentials: undefined,
  });
  const began = performance.now();
  const cursor = await session.execute(query);
  let bytes = 0;
  for (let sequence = 1_000_000; ; sequence += 1) {
    const request = { operationHandle: cursor.operation, orientation: 0, maxRows: fetchSize, fetchType: 0 };
    const reply = await session.calls.transport.call(
      encodeCall('FetchResults', sequence, methods.FetchResults.request, request),
    );
    // A reply without rows holds the status and the empty columns.
    if (reply.length < 1_000) break;
    bytes += reply.length;
  }
  const seconds = (performance.now() - began) / 1_000;
  await cursor.close();
  await session.close();
  return { bytes, seconds };
}

export const connection = (version: '1.0' | '2.0', mode: Mode, port: number): SparkConnection => ({
  version,
  host: '127.0.0.1',
  port,
  serverType: 'SparkThriftServer',
  transport: mode === 'http' ? 'HTTP' : 'Binary',
  authenticationType: 'Anonymous',
  username: undefined,
  password: undefined,
  httpPath: 'cliservice',
  tls: undefined,
});

/** Reads a query into Arrow batches, each of which lies in memory before the next one is asked for. */
export async function arrow(mode: Mode, version: '1.0' | '2.0', query: string): Promise<Reading> {
  const port = await portOf(mode);
  const source = await SparkSource.open(connection(version, mode, port), query, { version, destination: 'interim' });
  const began = performance.now();
  let rows = 0;
  for await (const batch of source.batches(fetchSize)) rows += batch.numRows;
  const seconds = (performance.now() - began) / 1_000;
  await source.close();
  return { rows, seconds };
}
