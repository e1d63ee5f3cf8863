import type { Duplex } from 'node:stream';
import {
  ByteWriter,
  CurrentCommand,
  DoneStatus,
  EnvironmentChange,
  framePackets,
  PacketCounter,
  PacketType,
  packetHeaderLength,
  type ServerMessage,
  writeByteChange,
  writeColumnMetadata,
  writeDone,
  writeServerMessage,
  writeTextChange,
} from '@crossview/tds-wire';
import type { Chunk, RowEncoder } from '../duckdb/row-encoder.js';
import type { DoneCommand, Output } from '../interpreter/output.js';
import { send } from './send.js';

interface Pending {
  readonly command: number;
  readonly status: number;
  readonly rows: bigint;
}

const none = new Uint8Array(0);
/** Bytes that are worth keeping memory for. */
const leastKept = 32 * 1024;
const mostKept = 1024 * 1024;

/** The answer to one request, written as packets. The last DONE is held back until it is known whether more follows. */
export class Response implements Output {
  readonly #stream: Duplex;
  readonly #size: number;
  readonly #counter = new PacketCounter();
  readonly #writer = new ByteWriter(1024);
  readonly #server: string;
  readonly #inProcedure: boolean;
  readonly #noCount: () => boolean;
  readonly #inTransaction: () => boolean;
  #pending: Pending | undefined;
  #failed = false;
  /** For packets of long results: memory of their own for each would make the garbage collector run all the time. */
  #framed = none;
  /** The client knows the columns and wants none described. */
  readonly withoutMetadata: boolean;

  constructor(
    stream: Duplex,
    options: {
      packetSize: number;
      server: string;
      inProcedure: boolean;
      noCount: () => boolean;
      inTransaction: () => boolean;
      withoutMetadata?: boolean;
    },
  ) {
    this.#stream = stream;
    this.#size = options.packetSize;
    this.#server = options.server;
    this.#inProcedure = options.inProcedure;
    this.#noCount = options.noCount;
    this.#inTransaction = options.inTransaction;
    this.withoutMetadata = options.withoutMetadata ?? false;
  }

  get writer(): ByteWriter {
    this.#release(true);
    return this.#writer;
  }

  #release(more: boolean): void {
    const pending = this.#pending;
    if (!pending) return;
    this.#pending = undefined;
    const kind = this.#inProcedure ? 'doneInProcedure' : 'done';
    writeDone(this.#writer, {
      kind,
      command: pending.command,
      rows: pending.rows,
      status:
        pending.status |
        (more || this.#inProcedure ? DoneStatus.more : 0) |
        (this.#inTransaction() ? DoneStatus.inTransaction : 0),
    });
  }

  columns(encoder: RowEncoder): void {
    this.#release(true);
    writeColumnMetadata(this.#writer, encoder.columns);
  }

  async rows(encoder: RowEncoder, chunk: Chunk, count: number): Promise<void> {
    const step = 1024;
    for (let from = 0; from < count; from += step) {
      encoder.writeChunk(this.#writer, chunk, from, Math.min(count, from + step));
      if (this.#writer.length >= 64 * 1024) await this.#flush(false);
    }
  }

  done(command: DoneCommand, rows: number | undefined): void {
    this.#release(true);
    const counted = rows !== undefined && !this.#noCount();
    this.#pending = {
      command: CurrentCommand[command],
      status: counted ? DoneStatus.count : 0,
      rows: counted ? BigInt(rows) : 0n,
    };
  }

  failed(): void {
    this.#release(true);
    this.#failed = true;
    this.#pending = { command: CurrentCommand.none, status: DoneStatus.error, rows: 0n };
  }

  message(message: Omit<ServerMessage, 'server'>): void {
    this.#release(true);
    writeServerMessage(this.#writer, { ...message, server: this.#server });
  }

  environment(_change: 'database', to: string, from: string): void {
    this.#release(true);
    writeTextChange(this.#writer, EnvironmentChange.database, to, from);
  }

  transaction(change: 'begin' | 'commit' | 'rollback', descriptor: bigint): void {
    this.#release(true);
    const bytes = new ByteWriter(8).uint64(descriptor).flush();
    const none = new Uint8Array(0);
    if (change === 'begin') writeByteChange(this.#writer, EnvironmentChange.beginTransaction, bytes, none);
    else
      writeByteChange(
        this.#writer,
        change === 'commit' ? EnvironmentChange.commitTransaction : EnvironmentChange.rollbackTransaction,
        none,
        bytes,
      );
  }

  /** The session is as it was after login (MS-TDS 2.2.7.9). */
  resetDone(): void {
    writeByteChange(this.writer, EnvironmentChange.resetDone, new Uint8Array(0), new Uint8Array(0));
  }

  /** Ends the answer to one call of several in a request. */
  endCall(): void {
    this.#release(true);
    const status = DoneStatus.more | (this.#failed ? DoneStatus.error : 0);
    this.#failed = false;
    writeDone(this.#writer, {
      kind: 'doneProcedure',
      command: CurrentCommand.none,
      rows: 0n,
      status: status | (this.#inTransaction() ? DoneStatus.inTransaction : 0),
    });
  }

  /** Ends the answer with its final DONE. */
  async finish(): Promise<void> {
    const kind = this.#inProcedure ? 'doneProcedure' : 'done';
    if (this.#inProcedure) this.#release(true);
    const pending = this.#pending ?? { command: CurrentCommand.none, status: 0, rows: 0n };
    this.#pending = undefined;
    const error = this.#inProcedure && this.#failed ? DoneStatus.error : 0;
    writeDone(this.#writer, {
      kind,
      command: pending.command,
      rows: pending.rows,
      status: pending.status | error | (this.#inTransaction() ? DoneStatus.inTransaction : 0),
    });
    await this.#flush(true);
  }

  /** Drops what was not sent and ends the answer: a cancel is confirmed in a message of its own (MS-TDS 2.2.1.7). */
  async abandon(): Promise<void> {
    this.#pending = undefined;
    this.#writer.truncate(0);
    const kind = this.#inProcedure ? 'doneProcedure' : 'done';
    writeDone(this.#writer, { kind, command: CurrentCommand.none, rows: 0n, status: DoneStatus.error });
    await this.#flush(true);
  }

  /** Sends whole packets; the rest stays until more comes, unless it is the end. */
  async #flush(last: boolean): Promise<void> {
    const room = this.#size - packetHeaderLength;
    const all = this.#writer.view();
    const length = last ? all.length : all.length - (all.length % room);
    if (length === 0 && !last) return;
    const packets = framePackets(PacketType.response, all.subarray(0, length), this.#size, this.#counter, {
      last,
      into: (needed) => this.#memory(needed),
    });
    const rest = all.slice(length);
    this.#writer.truncate(0);
    if (rest.length > 0) this.#writer.put(rest);
    if (!(await send(this.#stream, packets))) this.#framed = none;
  }

  #memory(needed: number): Uint8Array {
    if (needed < leastKept || needed > mostKept) return new Uint8Array(needed);
    if (this.#framed.length < needed) this.#framed = new Uint8Array(needed);
    return this.#framed;
  }
}
