import { createPublicKey, generateKeyPair, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';

/** An element of DER (X.690 8.1): tag, length, content. */
function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 128) return Buffer.concat([Uint8Array.of(tag, body.length), body]);
  const length = body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...length), body]);
}

const sequence = (...content: readonly Uint8Array[]) => element(0x30, ...content);
const octets = (content: Uint8Array) => element(0x04, content);
const yes = element(0x01, Uint8Array.of(0xff));
const bits = (content: Uint8Array) => element(0x03, Uint8Array.of(0), content);
const ascii = (text: string) => Buffer.from(text, 'latin1');

function identifier(text: string): Buffer {
  const [first, second, ...rest] = text.split('.').map(Number) as [number, number, ...number[]];
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return element(0x06, Uint8Array.from(bytes));
}

/** UTCTime until 2049, GeneralizedTime after it (RFC 5280 4.1.2.5). */
function time(moment: Date): Buffer {
  const text = `${moment.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`;
  return moment.getUTCFullYear() < 2050 ? element(0x17, ascii(text.slice(2))) : element(0x18, ascii(text));
}

const sha256WithRsa = sequence(identifier('1.2.840.113549.1.1.11'), element(0x05));

export interface SelfSignedOptions {
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  /** IPv4. */
  readonly addresses: readonly string[];
  readonly notAfter: Date;
}

/**
 * A certificate (RFC 5280) that is its own authority, with an RSA key of 2,048 bits made off the main thread. Written here because the
 * libraries for it take longer to load than the pool to start.
 * @returns PEM
 */
export async function selfSigned(options: SelfSignedOptions): Promise<{ key: string; certificate: string }> {
  const pair = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const name = sequence(element(0x31, sequence(identifier('2.5.4.3'), element(0x0c, Buffer.from(options.commonName)))));
  const names = sequence(
    ...options.dnsNames.map((dns) => element(0x82, ascii(dns))),
    ...options.addresses.map((address) => element(0x87, Uint8Array.from(address.split('.').map(Number)))),
  );
  const extensions = sequence(
    sequence(identifier('2.5.29.19'), yes, octets(sequence(yes))),
    sequence(identifier('2.5.29.17'), octets(names)),
  );
  const toSign = sequence(
    element(0xa0, element(0x02, Uint8Array.of(2))),
    element(0x02, serial),
    sha256WithRsa,
    name,
    sequence(time(new Date(Date.now() - 3600_000)), time(options.notAfter)),
    name,
    createPublicKey(pair.publicKey).export({ type: 'spki', format: 'der' }),
    element(0xa3, extensions),
  );
  const der = sequence(toSign, sha256WithRsa, bits(sign('sha256', toSign, pair.privateKey)));
  const lines = der.toString('base64').match(/.{1,64}/g)!;
  return {
    key: pair.privateKey,
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}
