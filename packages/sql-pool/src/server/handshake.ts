import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import {
  Encryption,
  framePackets,
  MalformedBytes,
  MessageAssembler,
  PacketCounter,
  PacketReader,
  PacketType,
  readPrelogin,
  writePrelogin,
} from '@crossview/tds-wire';
import type { Certificate } from './certificate.js';
import { TlsInPrelogin } from './tls-in-prelogin.js';
import { version } from './version.js';

const tlsRecord = 0x16;

function isLoopback({ remoteAddress = '' }: Socket): boolean {
  return /^(::ffff:)?127\.|^::1$/.test(remoteAddress);
}

/** One chunk of bytes, or an error when the peer goes. */
async function firstBytes(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    socket.once('close', () => reject(new Error('closed before the first byte')));
    socket.once('readable', () => {
      const bytes = socket.read() as Buffer | null;
      if (bytes) resolve(bytes);
      else reject(new Error('closed before the first byte'));
    });
  });
}

export interface Secured {
  readonly stream: Duplex;
  /** TDS 8: TLS came first, and PRELOGIN comes inside of it. */
  readonly strict: boolean;
}

/** PRELOGIN, then TLS inside of it; or TLS first for TDS 8 (MS-TDS 3.2.5.1). */
export async function handshake(socket: Socket, certificate: Certificate): Promise<Secured> {
  let bytes = await firstBytes(socket);
  if (bytes[0] === tlsRecord) {
    socket.unshift(bytes);
    const secure = new TLSSocket(socket, {
      isServer: true,
      secureContext: createSecureContext({ key: certificate.key, cert: certificate.certificate }),
      ALPNProtocols: ['tds/8.0'],
    });
    secure.on('error', () => secure.destroy());
    return { stream: secure, strict: true };
  }
  const packets = new PacketReader();
  const messages = new MessageAssembler(64 * 1024);
  for (;;) {
    for (const packet of packets.push(bytes)) {
      const message = messages.push(packet);
      if (!message) continue;
      if (message.type !== PacketType.prelogin)
        throw new MalformedBytes(`the first message is of type ${message.type}, not PRELOGIN`);
      const asked = readPrelogin(message.body);
      // TLS always, unless the client cannot: then only from this very host. Others are told to encrypt, and then it is theirs to end.
      const bare = asked.encryption === Encryption.notSupported && isLoopback(socket);
      const encryption = bare
        ? Encryption.notSupported
        : asked.encryption === Encryption.notSupported
          ? Encryption.required
          : Encryption.on;
      const answer = writePrelogin({ version, encryption, mars: false, federated: asked.federated });
      const rest = Buffer.from(packets.drain());
      socket.write(framePackets(PacketType.response, answer, 4096, new PacketCounter()));
      if (bare) {
        if (rest.length > 0) socket.unshift(rest);
        return { stream: socket, strict: false };
      }
      const bridge = new TlsInPrelogin(socket, rest);
      // Inside PRELOGIN the session tickets of TLS 1.3 would come after the handshake and confuse clients.
      const secureContext = createSecureContext({
        key: certificate.key,
        cert: certificate.certificate,
        maxVersion: 'TLSv1.2',
      });
      const secure = new TLSSocket(bridge as unknown as Socket, { isServer: true, secureContext });
      secure.on('error', () => bridge.destroy());
      bridge.on('error', () => socket.destroy());
      bridge.on('close', () => secure.destroy());
      return { stream: secure, strict: false };
    }
    bytes = await firstBytes(socket);
  }
}
