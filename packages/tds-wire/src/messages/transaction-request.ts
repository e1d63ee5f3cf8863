import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedBytes } from '../bytes/not-enough-bytes.js';
import { afterHeaders, writeHeaders } from './all-headers.js';

/** A transaction manager request (MS-TDS 2.2.6.9). */
export interface TransactionRequest {
  readonly action: 'begin' | 'commit' | 'rollback' | 'save' | 'distributed';
  readonly name: string;
  /** 0 unspecified, 1 read uncommitted … 4 serializable, 5 snapshot. */
  readonly isolation: number;
  /** fBeginXact: another transaction begins right after this one ended. */
  readonly beginAgain: boolean;
}

const actions: ReadonlyMap<number, TransactionRequest['action']> = new Map([
  [0, 'distributed'],
  [1, 'distributed'],
  [5, 'begin'],
  [6, 'distributed'],
  [7, 'commit'],
  [8, 'rollback'],
  [9, 'save'],
]);

export function readTransactionRequest(body: Uint8Array): TransactionRequest {
  const reader = afterHeaders(body);
  if (reader.remaining < 2) throw new MalformedBytes('a transaction request without a kind');
  const kind = reader.uint16();
  const action = actions.get(kind);
  if (!action) throw new MalformedBytes(`no transaction request has the kind ${kind}`);
  const isolation = action === 'begin' && reader.remaining > 0 ? reader.uint8() : 0;
  const nameBytes = action !== 'distributed' && reader.remaining > 0 ? reader.uint8() : 0;
  const name = reader.remaining >= nameBytes ? reader.text(nameBytes >> 1) : '';
  const ends = action === 'commit' || action === 'rollback';
  const beginAgain = ends && reader.remaining > 0 ? (reader.uint8() & 1) !== 0 : false;
  return { action, name, isolation, beginAgain };
}

export function writeTransactionRequest(action: 'begin' | 'commit' | 'rollback'): Uint8Array {
  const writer = new ByteWriter(32);
  writeHeaders(writer);
  if (action === 'begin') writer.uint16(5).uint8(0).uint8(0);
  else
    writer
      .uint16(action === 'commit' ? 7 : 8)
      .uint8(0)
      .uint8(0);
  return writer.flush();
}
