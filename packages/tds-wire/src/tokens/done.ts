import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import { Token } from './token.js';

/** DONE status bits (MS-TDS 2.2.7.6). */
export const DoneStatus = {
  final: 0x00,
  more: 0x01,
  error: 0x02,
  inTransaction: 0x04,
  count: 0x10,
  attention: 0x20,
  serverError: 0x100,
} as const;

/** CurCmd of a DONE, as SQL Server sends them; clients tell a SELECT from the rest by it. */
export const CurrentCommand = {
  none: 0,
  select: 0xc1,
  insert: 0xc3,
  delete: 0xc4,
  update: 0xc5,
  merge: 0x117,
  execute: 0xe0,
} as const;

export interface Done {
  readonly kind: 'done' | 'doneProcedure' | 'doneInProcedure';
  readonly status: number;
  readonly command: number;
  readonly rows: bigint;
}

export function writeDone(writer: ByteWriter, done: Done): void {
  writer.uint8(Token[done.kind]).uint16(done.status).uint16(done.command).uint64(done.rows);
}

/** After the token byte. */
export function readDone(reader: ByteReader, kind: Done['kind']): Done {
  const status = reader.uint16();
  const command = reader.uint16();
  return { kind, status, command, rows: reader.uint64() };
}
