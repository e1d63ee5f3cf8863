import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import {
  Encryption,
  framePackets,
  type Login7,
  MalformedBytes,
  type Message,
  MessageAssembler,
  PacketCounter,
  PacketReader,
  PacketType,
  readFederatedToken,
  readLogin7,
  readPrelogin,
  writePrelogin,
} from '@crossview/tds-wire';
import type { SqlError } from '../errors/sql-error.js';
import { toSqlError } from '../errors/to-sql-error.js';
import type { PoolServices, Session } from '../interpreter/session.js';
import type { Certificate } from './certificate.js';
import { handshake } from './handshake.js';
import type { LoggedIn } from './logged-in.js';
import { askForToken, fetchesToken, type LoginPolicy, loginAccepted, loginRefused, openSession } from './login.js';
import { send } from './send.js';
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

/** What requests need is much: the first login does not wait for it. May be called often. */
export const loadRequests = () => import('./logged-in.js');

/** One client: reads messages in one loop, and takes its login; requests go to `LoggedIn`. */
class Connection {
  readonly #stream: Duplex;
  readonly #strict: boolean;
  readonly #options: ConnectionOptions;
  readonly #peer: string;
  readonly #loggedIn: () => void;
  /** Waits for the token that the client fetches after FEDAUTHINFO. */
  #awaitsToken: Login7 | undefined;
  #client: LoggedIn | undefined;

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
          if (packet.type === PacketType.bulkLoad && this.#client) {
            await this.#client.takeBulk(packet);
            continue;
          }
          const message = messages.push(packet);
          if (!message) continue;
          if (this.#client) {
            await this.#client.take(message);
            continue;
          }
          await this.#take(message);
          if (this.#client) messages = new MessageAssembler();
        }
      }
    } finally {
      await this.#client?.end();
    }
  }

  async #take(message: Message): Promise<void> {
    if (message.type !== PacketType.prelogin || !this.#strict) {
      await this.#takeLogin(message);
      return;
    }
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
    // Under TLS a record holds 16,384 bytes: larger packets confuse clients.
    const most = this.#stream instanceof TLSSocket ? 16_384 : 32_767;
    const size = Math.max(512, Math.min(most, login.packetSize || 4096));
    const answer = loginAccepted(login, session, size, this.#strict);
    try {
      await send(this.#stream, framePackets(PacketType.response, answer, 4096, new PacketCounter()));
      const { LoggedIn } = await loadRequests();
      this.#client = new LoggedIn(session, this.#stream, size, this.#options.log);
    } catch (error) {
      await session.close();
      throw error;
    }
  }
}
