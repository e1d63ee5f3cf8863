import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
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
  readLogin7,
  readPrelogin,
  writeDone,
  writePrelogin,
} from '@crossview/tds-wire';
import type { SqlError } from '../errors/sql-error.js';
import { toSqlError } from '../errors/to-sql-error.js';
import type { PoolServices, Session } from '../interpreter/session.js';
import { BulkLoad } from './bulk-load.js';
import type { Certificate } from './certificate.js';
import { type LoginPolicy, loginAccepted, loginRefused, openSession } from './login.js';
import { readCalls, runRpc, runSqlBatch, runTransactionRequest } from './requests.js';
import { Response, send } from './response.js';
import { TlsInPrelogin } from './tls-in-prelogin.js';
import { version } from './version.js';

export interface ConnectionOptions {
  readonly services: PoolServices;
  readonly policy: LoginPolicy;
  readonly certificate: Certificate;
  readonly log: (text: string) => void;
}

/** A client has this long to log in. */
const loginTimeout = 15_000;
const tlsRecord = 0x16;

/** Serves one client from its first byte to its last. Never throws: whatever goes wrong ends this connection only. */
export async function serveConnection(socket: Socket, options: ConnectionOptions): Promise<void> {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  const timer = setTimeout(() => socket.destroy(), loginTimeout);
  try {
    const { stream, strict, login } = await handshake(socket, options);
    await new Connection(stream, strict, options, () => clearTimeout(timer)).serve(login);
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

/** One chunk of bytes, or an error when the peer goes. */
async function firstBytes(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    socket.once('close', () => reject(new Error('closed before the first byte')));
    socket.once('readable', () => {
      const bytes = socket.read() as Buffer | null;
      if (bytes) resolve(bytes);
      else reject(new Error('closed before the first byte'));
    });
  });
}

interface Secured {
  readonly stream: Duplex;
  readonly strict: boolean;
  readonly login: Uint8Array | undefined;
}

/** PRELOGIN, then TLS inside of it; or TLS first for TDS 8 (MS-TDS 3.2.5.1). */
async function handshake(socket: Socket, { certificate }: ConnectionOptions): Promise<Secured> {
  let bytes = await firstBytes(socket);
  if (bytes[0] === tlsRecord) {
    socket.unshift(bytes);
    const secure = new TLSSocket(socket, {
      isServer: true,
      secureContext: createSecureContext({ key: certificate.key, cert: certificate.certificate }),
      ALPNProtocols: ['tds/8.0'],
    });
    secure.on('error', () => secure.destroy());
    return { stream: secure, strict: true, login: undefined };
  }
  const packets = new PacketReader();
  const messages = new MessageAssembler(64 * 1024);
  for (;;) {
    for (const packet of packets.push(bytes)) {
      const message = messages.push(packet);
      if (!message) continue;
      if (message.type !== PacketType.prelogin)
        throw new MalformedBytes(`the first message is of type ${message.type}, not PRELOGIN`);
      const asked = readPrelogin(message.body);
      // TLS always, unless the client cannot: then only from this very host.
      const encryption = asked.encryption === Encryption.notSupported ? Encryption.notSupported : Encryption.on;
      const answer = writePrelogin({ version, encryption, mars: false, federated: asked.federated });
      const rest = Buffer.from(packets.drain());
      socket.write(framePackets(PacketType.response, answer, 4096, new PacketCounter()));
      if (encryption === Encryption.notSupported) {
        if (rest.length > 0) socket.unshift(rest);
        return { stream: socket, strict: false, login: undefined };
      }
      const bridge = new TlsInPrelogin(socket, rest);
      // Inside PRELOGIN the session tickets of TLS 1.3 would come after the handshake and confuse clients.
      const secureContext = createSecureContext({
        key: certificate.key,
        cert: certificate.certificate,
        maxVersion: 'TLSv1.2',
      });
      const secure = new TLSSocket(bridge as unknown as Socket, { isServer: true, secureContext });
      secure.on('error', () => bridge.destroy());
      bridge.on('error', () => socket.destroy());
      bridge.on('close', () => secure.destroy());
      return { stream: secure, strict: false, login: undefined };
    }
    bytes = await firstBytes(socket);
  }
}

/** One logged-in client: reads messages in one loop, runs one request at a time, and lets an attention through. */
class Connection {
  readonly #stream: Duplex;
  readonly #strict: boolean;
  readonly #options: ConnectionOptions;
  readonly #loggedIn: () => void;
  #session: Session | undefined;
  #packetSize = 4096;
  #running: Promise<void> = Promise.resolve();
  #busy = false;
  #attention = false;
  #bulk: { load: BulkLoad; failed: unknown } | undefined;
  #queued = 0;

  constructor(stream: Duplex, strict: boolean, options: ConnectionOptions, loggedIn: () => void) {
    this.#stream = stream;
    this.#strict = strict;
    this.#options = options;
    this.#loggedIn = loggedIn;
  }

  async serve(_first: Uint8Array | undefined): Promise<void> {
    const packets = new PacketReader();
    const messages = new MessageAssembler();
    try {
      for await (const bytes of this.#stream as AsyncIterable<Buffer>) {
        for (const packet of packets.push(bytes)) {
          if (packet.type === PacketType.bulkLoad && this.#session) {
            await this.#takeBulk(packet);
            continue;
          }
          const message = messages.push(packet);
          if (message) await this.#take(message);
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
      if (message.type !== PacketType.login7)
        throw new MalformedBytes(`a message of type ${message.type} before LOGIN7`);
      await this.#login(readLogin7(message.body));
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
      session = await openSession(login, services, policy);
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
    if (message.status & PacketStatus.resetConnection) await session.reset();
    const response = this.#response(session, message.type === PacketType.rpc);
    try {
      switch (message.type) {
        case PacketType.sqlBatch:
          await runSqlBatch(session, response, message.body);
          break;
        case PacketType.transactionManager:
          await runTransactionRequest(session, response, message.body);
          break;
        default:
          for (const call of readCalls(message.body)) await runRpc(session, response, call);
      }
    } catch (thrown) {
      if (thrown instanceof MalformedBytes) throw thrown;
      if (this.#stream.destroyed) return;
      if (!session.cancelled) this.#tell(session, response, toSqlError(thrown));
    }
    await this.#close(session, response);
  }

  #tell(session: Session, response: Response, error: SqlError): void {
    session.lastError = error.number;
    response.message({
      number: error.number,
      state: error.state,
      severity: error.severity,
      text: error.hint ? `${error.message} ${error.hint}` : error.message,
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
