import { ByteReader, decodeUtf16 } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { MalformedBytes, NotEnoughBytes } from '../bytes/not-enough-bytes.js';

/** MS-TDS 2.2.7.13, TDSVersion of LOGIN7. */
export const TdsVersion = { v72: 0x72090002, v73: 0x730b0003, v74: 0x74000004, v80: 0x08000000 } as const;

export interface FederatedLogin {
  /** bFedAuthLibrary (MS-TDS 2.2.6.4): 1 security token, 2 ADAL. */
  readonly library: number;
  /** A secret; with the ADAL library it comes in a message of its own, after FEDAUTHINFO. */
  readonly token: string | undefined;
}

export interface Login7 {
  readonly tdsVersion: number;
  readonly packetSize: number;
  readonly hostName: string;
  readonly userName: string;
  /** A secret. */
  readonly password: string;
  readonly applicationName: string;
  readonly serverName: string;
  readonly libraryName: string;
  readonly database: string;
  /** The client asks for integrated security (SSPI). */
  readonly integrated: boolean;
  readonly readOnlyIntent: boolean;
  readonly federated: FederatedLogin | undefined;
  /** Feature ids of the FeatureExt block, in order. */
  readonly features: readonly number[];
}

export const Feature = {
  sessionRecovery: 0x01,
  federatedAuthentication: 0x02,
  columnEncryption: 0x04,
  globalTransactions: 0x05,
  azureSupport: 0x08,
  dataClassification: 0x09,
  utf8: 0x0a,
} as const;

const fixedLength = 94;

/** MS-TDS 2.2.6.4. @throws MalformedBytes when a length or an offset is impossible. */
export function readLogin7(body: Uint8Array): Login7 {
  if (body.length < fixedLength) throw new MalformedBytes(`LOGIN7 of ${body.length} bytes`);
  const head = new ByteReader(body);
  if (head.uint32() > body.length) throw new MalformedBytes('LOGIN7 gives a length over its own');
  const tdsVersion = head.uint32();
  const packetSize = head.uint32();
  const optionFlags2 = body[25]!;
  const typeFlags = body[26]!;
  const optionFlags3 = body[27]!;
  const pair = (at: number): Uint8Array => {
    const reader = new ByteReader(body, at);
    const offset = reader.uint16();
    const length = reader.uint16() * 2;
    if (offset + length > body.length) throw new MalformedBytes(`LOGIN7 field at ${at} points outside the message`);
    return body.subarray(offset, offset + length);
  };
  const text = (at: number): string => decodeUtf16(pair(at));
  let features: number[] = [];
  let federated: FederatedLogin | undefined;
  if (optionFlags3 & 0x10) {
    const extension = new ByteReader(body, 56).uint16();
    ({ features, federated } = readFeatures(body, extension));
  }
  return {
    tdsVersion,
    packetSize,
    hostName: text(36),
    userName: text(40),
    password: decodeUtf16(unscramble(pair(44))),
    applicationName: text(48),
    serverName: text(52),
    libraryName: text(60),
    database: text(68),
    integrated: (optionFlags2 & 0x80) !== 0,
    readOnlyIntent: (typeFlags & 0x20) !== 0,
    federated,
    features,
  };
}

function readFeatures(body: Uint8Array, at: number): { features: number[]; federated: FederatedLogin | undefined } {
  const features: number[] = [];
  let federated: FederatedLogin | undefined;
  try {
    const reader = new ByteReader(body, new ByteReader(body, at).uint32());
    for (let id = reader.uint8(); id !== 0xff; id = reader.uint8()) {
      const data = reader.take(reader.uint32());
      features.push(id);
      if (id === Feature.federatedAuthentication) federated = readFederated(data);
    }
  } catch (error) {
    if (error instanceof NotEnoughBytes) throw new MalformedBytes('LOGIN7 feature block points outside the message');
    throw error;
  }
  return { features, federated };
}

function readFederated(data: Uint8Array): FederatedLogin {
  const reader = new ByteReader(data);
  const library = reader.uint8() >> 1;
  if (library !== 1) return { library, token: undefined };
  return { library, token: decodeUtf16(reader.take(reader.uint32())) };
}

/** Undoes the obfuscation of the password (MS-TDS 2.2.6.4): XOR 0xA5, then the halves of each byte swapped. */
function unscramble(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => {
    const value = byte ^ 0xa5;
    return ((value << 4) | (value >> 4)) & 0xff;
  });
}

function scramble(text: string): Uint8Array {
  return new ByteWriter(text.length * 2)
    .text(text)
    .flush()
    .map((byte) => (((byte << 4) | (byte >> 4)) & 0xff) ^ 0xa5);
}

/** The other direction, for clients: SQL login, or a security token when `federated` is given. */
export function writeLogin7(login: Pick<Login7, 'userName' | 'password' | 'database'> & Partial<Login7>): Uint8Array {
  const fields: [number, Uint8Array, number][] = [];
  const add = (at: number, value: string, scrambled = false) => {
    const bytes = scrambled ? scramble(value) : new ByteWriter(value.length * 2).text(value).flush();
    fields.push([at, bytes, value.length]);
  };
  add(36, login.hostName ?? '');
  add(40, login.userName);
  add(44, login.password, true);
  add(48, login.applicationName ?? '');
  add(52, login.serverName ?? '');
  add(60, login.libraryName ?? 'crossview');
  add(64, '');
  add(68, login.database);
  const writer = new ByteWriter(512);
  for (let index = 0; index < fixedLength; index++) writer.uint8(0);
  writer.patchUint32(4, login.tdsVersion ?? TdsVersion.v74).patchUint32(8, login.packetSize ?? 4096);
  writer.view()[25] = login.integrated ? 0x80 : 0;
  for (const [at, bytes, characters] of fields) {
    writer.patchUint16(at, writer.length).patchUint16(at + 2, characters);
    writer.put(bytes);
  }
  const token = login.federated?.token;
  if (token !== undefined) {
    writer.view()[27] = 0x10;
    writer.patchUint16(56, writer.length).patchUint16(58, 4);
    writer.uint32(writer.length + 4);
    writer.uint8(Feature.federatedAuthentication).uint32(5 + token.length * 2);
    writer
      .uint8(1 << 1)
      .uint32(token.length * 2)
      .text(token);
    writer.uint8(0xff);
  }
  writer.patchUint32(0, writer.length);
  return writer.flush();
}
