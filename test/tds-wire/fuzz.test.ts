import {
  BulkLoadReader,
  BulkRowValues,
  MalformedBytes,
  MessageAssembler,
  PacketReader,
  readLogin7,
  readPrelogin,
  readRpcRequest,
  readSqlBatch,
  readTransactionRequest,
  TokenStream,
  UnsupportedType,
} from '@crossview/tds-wire';
import fc from 'fast-check';
import { suite } from '../support/suite.js';

const test = suite('tds-wire against random bytes', undefined, { timeout: 60_000 });

/** Whatever comes, a reader answers or says that the bytes are malformed; nothing else, and in no time. */
function holds(read: (bytes: Uint8Array) => unknown): void {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      try {
        read(bytes);
      } catch (error) {
        if (!(error instanceof MalformedBytes) && !(error instanceof UnsupportedType)) throw error;
      }
    }),
    { numRuns: 5000 },
  );
}

const readers: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  PRELOGIN: readPrelogin,
  LOGIN7: readLogin7,
  SQLBatch: readSqlBatch,
  RPC: readRpcRequest,
  'RPC behind good headers': (bytes) => readRpcRequest(Uint8Array.of(4, 0, 0, 0, ...bytes)),
  'transaction request': (bytes) => readTransactionRequest(Uint8Array.of(4, 0, 0, 0, ...bytes)),
  'bulk load': (bytes) => {
    const reader = new BulkLoadReader((columns) => new BulkRowValues(columns));
    reader.push(bytes);
    reader.end();
  },
  packets: (bytes) => {
    const messages = new MessageAssembler(1024);
    for (const packet of new PacketReader().push(bytes)) messages.push(packet);
  },
  'server tokens': (bytes) => new TokenStream().push(bytes),
};

for (const [name, read] of Object.entries(readers)) test(`${name}: 5,000 random inputs`, () => holds(read));

test.run();
