import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import {
  ByteWriter,
  DoneStatus,
  Encryption,
  framePackets,
  type Login7,
  MalformedBytes,
  type Message,
  MessageAssembler,
  type Packet,
  PacketCounter,
  PacketReader,
  PacketStatus,
  PacketType,
  type RpcCall,
  readFederatedToken,
  readLogin7,
  readPrelogin,
  writeDone,
  writePrelogin,
  writeReturnStatus,
} from '@crossview/tds-wire';
import type { SqlError } from '../errors/sql-error.js';
import { toSqlError } from '../errors/to-sql-error.js';
import type { PoolServices, Session } from '../interpreter/session.js';
import { BulkLoad } from './bulk-load.js';
import type { Certificate } from './certificate.js';
import { DeferredInserts } from './deferred-inserts.js';
import { handshake } from './handshake.js';
import { countInsertions, insertTogether } from './insert-batch.js';
import { askForToken, fetchesToken, type LoginPolicy, loginAccepted, loginRefused, openSession } from './login.js';
import { readCalls, runRpc, runSqlBatch, runTransactionRequest } from './requests.js';
import { Response, send } from './response.js';
import { version } from './version.js';

export interface ConnectionOptions {
  readonly services: PoolServices;
  readonly policy: LoginPolicy;
  readonly certificate: Certificate;
  readonly log: (text: string) => void;
}

/** A client has this long to log in. */
const loginTimeout = 15_000;
/** Bytes of a message before login: LOGIN7 with an access token has a few thousand. */
const beforeLogin = 128 * 1024;

