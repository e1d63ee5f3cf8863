import { CrossviewError, type SecretDirectory } from '@crossview/contracts';
import type { Secret } from './common.js';
import type { Factory } from './factory.js';

/** Turns a SecureString or a reference into a Key Vault into its text. @throws CrossviewError as the directory does. */
export async function revealSecret(
  secret: Secret | undefined,
  factory: Factory,
  secrets: SecretDirectory | undefined,
): Promise<string | undefined> {
  if (secret === undefined || typeof secret === 'string') return secret;
  if (secret.type === 'SecureString') return secret.value;
  if (secrets === undefined)
    throw new CrossviewError(
      'COPY_SECRET_UNAVAILABLE',
      `secret ${secret.secretName} of ${secret.store.referenceName} cannot be looked up`,
      {
        hint: 'Secrets of a Key Vault come from the profile in force: see secrets in crossview.json.',
        facts: { vault: secret.store.referenceName, name: secret.secretName },
      },
    );
  return secrets.get(vaultOf(secret.store.referenceName, factory), secret.secretName, secret.secretVersion);
}

/** The vault's address when its linked service is there, otherwise the linked service's name. */
function vaultOf(name: string, factory: Factory): string {
  const { typeProperties } = factory.find('linkedService', name)?.properties ?? {};
  const baseUrl =
    typeProperties !== null && typeof typeProperties === 'object'
      ? (typeProperties as { baseUrl?: unknown }).baseUrl
      : undefined;
  return typeof baseUrl === 'string' ? baseUrl : name;
}
