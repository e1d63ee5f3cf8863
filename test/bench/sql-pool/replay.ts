// A server that knows one answer to each kind of request, made before it is asked for, and drops what is loaded: what a client reaches
// with it, it can reach with no server. TLS and packets are the pool's. ROWS says how many rows the answer to a query has.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  ByteWriter,
  type Column,
  CurrentCommand,
  type Done,
  DoneStatus,
  defaultCollation,
  EnvironmentChange,
  framePackets,
  MessageAssembler,
  PacketCounter,
  PacketReader,
  PacketStatus,
  PacketType,
  readLogin7,
  readSqlBatch,
  TdsVersion,
  TypeId,
  typeInfo,
  writeByteChange,
  writeColumnMetadata,
  writeDone,
  writeLoginAck,
  writeReturnStatus,
  writeRow,
  writeTextChange,
} from '@crossview/tds-wire';
import { loadCertificate } from '../../../packages/sql-pool/src/server/certificate.js';
import { handshake } from '../../../packages/sql-pool/src/server/handshake.js';
import { send } from '../../../packages/sql-pool/src/server/send.js';
import { temporaryDirectory } from '../../support/paths.js';

const rows = Number(process.env.ROWS);
const packetSize = 16_384;
const slice = 64 * 1024;
/** Rows that are made; the answer repeats them. */
const made = 10_000;

const columns: readonly Column[] = [
  typeInfo(TypeId.intN, { length: 4 }),
  typeInfo(TypeId.intN, { length: 8 }),
  typeInfo(TypeId.floatN, { length: 8 }),
  typeInfo(TypeId.nVarChar, { length: 80, collation: defaultCollation }),
  typeInfo(TypeId.decimalN, { length: 9, precision: 18, scale: 2 }),
  typeInfo(TypeId.datetime2N, { scale: 7 }),
].map((type, index) => ({ name: 'abcdef'[index]!, type, nullable: true }));

function answer(fill: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  fill(writer);
  return framePackets(PacketType.response, writer.flush(), packetSize, new PacketCounter());
}

function done(writer: ByteWriter, kind: Done['kind'], command: number, count?: number): void {
  const status = count === undefined ? DoneStatus.final : DoneStatus.count;
  const more = kind === 'doneInProcedure' ? DoneStatus.more : 0;
  writeDone(writer, { kind, status: status | more, command, rows: BigInt(count ?? 0) });
}

function result(): Uint8Array {
  const writer = new ByteWriter();
  for (let index = 1; index <= made; index++) {
    const a = 900_000 + index;
    writeRow(writer, columns, [
      a,
      BigInt(a) * 1_000_003n,
      a * 0.5,
      `customer ${a}`,
      { unscaled: BigInt(a % 100_000), scale: 2 },
      { days: 738_885, ticks: (a % 86_400) * 10_000_000 },
    ]);
  }
  const some = writer.flush();
  return answer((all) => {
    writeColumnMetadata(all, columns);
    for (let count = 0; count < rows; count += made) all.put(some);
    done(all, 'done', CurrentCommand.select, rows);
  });
}

const queryAnswer = result();
const batchAnswer = answer((writer) => done(writer, 'done', CurrentCommand.none));
const loadAnswer = answer((writer) => done(writer, 'done', CurrentCommand.insert, 0));
const insertAnswer = answer((writer) => {
  done(writer, 'doneInProcedure', CurrentCommand.insert, 1);
  writeReturnStatus(writer, 0);
  done(writer, 'doneProcedure', CurrentCommand.none);
});

function loginAnswer(body: Uint8Array): Uint8Array {
  return answer((writer) => {
    writeTextChange(writer, EnvironmentChange.database, readLogin7(body).database || 'master', 'master');
    writeByteChange(writer, EnvironmentChange.collation, defaultCollation, new Uint8Array(0));
    writeLoginAck(writer, { tdsVersion: TdsVersion.v74, program: 'Microsoft SQL Server', version: [12, 0, 2000] });
    writeTextChange(writer, EnvironmentChange.packetSize, String(packetSize), '4096');
    done(writer, 'done', CurrentCommand.none);
  });
}

async function sendAll(stream: Duplex, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length; from += slice) await send(stream, bytes.subarray(from, from + slice));
}

const certificate = await loadCertificate(temporaryDirectory('replay'));

async function serve(socket: Socket): Promise<void> {
  socket.setNoDelay(true);
  const { stream } = await handshake(socket, certificate);
  const packets = new PacketReader();
  const messages = new MessageAssembler();
  for await (const bytes of stream as AsyncIterable<Buffer>)
    for (const packet of packets.push(bytes)) {
      if (packet.type === PacketType.bulkLoad) {
        if (packet.status & PacketStatus.endOfMessage) await send(stream, loadAnswer);
        continue;
      }
      const message = messages.push(packet);
      if (!message) continue;
      if (message.type === PacketType.login7) await send(stream, loginAnswer(message.body));
      else if (message.type === PacketType.rpc) await send(stream, insertAnswer);
      else if (/^\s*SELECT/i.test(readSqlBatch(message.body))) await sendAll(stream, queryAnswer);
      else await send(stream, batchAnswer);
    }
}

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  serve(socket).catch(() => socket.destroy());
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.once('disconnect', () => process.exit());
process.send?.({ port: (server.address() as AddressInfo).port, certificateAuthority: certificate.certificate });
