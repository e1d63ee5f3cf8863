import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls';
import { CrossviewError } from '@crossview/contracts';
import type { Endpoint, TlsSettings } from './transport.js';
import { trustedAuthorities } from './trust.js';

const selfSigned = new Set(['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN']);

/** Connects, with TLS when the endpoint wants it, and has the certificate checked as the linked service says. */
export function openSocket(endpoint: Endpoint): Promise<Socket> {
  const { host, port, connectTimeout } = endpoint;
  return new Promise((resolve, reject) => {
    const socket =
      endpoint.tls === undefined ? connectTcp({ host, port }) : connectTlsTo(endpoint, endpoint.tls, reject);
    const timer = setTimeout(() => {
      socket.destroy();
      reject(
        new CrossviewError('COPY_SERVER_UNREACHABLE', `${host}:${port} did not answer in ${connectTimeout} ms`, {
          hint: 'Check host and port, and whether a firewall stands in between.',
          facts: { host, port },
        }),
      );
    }, connectTimeout);
    const refuse = (cause: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(explain(cause as NodeJS.ErrnoException, endpoint));
    };
    socket.once('error', refuse);
    socket.once('close', () => refuse(new Error('the server closed the connection during the greeting')));
    socket.once(endpoint.tls === undefined ? 'connect' : 'secureConnect', () => {
      clearTimeout(timer);
      const refused = endpoint.tls && verdict(socket as TLSSocket, endpoint.tls, host);
      if (refused) return refuse(refused);
      socket.removeAllListeners('error');
      socket.removeAllListeners('close');
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 30_000);
      resolve(socket);
    });
  });
}

function connectTlsTo(endpoint: Endpoint, settings: TlsSettings, reject: (error: Error) => void): TLSSocket {
  let authorities: string[] | undefined;
  try {
    authorities = settings.validate
      ? trustedAuthorities(settings.trustedCertPath, settings.useSystemTrustStore)
      : undefined;
  } catch (error) {
    reject(error as Error);
  }
  return connectTls({
    host: endpoint.host,
    port: endpoint.port,
    ...(isIP(endpoint.host) === 0 ? { servername: endpoint.host } : {}),
    ...(authorities === undefined ? {} : { ca: authorities }),
    // The verdict is given below: it knows exceptions that Node's own check does not.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
}

/** Why the certificate is refused. Chain first, then dates, then the name: a forgiven self-signature forgives nothing else. */
function verdict(socket: TLSSocket, settings: TlsSettings, host: string): Error | undefined {
  if (!settings.validate) return undefined;
  const code = socket.authorizationError as unknown as string | Error | null;
  if (!socket.authorized && code) {
    const name = typeof code === 'string' ? code : ((code as NodeJS.ErrnoException).code ?? code.message);
    if (!(settings.allowSelfSigned && selfSigned.has(name))) return Object.assign(new Error(name), { code: name });
  }
  const certificate = socket.getPeerCertificate();
  const now = Date.now();
  if (Date.parse(certificate.valid_to) < now) return coded('CERT_HAS_EXPIRED', `it ended ${certificate.valid_to}`);
  if (Date.parse(certificate.valid_from) > now)
    return coded('CERT_NOT_YET_VALID', `it begins ${certificate.valid_from}`);
  if (!settings.allowHostNameMismatch) return checkServerIdentity(host, certificate);
  return undefined;
}

const coded = (code: string, message: string): Error => Object.assign(new Error(message), { code });

const certificateHints: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'The server needs a new certificate.',
  CERT_NOT_YET_VALID: 'Check the clocks of both machines.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'Use the name that stands in the certificate as host; version 1.0 can pass over it with allowHostNameCNMismatch.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'Version 1.0: trustedCertPath with the certificate, or allowSelfSignedServerCert. Version 2.0: put it into the system trust store.',
  SELF_SIGNED_CERT_IN_CHAIN:
    'Version 1.0: trustedCertPath with the certificate authority. Version 2.0: put it into the system trust store.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'The authority that signed it is not trusted. Version 1.0: trustedCertPath or useSystemTrustStore; version 2.0: the system trust store.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'The authority that signed it is not trusted. Version 1.0: trustedCertPath or useSystemTrustStore; version 2.0: the system trust store.',
};

function explain(cause: NodeJS.ErrnoException, { host, port, tls }: Endpoint): CrossviewError {
  const code = cause.code ?? '';
  const hint = certificateHints[code];
  if (hint !== undefined)
    return new CrossviewError(
      'COPY_CERTIFICATE_REFUSED',
      `the certificate of ${host}:${port} is refused: ${code}${cause.message === code ? '' : `, ${cause.message}`}`,
      { hint, facts: { host, port, reason: code }, cause },
    );
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new CrossviewError('COPY_SERVER_UNREACHABLE', `there is no host ${host}`, {
      hint: 'Check host of the linked service.',
      facts: { host, port, reason: code },
      cause,
    });
  if (tls !== undefined && (code === 'EPROTO' || code.startsWith('ERR_SSL') || code === '' || code === 'ECONNRESET'))
    return new CrossviewError('COPY_SERVER_UNREACHABLE', `${host}:${port} does not speak TLS: ${cause.message}`, {
      hint: 'Set enableSsl to false when the server has no TLS (version 2.0 turns it on by default).',
      facts: { host, port, reason: code || 'EPROTO' },
      cause,
    });
  return new CrossviewError('COPY_SERVER_UNREACHABLE', `no connection to ${host}:${port}: ${cause.message}`, {
    hint: 'Check host and port, and that the Spark Thrift server runs.',
    facts: { host, port, reason: code },
    cause,
  });
}
