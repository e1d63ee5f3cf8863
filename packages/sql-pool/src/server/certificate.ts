import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selfSigned } from './self-signed.js';

export interface Certificate {
  readonly key: string;
  /** PEM; it is its own authority. */
  readonly certificate: string;
}

const names = ['localhost', '*.database.windows.net', '*.sql.azuresynapse.net'];

/** The pool's certificate, made on first use and kept with its key (mode 0600) in the data directory. */
export async function loadCertificate(directory: string): Promise<Certificate> {
  const file = join(directory, 'certificate.pem');
  const keyFile = join(directory, 'certificate.key');
  try {
    const certificate = readFileSync(file, 'utf8');
    const key = readFileSync(keyFile, 'utf8');
    const weeks = 14 * 24 * 3600_000;
    if (Date.parse(new X509Certificate(certificate).validTo) > Date.now() + weeks) return { key, certificate };
  } catch {
    // None yet, or not readable: a new one is made.
  }
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const made = await selfSigned({
    commonName: 'localhost',
    dnsNames: names,
    addresses: ['127.0.0.1'],
    notAfter: new Date(Date.now() + 5 * 365 * 24 * 3600_000),
  });
  writeFileSync(keyFile, made.key, { mode: 0o600 });
  chmodSync(keyFile, 0o600);
  writeFileSync(file, made.certificate, { mode: 0o600 });
  return made;
}
