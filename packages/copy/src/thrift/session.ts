import { CrossviewError } from '@crossview/contracts';
import { Calls, queryFailed } from './calls.js';
import { ResultCursor } from './result-cursor.js';
import type { StructValue } from './structs.js';
import { clientProtocol, firstColumnarProtocol, infoType, operationState } from './tcli-service.js';
import type { Credentials, ThriftTransport } from './transport.js';

export interface SessionOptions {
  /** Makes a transport to the server; called again for a cancel and after a lost connection. */
  readonly connect: () => ThriftTransport;
  readonly credentials: Credentials | undefined;
  /** Milliseconds without a call after which the server is asked something, so that it keeps the session. */
  readonly keepAliveAfter?: number;
  /** Ends the opening; afterwards it has no meaning. */
  readonly signal?: AbortSignal | undefined;
}

/** A session of a Spark Thrift server. Statements may run one after the other; `close` may be called twice. */
export class ThriftSession {
  #keepAlive: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  private constructor(
    readonly options: SessionOptions,
    readonly calls: Calls,
    readonly handle: StructValue,
  ) {
    const every = options.keepAliveAfter ?? 60_000;
    this.#keepAlive = setInterval(() => void this.serverName().catch(() => undefined), every).unref();
  }

  /** @throws CrossviewError `COPY_SERVER_TOO_OLD`, and what the transport throws. */
  static async open(options: SessionOptions): Promise<ThriftSession> {
    const transport = options.connect();
    const stop = () => transport.close();
    options.signal?.addEventListener('abort', stop, { once: true });
    try {
      const calls = new Calls(transport);
      const { credentials } = options;
      const opened = await calls.call('OpenSession', {
        client_protocol: clientProtocol,
        ...(credentials ? { username: credentials.user, password: credentials.password } : {}),
      });
      const protocol = Number(opened.serverProtocolVersion ?? 0);
      if (protocol < firstColumnarProtocol)
        throw new CrossviewError('COPY_SERVER_TOO_OLD', `the server speaks version ${protocol + 1} of its protocol`, {
          hint: 'Results come as columns from version 6 on (Hive 0.13, Spark 1.2).',
          facts: { protocol: protocol + 1 },
        });
      return new ThriftSession(options, calls, opened.sessionHandle as StructValue);
    } catch (error) {
      transport.close();
      if (options.signal?.aborted) throw cancelled();
      if (error instanceof CrossviewError && error.code === 'COPY_CONNECTION_LOST')
        throw new CrossviewError(error.code, error.message, {
          hint: 'The server ended the connection at the first call: it may speak another transport (thriftTransportProtocol Binary, SASL, HTTP) or want TLS (enableSsl).',
          facts: error.facts,
          cause: error,
        });
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', stop);
    }
  }

  async serverName(): Promise<string> {
    const reply = await this.calls.call('GetInfo', { sessionHandle: this.handle, infoType: infoType.serverName });
    return String((reply.infoValue as StructValue | undefined)?.stringValue ?? '');
  }

  /**
   * Runs a statement and waits until its result can be fetched.
   * @throws CrossviewError `COPY_QUERY_FAILED` with the server's words, `COPY_CANCELLED` after the signal.
   */
  async execute(statement: string, options: { signal?: AbortSignal | undefined } = {}): Promise<ResultCursor> {
    const { signal } = options;
    if (signal?.aborted) throw cancelled();
    const started = await this.calls.call('ExecuteStatement', {
      sessionHandle: this.handle,
      statement,
      runAsync: true,
    });
    const operation = started.operationHandle as StructValue;
    const cursor = new ResultCursor(this.calls, operation);
    const stop = () => void this.cancel(operation);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
        const state = await this.calls.call('GetOperationStatus', { operationHandle: operation });
        if (state.operationState === operationState.finished) break;
        if (state.operationState === operationState.canceled || signal?.aborted) throw cancelled();
        if (state.operationState === operationState.error || state.operationState === operationState.timedOut)
          throw queryFailed('ExecuteStatement', state);
        if (state.operationState === operationState.closed)
          throw queryFailed('ExecuteStatement', { errorMessage: 'the query was closed on the server' });
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
      await cursor.describe();
      return cursor;
    } catch (error) {
      await cursor.close();
      throw signal?.aborted ? cancelled() : error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Stops a query on the server, over a connection of its own: the session's may be waiting for that very query. Never fails. */
  async cancel(operation: StructValue): Promise<void> {
    const { transport } = this.calls;
    const other = transport.outlivesConnection ? undefined : this.options.connect();
    try {
      await (other ? new Calls(other) : this.calls).call('CancelOperation', { operationHandle: operation });
    } catch {
      // The query ended by itself, or the server is gone: there is nothing left to cancel.
    } finally {
      other?.close();
    }
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      clearInterval(this.#keepAlive);
      const late = new Promise((resolve) => setTimeout(resolve, 2_000).unref());
      await Promise.race([
        this.calls.call('CloseSession', { sessionHandle: this.handle }).catch(() => undefined),
        late,
      ]);
      this.calls.transport.close();
    })();
    return this.#closing;
  }
}

export const cancelled = (): CrossviewError =>
  new CrossviewError('COPY_CANCELLED', 'the copy was cancelled', {
    hint: 'The query was cancelled on the server, and what was half written is removed.',
  });
