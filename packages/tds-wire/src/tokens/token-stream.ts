import { ByteReader } from '../bytes/byte-reader.js';
import { MalformedBytes, NotEnoughBytes } from '../bytes/not-enough-bytes.js';
import type { TdsValue } from '../types/value.js';
import { type Column, readColumnMetadata } from './column-metadata.js';
import { type Done, readDone } from './done.js';
import { readEnvironmentChange } from './environment-change.js';
import { readFeatureExtAck } from './feature-ext-ack.js';
import { type LoginAck, readLoginAck } from './login-ack.js';
import { type ReturnValue, readReturnValue } from './return-value.js';
import { readNullBitmapRow, readRow } from './row.js';
import { readServerMessage, type ServerMessage } from './server-message.js';
import { Token } from './token.js';

export type ServerToken =
  | { readonly token: 'columns'; readonly columns: readonly Column[] }
  | { readonly token: 'row'; readonly values: readonly TdsValue[] }
  | { readonly token: 'done'; readonly done: Done }
  | { readonly token: 'message'; readonly message: ServerMessage }
  | { readonly token: 'environment'; readonly type: number; readonly data: Uint8Array }
  | { readonly token: 'loginAck'; readonly ack: LoginAck }
  | { readonly token: 'features'; readonly features: ReadonlyMap<number, Uint8Array> }
  | { readonly token: 'returnValue'; readonly returned: ReturnValue }
  | { readonly token: 'returnStatus'; readonly status: number }
  | { readonly token: 'order'; readonly columns: readonly number[] };

/** Reads what a server sends (MS-TDS 2.2.7), from bytes in any pieces; a token that is cut off waits for the rest. */
export class TokenStream {
  #held: Uint8Array = new Uint8Array(0);
  #columns: readonly Column[] = [];

  /** @throws MalformedBytes for a token that is not known. */
  push(bytes: Uint8Array): ServerToken[] {
    const all = new Uint8Array(this.#held.length + bytes.length);
    all.set(this.#held);
    all.set(bytes, this.#held.length);
    const reader = new ByteReader(all);
    const tokens: ServerToken[] = [];
    let start = 0;
    try {
      while (reader.remaining > 0) {
        start = reader.offset;
        tokens.push(this.#next(reader));
        start = reader.offset;
      }
    } catch (error) {
      if (!(error instanceof NotEnoughBytes)) throw error;
    }
    this.#held = all.slice(start);
    return tokens;
  }

  #next(reader: ByteReader): ServerToken {
    const token = reader.uint8();
    switch (token) {
      case Token.columnMetadata: {
        const columns = readColumnMetadata(reader, { tableNames: true });
        this.#columns = columns;
        return { token: 'columns', columns };
      }
      case Token.row:
        return { token: 'row', values: readRow(reader, this.#columns) };
      case Token.nullBitmapRow:
        return { token: 'row', values: readNullBitmapRow(reader, this.#columns) };
      case Token.done:
        return { token: 'done', done: readDone(reader, 'done') };
      case Token.doneProcedure:
        return { token: 'done', done: readDone(reader, 'doneProcedure') };
      case Token.doneInProcedure:
        return { token: 'done', done: readDone(reader, 'doneInProcedure') };
      case Token.error:
      case Token.info:
        return { token: 'message', message: readServerMessage(reader) };
      case Token.environmentChange:
        return { token: 'environment', ...readEnvironmentChange(reader) };
      case Token.loginAck:
        return { token: 'loginAck', ack: readLoginAck(reader) };
      case Token.featureExtAck:
        return { token: 'features', features: readFeatureExtAck(reader) };
      case Token.returnValue:
        return { token: 'returnValue', returned: readReturnValue(reader) };
      case Token.returnStatus:
        return { token: 'returnStatus', status: reader.int32() };
      case Token.order: {
        const count = reader.uint16() >> 1;
        return { token: 'order', columns: Array.from({ length: count }, () => reader.uint16()) };
      }
      default:
        throw new MalformedBytes(`the token 0x${token.toString(16)} is not known`);
    }
  }
}
