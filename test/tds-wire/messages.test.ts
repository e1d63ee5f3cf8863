import {
  BulkLoadReader,
  BulkRowValues,
  ByteWriter,
  defaultCollation,
  Encryption,
  MalformedBytes,
  readLogin7,
  readPrelogin,
  readRpcRequest,
  readSqlBatch,
  readTransactionRequest,
  TypeId,
  typeInfo,
  writeColumnMetadata,
  writeDone,
  writeLogin7,
  writePrelogin,
  writeRow,
  writeRpcRequest,
  writeSqlBatch,
  writeTransactionRequest,
} from '@crossview/tds-wire';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('tds-wire messages');
const malformed = (error: unknown) => error instanceof MalformedBytes;

test('PRELOGIN comes back, and a cut one is malformed', () => {
  const prelogin = { version: [12, 0, 2000] as const, encryption: Encryption.on, mars: false, federated: true };
  const bytes = writePrelogin(prelogin);
  assert.equal(readPrelogin(bytes), prelogin);
  for (let cut = 0; cut < bytes.length - 1; cut++)
    assert.throws(() => readPrelogin(bytes.subarray(0, cut)), malformed, `cut at ${cut}`);
});

test('LOGIN7 comes back with its password and token', () => {
  const bytes = writeLogin7({
    userName: 'Ænn',
    password: 'pä$$ wörd',
    database: 'sqlpool',
    hostName: 'h',
    applicationName: 'app',
    packetSize: 8000,
  });
  const login = readLogin7(bytes);
  assert.is(login.userName, 'Ænn');
  assert.is(login.password, 'pä$$ wörd');
  assert.is(login.database, 'sqlpool');
  assert.is(login.packetSize, 8000);
  assert.is(login.federated, undefined);
  const token = readLogin7(
    writeLogin7({ userName: '', password: '', database: 'd', federated: { library: 1, token: 'abc' } }),
  );
  assert.equal(token.federated, { library: 1, token: 'abc' });
  for (let cut = 0; cut < bytes.length; cut++)
    assert.throws(() => readLogin7(bytes.subarray(0, cut)), malformed, `cut at ${cut}`);
});

test('a batch is its text behind the headers', () => {
  assert.is(readSqlBatch(writeSqlBatch('SELECT N\u0027é\u0027')), "SELECT N'é'");
  assert.throws(() => readSqlBatch(Uint8Array.of(1, 2)), malformed);
  assert.throws(() => readSqlBatch(Uint8Array.of(255, 255, 255, 255)), malformed);
});

test('transaction requests', () => {
  for (const action of ['begin', 'commit', 'rollback'] as const)
    assert.is(readTransactionRequest(writeTransactionRequest(action)).action, action);
});

test('an RPC call with parameters of several types comes back; cut anywhere it is malformed or shorter', () => {
  const call = {
    procedure: 'sp_executesql',
    withoutMetadata: false,
    parameters: [
      {
        name: '',
        output: false,
        useDefault: false,
        type: typeInfo(TypeId.nVarChar, { length: 8000, collation: defaultCollation }),
        value: 'SELECT @a',
      },
      { name: '@a', output: true, useDefault: false, type: typeInfo(TypeId.intN, { length: 4 }), value: 7 },
      { name: '@n', output: false, useDefault: false, type: typeInfo(TypeId.intN, { length: 8 }), value: null },
    ],
  };
  const bytes = writeRpcRequest(call);
  assert.equal(readRpcRequest(bytes), [call]);
  for (let cut = 0; cut < bytes.length; cut++) {
    try {
      const [read] = readRpcRequest(bytes.subarray(0, cut));
      assert.ok((read?.parameters.length ?? 0) < 3);
    } catch (error) {
      if (!malformed(error)) throw error;
    }
  }
});

test('bulk rows come out of any pieces', () => {
  const columns = [
    { name: 'id', type: typeInfo(TypeId.intN, { length: 4 }), nullable: true },
    { name: 'nm', type: typeInfo(TypeId.nVarChar, { length: 40 }), nullable: true },
  ];
  const writer = new ByteWriter();
  writeColumnMetadata(writer, columns);
  writeRow(writer, columns, [1, 'a']);
  writeRow(writer, columns, [2, null]);
  writeDone(writer, { kind: 'done', status: 0, command: 0, rows: 0n });
  const bytes = writer.flush();
  for (let cut = 0; cut <= bytes.length; cut++) {
    let taken: BulkRowValues | undefined;
    const reader = new BulkLoadReader((found) => (taken = new BulkRowValues(found)));
    reader.push(bytes.subarray(0, cut));
    reader.push(bytes.subarray(cut));
    reader.end();
    assert.is(reader.rows, 2);
    assert.equal(taken?.rows, [
      [1, 'a'],
      [2, null],
    ]);
  }
  const shortCount = new BulkLoadReader((found) => new BulkRowValues(found));
  shortCount.push(bytes.subarray(0, bytes.length - 4));
  shortCount.end();
  assert.is(shortCount.rows, 2);
  const cutOff = new BulkLoadReader((found) => new BulkRowValues(found));
  cutOff.push(bytes.subarray(0, bytes.length - 20));
  assert.throws(() => cutOff.end(), malformed);
});

test.run();
