import type { Buffer } from 'node:buffer';

/** Carries one Thrift call at a time to a server and its reply back, whole. It does not know what is in them. */
export interface ThriftTransport {
  /** True when a lost connection costs a call, not the session: a new one may go on where the old one was. */
  readonly outlivesConnection: boolean;
  /**
   * @throws CrossviewError `COPY_CONNECTION_LOST`, `COPY_SERVER_UNREACHABLE`, `COPY_LOGIN_REFUSED`, `COPY_NOT_THRIFT`,
   *   `COPY_CERTIFICATE_REFUSED`, `COPY_TIMED_OUT`.
   */
  call(message: Buffer): Promise<Buffer>;
  /** May be called twice; a call under way fails. */
  close(): void;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsSettings | undefined;
  /** Milliseconds that connecting may take. */
  readonly connectTimeout: number;
  /** Milliseconds that one call may take; a fetch may wait for the server to compute. */
  readonly callTimeout: number;
}

/** What the linked service says about TLS, version 1.0 and 2.0 alike. */
export interface TlsSettings {
  readonly validate: boolean;
  /** PEM file with the certificate authorities to trust instead of the built-in ones. */
  readonly trustedCertPath: string | undefined;
  readonly useSystemTrustStore: boolean;
  readonly allowHostNameMismatch: boolean;
  readonly allowSelfSigned: boolean;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}