/** Serves one client from its first byte to its last. Never throws: whatever goes wrong ends this connection only. */
export async function serveConnection(socket: Socket, options: ConnectionOptions): Promise<void> {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  const timer = setTimeout(() => socket.destroy(), loginTimeout);
  try {
    const { stream, strict } = await handshake(socket, options.certificate);
    await new Connection(stream, strict, options, socket.remoteAddress ?? '', () => clearTimeout(timer)).serve();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // A client that just goes is no news.
    if (code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ECONNRESET')
      options.log(`connection ended: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** One logged-in client: reads messages in one loop, runs one request at a time, and lets an attention through. */
class Connection {
  readonly #stream: Duplex;
  readonly #strict: boolean;
  readonly #options: ConnectionOptions;
  readonly #peer: string;
  readonly #loggedIn: () => void;
  /** Waits for the token that the client fetches after FEDAUTHINFO. */
  #awaitsToken: Login7 | undefined;
  #session: Session | undefined;
  #packetSize = 4096;
  #running: Promise<void> = Promise.resolve();
  #busy = false;
  #attention = false;
  #bulk: { load: BulkLoad; failed: unknown } | undefined;
  #queued = 0;
  readonly #deferred = new DeferredInserts();

  constructor(stream: Duplex, strict: boolean, options: ConnectionOptions, peer: string, loggedIn: () => void) {
    this.#stream = stream;
    this.#strict = strict;
    this.#options = options;
    this.#peer = peer;
    this.#loggedIn = loggedIn;
  }

  async serve(): Promise<void> {
    const packets = new PacketReader();
    // Who has not logged in may not make the pool hold much.
    let messages = new MessageAssembler(beforeLogin);
    try {
      for await (const bytes of this.#stream as AsyncIterable<Buffer>) {
        for (const packet of packets.push(bytes)) {
          if (packet.type === PacketType.bulkLoad && this.#session) {
            await this.#takeBulk(packet);
            continue;
          }
          const message = messages.push(packet);
          if (!message) continue;
          const stranger = !this.#session;
          await this.#take(message);
          if (stranger && this.#session) messages = new MessageAssembler();
        }
      }
    } finally {
      await this.#end();
    }
  }

  async #end(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    session.cancelled = true;
    session.connection.interrupt();
    await this.#running.catch(() => undefined);
    await this.#bulk?.load.abandon();
    await session.close();
  }

  async #take(message: Message): Promise<void> {
    if (!this.#session) {
      if (message.type === PacketType.prelogin && this.#strict) {
        const asked = readPrelogin(message.body);
        await send(
          this.#stream,
          framePackets(
            PacketType.response,
            writePrelogin({ version, encryption: Encryption.on, mars: false, federated: asked.federated }),
            4096,
            new PacketCounter(),
          ),
        );
        return;
      }
      await this.#takeLogin(message);
      return;
    }
    if (message.type === PacketType.attention) {
      this.#onAttention(this.#session);
      return;
    }
    if (![PacketType.sqlBatch, PacketType.rpc, PacketType.transactionManager].includes(message.type as 1))
      throw new MalformedBytes(`a message of type ${message.type} after login`);
    // A client may send one request ahead, not a flood.
    if (this.#queued > 16) await this.#running;
    this.#enqueue(() => this.#run(this.#session!, message));
  }

  async #takeLogin(message: Message): Promise<void> {
    const waiting = this.#awaitsToken;
    if (waiting) {
      if (message.type !== PacketType.federatedToken)
        throw new MalformedBytes(`a message of type ${message.type} instead of an access token`);
      this.#awaitsToken = undefined;
      const federated = { ...waiting.federated!, token: readFederatedToken(message.body) };
      await this.#login({ ...waiting, federated });
      return;
    }
    if (message.type !== PacketType.login7) throw new MalformedBytes(`a message of type ${message.type} before LOGIN7`);
    const login = readLogin7(message.body);
    if (login.federated?.library !== fetchesToken || !this.#options.policy.acceptToken) {
      await this.#login(login);
      return;
    }
    this.#awaitsToken = login;
    await send(this.#stream, framePackets(PacketType.response, askForToken(), 4096, new PacketCounter()));
  }

  #enqueue(task: () => Promise<void>): void {
    this.#queued++;
    this.#running = this.#running.then(async () => {
      this.#busy = true;
      try {
        await task();
      } catch (error) {
        this.#options.log(`request ended the connection: ${error instanceof Error ? error.message : String(error)}`);
        this.#stream.destroy();
      } finally {
        this.#busy = false;
        this.#queued--;
      }
    });
  }

  async #login(login: Login7): Promise<void> {
    const { services, policy } = this.#options;
    let session: Session;
    try {
      session = await openSession(login, services, policy, this.#peer);
    } catch (thrown) {
      const error: SqlError = toSqlError(thrown);
      await send(
        this.#stream,
        framePackets(PacketType.response, loginRefused(error, services.serverName), 4096, new PacketCounter()),
      );
      this.#stream.end();
      throw new Error(`login of '${login.userName}' refused: ${error.number}`);
    }
    this.#loggedIn();
    this.#session = session;
    // Under TLS a record holds 16,384 bytes: larger packets confuse clients.
    const most = this.#stream instanceof TLSSocket ? 16_384 : 32_767;
    const size = Math.max(512, Math.min(most, login.packetSize || 4096));
    const answer = loginAccepted(login, session, size, this.#strict);
    await send(this.#stream, framePackets(PacketType.response, answer, 4096, new PacketCounter()));
    this.#packetSize = size;
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
    else this.#deferred.forget();
    await session.reset({ keepTransaction });
    response.resetDone();
  }

  /** Each call of a request is answered by itself, and one that fails does not keep the others from running. */
  async #runCalls(session: Session, response: Response, body: Uint8Array): Promise<void> {
    const calls = readCalls(body);
    if (await this.#deferred.take(session, response, calls)) {
      response.done('insert', 1);
      writeReturnStatus(response.writer, 0);
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
    for (let index = from; index < from + count; index++) {
      response.done('insert', 1);
      writeReturnStatus(response.writer, 0);
      if (index < calls.length - 1) response.endCall();
    }
    session.rowCount = 1;
    return count;
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
  async #takeBulk(packet: Packet): Promise<void> {
    await this.#running;
    const session = this.#session!;
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
