import { CrossviewError } from '@crossview/contracts';

export interface KeyVaultRequest {
  /** The vault's name, or its address `https://myvault.vault.azure.net/`. */
  readonly vault: string;
  readonly name: string;
  /** The newest without it. */
  readonly version: string | undefined;
}

/** Version of Key Vault's REST interface. */
const apiVersion = '7.4';
const limitMilliseconds = 20_000;

/** Where a vault is, and the scope of tokens for it; clouds other than the public one have other suffixes. */
export function vaultAddress(vault: string): { origin: string; scope: string } {
  const host = /^https?:\/\//.test(vault)
    ? new URL(vault).host
    : vault.includes('.')
      ? vault
      : `${vault}.vault.azure.net`;
  return { origin: `https://${host}`, scope: `https://${host.slice(host.indexOf('.') + 1)}/.default` };
}

/**
 * Reads a secret of an Azure Key Vault ("Get Secret" of its REST interface).
 * @param token gives an Entra token for a scope.
 * @returns `undefined` when the vault has no such secret.
 * @throws CrossviewError `KEY_VAULT_REFUSED`, `KEY_VAULT_UNREACHABLE`, and what `token` throws.
 */
export async function keyVaultSecret(
  { vault, name, version }: KeyVaultRequest,
  token: (scope: string) => Promise<string>,
  get: typeof fetch = fetch,
): Promise<string | undefined> {
  const { origin, scope } = vaultAddress(vault);
  const path = ['secrets', name, ...(version ? [version] : [])].map(encodeURIComponent).join('/');
  const authorization = `Bearer ${await token(scope)}`;
  const facts = { vault: origin, name };
  let status: number;
  let body: { value?: unknown; error?: { code?: string; message?: string } };
  try {
    const response = await get(`${origin}/${path}?api-version=${apiVersion}`, {
      headers: { authorization, accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(limitMilliseconds),
    });
    status = response.status;
    body = (await response.json().catch(() => ({}))) as typeof body;
  } catch (cause) {
    const { message, cause: inner } = cause as Error & { cause?: Error };
    throw new CrossviewError('KEY_VAULT_UNREACHABLE', `${origin} cannot be reached: ${inner?.message ?? message}`, {
      hint: 'Check the name of the vault, its firewall, and the proxy of this machine.',
      facts,
      cause,
    });
  }
  if (status === 404) return undefined;
  if (status === 200 && typeof body.value === 'string') return body.value;
  throw new CrossviewError(
    'KEY_VAULT_REFUSED',
    `${origin} does not give secret ${name}: HTTP ${status} ${body.error?.code ?? ''} ${body.error?.message ?? ''}`.trimEnd(),
    { hint: 'The identity needs the role "Key Vault Secrets User", or the access policy "Get" for secrets.', facts },
  );
}
