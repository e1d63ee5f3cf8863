import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { framePackets, PacketCounter, PacketReader, PacketType } from '@crossview/tds-wire';

const applicationData = 0x17;

/**
 * The wire under node:tls while the handshake travels inside PRELOGIN packets (MS-TDS 3.2.5.1). The first record of
 * application data stands bare, in both directions.
 */
export class TlsInPrelogin extends Duplex {
  readonly #socket: Socket;
  readonly #reader = new PacketReader();
  readonly #counter = new PacketCounter();
  #bareIn = false;
  #bareOut = false;

  constructor(socket: Socket, first: Buffer) {
    super();
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('close', () => this.destroy());
    socket.on('error', (error) => this.destroy(error));
    socket.on('end', () => this.push(null));
    if (first.length > 0) this.#take(first);
    socket.resume();
  }

  #take(bytes: Buffer): void {
    try {
      if (!this.#bareIn && this.#reader.pending === 0 && bytes[0] !== PacketType.prelogin) this.#bareIn = true;
      if (this.#bareIn) {
        if (!this.push(bytes)) this.#socket.pause();
        return;
      }
      for (const packet of this.#reader.push(bytes)) {
        this.push(Buffer.from(packet.body));
        // What follows the last packet of the handshake may have come in the same read.
        const rest = this.#reader.pending > 0 ? this.#reader.peek() : undefined;
        if (rest !== undefined && rest !== PacketType.prelogin) {
          this.#bareIn = true;
          this.push(Buffer.from(this.#reader.drain()));
          return;
        }
      }
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (!this.#bareOut && bytes[0] === applicationData) this.#bareOut = true;
    const out = this.#bareOut ? bytes : framePackets(PacketType.prelogin, bytes, 4096, this.#counter);
    if (this.#socket.destroyed) done(new Error('the connection is closed'));
    else if (this.#socket.write(out)) done();
    else {
      const end = () => {
        this.#socket.off('drain', end);
        this.#socket.off('close', end);
        done();
      };
      this.#socket.once('drain', end);
      this.#socket.once('close', end);
    }
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
