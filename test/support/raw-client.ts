import { connect, type Socket } from 'node:net';
import {
  framePackets,
  PacketCounter,
  PacketReader,
  PacketStatus,
  PacketType,
  type ServerToken,
  TokenStream,
  writeLogin7,
  writePrelogin,
  writeSqlBatch,
} from '@crossview/tds-wire';
import { administrator } from './pool.js';

/** A client that speaks bare TDS, so that a test decides every byte. Requests are answered one after the other. */
export class RawClient {
  readonly #socket: Socket;
  readonly #reader = new PacketReader();
  #body: Uint8Array[] = [];
  #take: (body: Uint8Array) => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;

  private constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the server ended the connection')));
    this.#socket.on('data', (bytes) => {
      for (const packet of this.#reader.push(bytes)) {
        this.#body.push(packet.body);
        if (!(packet.status & PacketStatus.endOfMessage)) continue;
        this.#take(Buffer.concat(this.#body));
        this.#body = [];
      }
    });
  }

  static async open(port: number, database: string): Promise<RawClient> {
    const client = new RawClient(port);
    await client.#ask(
      PacketType.prelogin,
      writePrelogin({ version: [11, 0, 0], encryption: 2, mars: false, federated: undefined }),
    );
    await client.ask(
      PacketType.login7,
      writeLogin7({ userName: administrator.user, password: administrator.password, database }),
    );
    return client;
  }

  #ask(type: number, body: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#take = resolve;
      this.#fail = reject;
      this.#socket.write(framePackets(type, body, 4096, new PacketCounter()));
    });
  }

  /** @returns the tokens of the answer. @throws Error with the first error of the server */
  async ask(type: number, body: Uint8Array): Promise<readonly ServerToken[]> {
    const tokens = new TokenStream().push(await this.#ask(type, body));
    for (const token of tokens)
      if (token.token === 'message' && token.message.severity > 10) throw new Error(token.message.text);
    return tokens;
  }

  run(text: string): Promise<readonly ServerToken[]> {
    return this.ask(PacketType.sqlBatch, writeSqlBatch(text));
  }

  close(): void {
    this.#fail = () => undefined;
    this.#socket.destroy();
  }
}
