import {
  ByteWriter,
  defaultCollation,
  EnvironmentChange,
  type ServerToken,
  TokenStream,
  TypeId,
  typeInfo,
  writeByteChange,
  writeColumnMetadata,
  writeDone,
  writeFeatureExtAck,
  writeLoginAck,
  writeReturnStatus,
  writeReturnValue,
  writeRow,
  writeServerMessage,
  writeTextChange,
} from '@crossview/tds-wire';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('tds-wire token stream');

function everyToken(): Uint8Array {
  const columns = [
    { name: 'id', type: typeInfo(TypeId.intN, { length: 4 }), nullable: false },
    { name: 'nm', type: typeInfo(TypeId.nVarChar, { length: 40, collation: defaultCollation }), nullable: true },
  ];
  const writer = new ByteWriter(16);
  writeTextChange(writer, EnvironmentChange.database, 'sqlpool', 'master');
  writeByteChange(writer, EnvironmentChange.collation, defaultCollation, new Uint8Array(0));
  writeLoginAck(writer, { tdsVersion: 0x74000004, program: 'Microsoft SQL Server', version: [12, 0, 2000] });
  writeFeatureExtAck(writer, new Map([[2, new Uint8Array(0)]]));
  writeServerMessage(writer, {
    number: 208,
    state: 1,
    severity: 16,
    text: "Invalid object name 'x'.",
    server: 's',
    procedure: 'p',
    line: 3,
  });
  writeServerMessage(writer, {
    number: 0,
    state: 1,
    severity: 0,
    text: 'printed',
    server: 's',
    procedure: '',
    line: 1,
  });
  writeColumnMetadata(writer, columns);
  writeRow(writer, columns, [1, 'a']);
  writeRow(writer, columns, [2, null]);
  writeReturnStatus(writer, -6);
  writeReturnValue(writer, { ordinal: 0, name: '@o', type: typeInfo(TypeId.intN, { length: 4 }), value: 42 });
  writeDone(writer, { kind: 'doneInProcedure', status: 0x11, command: 0xc1, rows: 2n });
  writeDone(writer, { kind: 'doneProcedure', status: 0, command: 0xe0, rows: 0n });
  writeDone(writer, { kind: 'done', status: 0x20, command: 0, rows: 0n });
  return writer.flush();
}

function read(pieces: readonly Uint8Array[]): ServerToken[] {
  const stream = new TokenStream();
  return pieces.flatMap((piece) => stream.push(piece));
}

test('every token is read', () => {
  const tokens = read([everyToken()]);
  assert.equal(
    tokens.map((token) => token.token),
    [
      'environment',
      'environment',
      'loginAck',
      'features',
      'message',
      'message',
      'columns',
      'row',
      'row',
      'returnStatus',
      'returnValue',
      'done',
      'done',
      'done',
    ],
  );
});

test('cut at every byte the tokens are the same', () => {
  const bytes = everyToken();
  const whole = JSON.stringify(read([bytes]), (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
  for (let cut = 0; cut <= bytes.length; cut++) {
    const tokens = read([bytes.subarray(0, cut), bytes.subarray(cut)]);
    assert.is(
      JSON.stringify(tokens, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)),
      whole,
      `cut at ${cut}`,
    );
  }
});

test.run();
