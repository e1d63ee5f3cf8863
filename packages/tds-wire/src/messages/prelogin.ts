import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedBytes } from '../bytes/not-enough-bytes.js';

/** ENCRYPTION values (MS-TDS 2.2.6.5). */
export const Encryption = { off: 0, on: 1, notSupported: 2, required: 3 } as const;

export interface Prelogin {
  /** Major, minor, build. */
  readonly version: readonly [number, number, number];
  readonly encryption: number;
  /** Multiple active result sets asked for or granted. */
  readonly mars: boolean;
  /** FEDAUTHREQUIRED: present when the client can log in by token. */
  readonly federated: boolean | undefined;
}

const Option = {
  version: 0,
  encryption: 1,
  instance: 2,
  thread: 3,
  mars: 4,
  trace: 5,
  federated: 6,
  nonce: 7,
  end: 0xff,
};

/** MS-TDS 2.2.6.5. @throws MalformedBytes when an option points outside the message. */
export function readPrelogin(body: Uint8Array): Prelogin {
  const reader = new ByteReader(body);
  let version: [number, number, number] = [0, 0, 0];
  let encryption: number = Encryption.off;
  let mars = false;
  let federated: boolean | undefined;
  for (;;) {
    if (reader.remaining < 1) throw new MalformedBytes('PRELOGIN has no terminator');
    const option = reader.uint8();
    if (option === Option.end) break;
    if (reader.remaining < 4) throw new MalformedBytes('PRELOGIN ends inside an option');
    const offset = reader.uint16BigEndian();
    const length = reader.uint16BigEndian();
    if (offset + length > body.length) throw new MalformedBytes(`PRELOGIN option ${option} points outside the message`);
    const data = body.subarray(offset, offset + length);
    if (option === Option.version && length >= 4) version = [data[0]!, data[1]!, (data[2]! << 8) | data[3]!];
    else if (option === Option.encryption && length >= 1) encryption = data[0]!;
    else if (option === Option.mars && length >= 1) mars = data[0] === 1;
    else if (option === Option.federated && length >= 1) federated = data[0] === 1;
  }
  return { version, encryption, mars, federated };
}

export function writePrelogin(prelogin: Prelogin): Uint8Array {
  const [major, minor, build] = prelogin.version;
  const options: [number, Uint8Array][] = [
    [Option.version, Uint8Array.of(major, minor, build >> 8, build & 0xff, 0, 0)],
    [Option.encryption, Uint8Array.of(prelogin.encryption)],
    [Option.instance, Uint8Array.of(0)],
    [Option.thread, new Uint8Array(0)],
    [Option.mars, Uint8Array.of(prelogin.mars ? 1 : 0)],
  ];
  if (prelogin.federated !== undefined) options.push([Option.federated, Uint8Array.of(prelogin.federated ? 1 : 0)]);
  const writer = new ByteWriter(128);
  let offset = options.length * 5 + 1;
  for (const [option, data] of options) {
    writer.uint8(option).uint16BigEndian(offset).uint16BigEndian(data.length);
    offset += data.length;
  }
  writer.uint8(Option.end);
  for (const [, data] of options) writer.put(data);
  return writer.flush();
}
