import type { Duplex } from 'node:stream';
import {
  ByteWriter,
  DoneStatus,
  framePackets,
  MalformedBytes,
  type Message,
  type Packet,
  PacketCounter,
  PacketStatus,
  PacketType,
  type RpcCall,
  writeDone,
  writeReturnStatus,
} from '@crossview/tds-wire';
import type { SqlError } from '../errors/sql-error.js';
import { toSqlError } from '../errors/to-sql-error.js';
import type { Session } from '../interpreter/session.js';
import { BulkLoad } from './bulk-load.js';
import { DeferredInserts } from './deferred-inserts.js';
import { countInsertions, insertTogether } from './insert-batch.js';
import { readCalls, runRpc, runSqlBatch, runTransactionRequest } from './requests.js';
import { Response } from './response.js';
import { send } from './send.js';

/** A client that has logged in: its requests run one at a time, and an attention is let through. */
export class LoggedIn {
  readonly #session: Session;
  readonly #stream: Duplex;
  readonly #packetSize: number;
  readonly #log: (text: string) => void;
  #running: Promise<void> = Promise.resolve();
  #busy = false;
  #attention = false;
  #bulk: { load: BulkLoad; failed: unknown } | undefined;
  #queued = 0;
  readonly #deferred = new DeferredInserts();

  constructor(session: Session, stream: Duplex, packetSize: number, log: (text: string) => void) {
    this.#session = session;
    this.#stream = stream;
    this.#packetSize = packetSize;
    this.#log = log;
  }

