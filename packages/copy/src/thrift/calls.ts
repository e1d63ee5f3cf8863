import { CrossviewError } from '@crossview/contracts';
import { decodeReply, encodeCall } from './messages.js';
import { type FetchedRows, readFetchedRows } from './row-set.js';
import type { StructValue } from './structs.js';
import { type MethodName, methods, statusCode } from './tcli-service.js';
import type { ThriftTransport } from './transport.js';

/** Calls of the service as values; a status that is no success becomes an error with the server's own words. */
export class Calls {
  #sequence = 0;

  constructor(readonly transport: ThriftTransport) {}

  async call(name: Exclude<MethodName, 'FetchResults'>, request: StructValue): Promise<StructValue> {
    this.#sequence += 1;
    const sequence = this.#sequence;
    const { request: requestType, response } = methods[name];
    const message = encodeCall(name, sequence, requestType, request);
    const reply = repeatable.has(name) ? await this.#repeat(message) : await this.transport.call(message);
    const value = decodeReply(reply, name, sequence, response);
    refuseFailure(name, (value.status ?? {}) as StructValue);
    return value;
  }

  /** A question may be asked again when its connection broke and the session did not. */
  async #repeat(message: Buffer): Promise<Buffer> {
    for (let pause = 100; ; pause *= 10)
      try {
        return await this.transport.call(message);
      } catch (error) {
        const lost = error instanceof CrossviewError && error.code === 'COPY_CONNECTION_LOST';
        if (!lost || !this.transport.outlivesConnection || pause > 1_000) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
  }

  async fetch(request: StructValue): Promise<FetchedRows> {
    this.#sequence += 1;
    const sequence = this.#sequence;
    const reply = await this.transport.call(
      encodeCall('FetchResults', sequence, methods.FetchResults.request, request),
    );
    const fetched = readFetchedRows(reply, sequence);
    refuseFailure('FetchResults', fetched.status);
    return fetched;
  }
}

const repeatable: ReadonlySet<MethodName> = new Set<MethodName>([
  'GetInfo',
  'GetOperationStatus',
  'GetResultSetMetadata',
  'CancelOperation',
]);

function refuseFailure(method: string, status: StructValue): void {
  if (status.statusCode === statusCode.invalidHandle || isForgotten(status.errorMessage))
    throw new CrossviewError('COPY_SESSION_LOST', 'the Spark server no longer knows this session', {
      hint: 'It was started anew, or the session was idle longer than it allows (spark.hive.server2.idle.session.timeout).',
      facts: { method },
    });
  if (status.statusCode === statusCode.error) throw queryFailed(method, status);
}

/** Hive's server has no code of its own for a handle that it does not know. */
const isForgotten = (text: unknown): boolean => /Invalid (?:Session|Operation)Handle/.test(String(text ?? ''));

/** The server's error, first line as the message; the rest (a Java stack, often) stays out of it. */
export function queryFailed(method: string, status: StructValue): CrossviewError {
  const text = String(status.errorMessage ?? 'the server gave no reason').trim();
  const sqlState = typeof status.sqlState === 'string' && status.sqlState !== '' ? status.sqlState : undefined;
  // Spark 3 and later name the class of an error in brackets: [TABLE_OR_VIEW_NOT_FOUND].
  const condition = /\[([A-Z][A-Z0-9_.]+)\]/.exec(text)?.[1];
  return new CrossviewError('COPY_QUERY_FAILED', `the Spark server says: ${serverWords(text)}`, {
    hint:
      condition?.startsWith('TABLE_OR_VIEW_NOT_FOUND') || condition?.startsWith('SCHEMA_NOT_FOUND')
        ? 'Check schema and table of the dataset, or the query of the source.'
        : 'The text is the server’s own; the query of the source is what it speaks of.',
    facts: {
      method,
      sqlState: sqlState ?? null,
      errorCode: Number(status.errorCode ?? 0),
      condition: condition ?? null,
    },
  });
}

/** Takes off what the server wraps around the sentence that matters: class names in front, the plan and the stack behind. */
function serverWords(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line, index) => index > 0 && /^\s*at [\w.$]+\(|^'|^\+- |^== /.test(line));
  const spoken = (end < 0 ? lines : lines.slice(0, end)).join('\n').trim();
  return (
    spoken
      .replace(/^(\*?org\.apache\.hive\.service\.cli\.HiveSQLException: |Error running query: )+/, '')
      .replace(/^\[([A-Z][A-Z0-9_.]*)\] [\w.$]+: (?=\[\1\])/, '')
      .slice(0, 4_000) || text.slice(0, 400)
  );
}
