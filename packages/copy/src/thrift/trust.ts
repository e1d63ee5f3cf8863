import { existsSync, readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { CrossviewError } from '@crossview/contracts';

/** Where Linux and BSD keep the bundle of the system's certificate authorities. */
const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** Authorities of the system's trust store; `SSL_CERT_FILE` names another, as for OpenSSL. Node 22 can ask macOS and Windows. */
function systemAuthorities(): string[] {
  const file = process.env.SSL_CERT_FILE ?? systemBundles.find((bundle) => existsSync(bundle));
  const asked = (tls as { getCACertificates?: (kind: string) => string[] }).getCACertificates;
  if (process.env.SSL_CERT_FILE === undefined && asked !== undefined)
    return [...tls.rootCertificates, ...asked('system')];
  return file === undefined ? [...tls.rootCertificates] : [...tls.rootCertificates, readFileSync(file, 'utf8')];
}

/** @throws CrossviewError `COPY_TRUSTED_CERTIFICATES_UNREADABLE`. */
export function trustedAuthorities(trustedCertPath: string | undefined, useSystemTrustStore: boolean): string[] {
  if (useSystemTrustStore) return systemAuthorities();
  if (trustedCertPath === undefined) return [...tls.rootCertificates];
  try {
    const text = readFileSync(trustedCertPath, 'utf8');
    if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new Error('it holds no certificate in PEM form');
    return [text];
  } catch (cause) {
    throw new CrossviewError(
      'COPY_TRUSTED_CERTIFICATES_UNREADABLE',
      `trustedCertPath ${trustedCertPath} cannot be used: ${(cause as Error).message}`,
      { hint: 'Give the full path of a PEM file with the certificate authorities to trust.', cause },
    );
  }
}
