import type { TokenCredential } from '@azure/identity';
import { CrossviewError } from '@crossview/contracts';
import type { Profile } from './load-config.js';
import type { EntraAuthentication } from './schema.js';
import { secretValue } from './secret-value.js';

export const databaseScope = 'https://database.windows.net/.default';
export const storageScope = 'https://storage.azure.com/.default';

/** Where the code of a device sign-in is shown: standard error, until a session says better. */
let tellUser: (message: string) => void = (message) => console.error(message);

export function showSignIn(tell: (message: string) => void): void {
  tellUser = tell;
}

/** Milliseconds for a token: an endpoint that is not there may not answer at all. */
const limit = 30_000;

const credentials = new Map<string, Promise<TokenCredential>>();

/** `@azure/identity` takes a third of a second to load, so it is loaded by the first token only. */
async function makeCredential(authentication: EntraAuthentication, profile: Profile): Promise<TokenCredential> {
  const identity = await import('@azure/identity');
  const { method, tenantId, clientId, clientSecret } = authentication;
  switch (method) {
    case 'azure-cli':
      return new identity.AzureCliCredential(tenantId === undefined ? {} : { tenantId });
    case 'managed-identity':
      return clientId === undefined
        ? new identity.ManagedIdentityCredential()
        : new identity.ManagedIdentityCredential({ clientId });
    case 'service-principal':
      if (!tenantId || !clientId || !clientSecret)
        throw new CrossviewError('CONFIG_INVALID', 'a service principal needs tenantId, clientId and clientSecret', {
          hint: `Complete the authentication in profile "${profile.name}".`,
        });
      return new identity.ClientSecretCredential(
        tenantId,
        clientId,
        secretValue(clientSecret, profile, 'the secret of the service principal'),
      );
    case 'device-code':
      return new identity.DeviceCodeCredential({
        ...(tenantId === undefined ? {} : { tenantId }),
        ...(clientId === undefined ? {} : { clientId }),
        // The library's own words: the address to open and the code to type there.
        userPromptCallback: ({ message }) => tellUser(message),
      });
    case 'default':
      return new identity.DefaultAzureCredential(tenantId === undefined ? {} : { tenantId });
  }
}

/**
 * A fresh access token; the library keeps it until shortly before it ends.
 * @throws CrossviewError `ENTRA_FAILED` with what the library said.
 */
export async function entraToken(
  authentication: EntraAuthentication,
  profile: Profile,
  scope: string,
): Promise<{ token: string; expiresOn: number }> {
  const key = JSON.stringify([profile.file, profile.name, authentication]);
  let credential = credentials.get(key);
  if (!credential) {
    credential = makeCredential(authentication, profile);
    credentials.set(key, credential);
    credential.catch(() => credentials.delete(key));
  }
  try {
    // Someone types the code of a device sign-in; the other ways answer or do not.
    const patience = authentication.method === 'device-code' ? {} : { abortSignal: AbortSignal.timeout(limit) };
    const token = await (await credential).getToken(scope, patience);
    if (token) return { token: token.token, expiresOn: token.expiresOnTimestamp };
    throw new Error('no token was given');
  } catch (cause) {
    if (cause instanceof CrossviewError) throw cause;
    throw new CrossviewError(
      'ENTRA_FAILED',
      `no Entra token for ${new URL(scope).host} by "${authentication.method}"`,
      {
        hint: `${cause instanceof Error ? cause.message : String(cause)}\nSign in ("az login"), or change the authentication of profile "${profile.name}".`,
        facts: { method: authentication.method, profile: profile.name },
        cause,
      },
    );
  }
}
