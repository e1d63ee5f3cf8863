import { TBinaryProtocol, TFramedTransport, Thrift } from 'thrift';
import * as assert from 'uvu/assert';
import { MessageEnd } from '../../packages/copy/src/thrift/message-end.js';
import { readFetchedRows } from '../../packages/copy/src/thrift/row-set.js';
import { suite } from '../support/suite.js';

const test = suite('copy: where a Thrift message ends');

/** A FetchResults reply, written by npm thrift itself: two columns, one of them text, and fields that a reader must skip. */
function reply(): Buffer {
  let bytes = Buffer.alloc(0);
  const transport = new TFramedTransport(undefined, (framed) => {
    if (framed) bytes = Buffer.from(framed.subarray(4));
  });
  const out = new TBinaryProtocol(transport, true, true);
  const field = (type: Thrift.Type, id: number, write: () => void) => {
    out.writeFieldBegin('', type, id);
    write();
    out.writeFieldEnd();
  };
  const struct = (write: () => void) => {
    out.writeStructBegin('');
    write();
    out.writeFieldStop();
    out.writeStructEnd();
  };
  const { STRUCT, LIST, I32, I64, STRING, BOOL, MAP } = Thrift.Type;
  out.writeMessageBegin('FetchResults', Thrift.MessageType.REPLY, 7);
  struct(() =>
    field(STRUCT, 0, () =>
      struct(() => {
        field(STRUCT, 1, () =>
          struct(() => {
            field(I32, 1, () => out.writeI32(0));
            field(LIST, 2, () => {
              out.writeListBegin(STRING, 2);
              out.writeString('one');
              out.writeString('');
            });
          }),
        );
        field(BOOL, 2, () => out.writeBool(false));
        field(STRUCT, 3, () =>
          struct(() => {
            field(I64, 1, () => out.writeI64(40));
            field(LIST, 2, () => out.writeListBegin(STRUCT, 0));
            field(LIST, 3, () => {
              out.writeListBegin(STRUCT, 2);
              struct(() =>
                field(STRUCT, 4, () =>
                  struct(() => {
                    field(LIST, 1, () => {
                      out.writeListBegin(I32, 3);
                      for (const value of [1, 2, 3]) out.writeI32(value);
                    });
                    field(STRING, 2, () => out.writeBinary(Buffer.from([0b010])));
                  }),
                ),
              );
              struct(() =>
                field(STRUCT, 7, () =>
                  struct(() => {
                    field(LIST, 1, () => {
                      out.writeListBegin(STRING, 3);
                      for (const value of ['a', '', 'ü😀']) out.writeString(value);
                    });
                    field(STRING, 2, () => out.writeBinary(Buffer.from([0])));
                  }),
                ),
              );
            });
            field(MAP, 99, () => {
              out.writeMapBegin(STRING, STRUCT, 1);
              out.writeString('key');
              struct(() => field(I32, 1, () => out.writeI32(5)));
            });
          }),
        );
      }),
    ),
  );
  out.writeMessageEnd();
  transport.flush();
  return bytes;
}

test('found at the last byte and not before, wherever the message is cut', () => {
  const message = reply();
  const withMore = Buffer.concat([message, Buffer.from([0x80, 1, 0, 2, 9, 9])]);
  for (let cut = 0; cut < message.length; cut += 1) {
    const end = new MessageEnd();
    assert.is(end.find(message.subarray(0, cut)), undefined, `cut at ${cut}`);
    assert.ok(end.wanted > cut && end.wanted <= message.length, `wants ${end.wanted} at ${cut}`);
    assert.is(end.find(withMore), message.length, `after a cut at ${cut}`);
  }
  const slowly = new MessageEnd();
  for (let cut = 0; cut < message.length; cut += 1) assert.is(slowly.find(message.subarray(0, cut)), undefined);
  assert.is(slowly.find(message), message.length);
});

test('bytes of somebody else are refused at once', () => {
  for (const text of ['HTTP/1.1 400 Bad Request', 'SSH-2.0-OpenSSH_9.2'])
    assert.throws(() => new MessageEnd().find(Buffer.from(text)), /no message header/);
  const broken = reply();
  broken[8 + 12 + 4] = 77;
  assert.throws(() => new MessageEnd().find(broken), /no field type 77/);
});

test('the columns are read, what is unknown is skipped', () => {
  const fetched = readFetchedRows(reply(), 7);
  assert.equal([fetched.rows, fetched.startRowOffset, fetched.columns.map(({ kind }) => kind)], [3, 40, [4, 7]]);
  assert.throws(() => readFetchedRows(reply(), 8), /FetchResults/);
  assert.throws(() => readFetchedRows(reply().subarray(0, 100), 7), /rows end early/);
});

test.run();