  /** A request or an attention. @throws MalformedBytes */
  async take(message: Message): Promise<void> {
    if (message.type === PacketType.attention) {
      this.#onAttention(this.#session);
      return;
    }
    if (![PacketType.sqlBatch, PacketType.rpc, PacketType.transactionManager].includes(message.type as 1))
      throw new MalformedBytes(`a message of type ${message.type} after login`);
    // A client may send one request ahead, not a flood.
    if (this.#queued > 16) await this.#running;
    this.#enqueue(() => this.#run(this.#session, message));
  }

  /** The client is gone. */
  async end(): Promise<void> {
    const session = this.#session;
    session.cancelled = true;
    session.connection.interrupt();
    await this.#running.catch(() => undefined);
    await this.#bulk?.load.abandon();
    await session.close();
  }

  #enqueue(task: () => Promise<void>): void {
    this.#queued++;
    this.#running = this.#running.then(async () => {
      this.#busy = true;
      try {
        await task();
      } catch (error) {
        this.#log(`request ended the connection: ${error instanceof Error ? error.message : String(error)}`);
        this.#stream.destroy();
      } finally {
        this.#busy = false;
        this.#queued--;
      }
    });
  }

  #onAttention(session: Session): void {
    if (this.#busy || this.#queued > 0) {
      this.#attention = true;
      session.cancelled = true;
      session.connection.interrupt();
      return;
    }
    this.#enqueue(() => this.#confirmAttention());
  }

  /** DONE with the attention bit, in a message of its own (MS-TDS 2.2.1.7). */
  async #confirmAttention(): Promise<void> {
    const writer = new ByteWriter(16);
    writeDone(writer, { kind: 'done', status: DoneStatus.attention, command: 0, rows: 0n });
    await send(this.#stream, framePackets(PacketType.response, writer.flush(), this.#packetSize, new PacketCounter()));
  }

  #response(session: Session, inProcedure: boolean, withoutMetadata = false): Response {
    return new Response(this.#stream, {
      packetSize: this.#packetSize,
      server: session.services.serverName,
      inProcedure,
      withoutMetadata,
      noCount: () => session.noCount,
      inTransaction: () => session.transaction !== 'none',
    });
  }

  async #run(session: Session, message: Message): Promise<void> {
    const response = this.#response(session, message.type === PacketType.rpc);
    try {
      await this.#reset(session, response, message.status);
      if (message.status & PacketStatus.ignore) {
        response.failed();
        await this.#close(session, response);
        return;
      }
      if (message.type !== PacketType.rpc) await this.#deferred.flush(session, response);
      switch (message.type) {
        case PacketType.sqlBatch:
          await runSqlBatch(session, response, message.body);
          break;
        case PacketType.transactionManager:
          await runTransactionRequest(session, response, message.body);
          break;
        default:
          await this.#runCalls(session, response, message.body);
      }
    } catch (thrown) {
      if (thrown instanceof MalformedBytes) throw thrown;
      if (this.#stream.destroyed) return;
      if (!session.cancelled) this.#tell(session, response, toSqlError(thrown));
    }
    await this.#close(session, response);
  }

  /** Asked for by the first packet of a request, and confirmed before its answer (MS-TDS 2.2.7.9, type 18). */
  async #reset(session: Session, response: Response, status: number): Promise<void> {
    if (!(status & (PacketStatus.resetConnection | PacketStatus.resetKeepTransaction))) return;
    const keepTransaction = (status & PacketStatus.resetKeepTransaction) !== 0;
    if (keepTransaction) await this.#deferred.flush(session, response);
    else await this.#deferred.forget();
    await session.reset({ keepTransaction });
    response.resetDone();
  }

  /** Each call of a request is answered by itself, and one that fails does not keep the others from running. */
  async #runCalls(session: Session, response: Response, body: Uint8Array): Promise<void> {
    const calls = readCalls(body);
    if (await this.#deferred.take(session, response, calls)) {
      this.#answerInsertions(response, calls, 0, calls.length);
      return;
    }
    await this.#deferred.flush(session, response);
    for (let index = 0; index < calls.length; index++) {
      if (session.cancelled || this.#stream.destroyed) return;
      const together = await this.#runTogether(session, response, calls, index);
      if (together > 0) {
        index += together - 1;
        continue;
      }
      try {
        await runRpc(session, response, calls[index]!);
      } catch (thrown) {
        if (thrown instanceof MalformedBytes || session.cancelled || this.#stream.destroyed) throw thrown;
        this.#tell(session, response, toSqlError(thrown));
      }
      if (index < calls.length - 1) response.endCall();
    }
  }

  /**
   * Calls that each insert one row, by one statement. When one of the rows does not go in, none has, and outside of a
   * transaction they are run one by one, so that the good ones stay.
   * @returns the calls that were answered
   */
  async #runTogether(session: Session, response: Response, calls: readonly RpcCall[], from: number): Promise<number> {
    const count = countInsertions(session, calls, from);
    if (count === 0) return 0;
    try {
      await insertTogether(session, response, calls.slice(from, from + count));
    } catch (thrown) {
      if (session.cancelled || this.#stream.destroyed) throw thrown;
      if (session.transaction === 'none') return 0;
      this.#tell(session, response, toSqlError(thrown));
      response.endCall();
      return 1;
    }
    this.#answerInsertions(response, calls, from, from + count);
    session.rowCount = 1;
    return count;
  }

  #answerInsertions(response: Response, calls: readonly RpcCall[], from: number, to: number): void {
    for (let index = from; index < to; index++) {
      response.done('insert', 1);
      writeReturnStatus(response.writer, 0);
      if (index < calls.length - 1) response.endCall();
    }
  }

  #tell(session: Session, response: Response, error: SqlError): void {
    session.lastError = error.number;
    response.message({
      number: error.number,
      state: error.state,
      severity: error.severity,
      text: error.hint ? `${error.message}${/[.:!?]$/.test(error.message) ? '' : '.'} ${error.hint}` : error.message,
      procedure: '',
      line: Math.max(1, error.line),
    });
    response.failed();
  }

  async #close(session: Session, response: Response): Promise<void> {
    if (!this.#attention) {
      if (session.cancelled && !this.#stream.destroyed) {
        // Ended by KILL: the client gets an error and the connection goes.
        response.message({
          number: 596,
          state: 1,
          severity: 21,
          text: 'Cannot continue the execution because the session is in the kill state.',
          procedure: '',
          line: 1,
        });
        await response.finish();
        this.#stream.destroy();
        return;
      }
      await response.finish();
      return;
    }
    this.#attention = false;
    session.cancelled = false;
    // An interrupted statement may have ended DuckDB's transaction with it.
    if (session.transaction === 'open' && !(await session.isAlive())) session.transaction = 'failed';
    await response.abandon();
    await this.#confirmAttention();
  }

  /** Bulk load is taken packet by packet: it may be of any size. */
  async takeBulk(packet: Packet): Promise<void> {
    await this.#running;
    const session = this.#session;
    this.#bulk ??= { load: new BulkLoad(session), failed: undefined };
    const bulk = this.#bulk;
    if (bulk.failed === undefined) {
      try {
        await bulk.load.push(packet.body);
      } catch (error) {
        if (error instanceof MalformedBytes) throw error;
        bulk.failed = error;
      }
    }
    if (!(packet.status & PacketStatus.endOfMessage)) return;
    this.#bulk = undefined;
    const ignored = (packet.status & PacketStatus.ignore) !== 0;
    this.#enqueue(async () => {
      const response = this.#response(session, false);
      try {
        await this.#deferred.flush(session, response);
        if (bulk.failed !== undefined) throw bulk.failed;
        if (ignored) await bulk.load.abandon();
        else {
          const rows = await bulk.load.finish();
          session.rowCount = rows;
          response.done('insert', rows);
        }
      } catch (thrown) {
        await bulk.load.abandon();
        if (thrown instanceof MalformedBytes) throw thrown;
        this.#tell(session, response, toSqlError(thrown));
      }
      await this.#close(session, response);
    });
  }
}
