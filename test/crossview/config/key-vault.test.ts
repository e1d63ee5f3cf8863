import type { CrossviewError } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import { keyVaultSecret, vaultAddress } from '../../../packages/crossview/src/config/key-vault.js';
import { suite } from '../../support/suite.js';

const test = suite('secrets of an Azure Key Vault');

/** A vault that answers as the service's documentation says ("Get Secret", version 7.4). */
function vault(answers: Readonly<Record<string, { status: number; body: unknown }>>) {
  const asked: { url: string; authorization: string | null }[] = [];
  const get: typeof fetch = async (input, init) => {
    const url = String(input);
    asked.push({ url, authorization: new Headers(init?.headers).get('authorization') });
    const answer = answers[url] ?? { status: 404, body: { error: { code: 'SecretNotFound', message: 'not found' } } };
    return new Response(JSON.stringify(answer.body), { status: answer.status });
  };
  return { get, asked };
}

const token = async (scope: string) => `token for ${scope}`;

test('addresses and scopes, in other clouds too', () => {
  const expected = { origin: 'https://v.vault.azure.net', scope: 'https://vault.azure.net/.default' };
  assert.equal(vaultAddress('v'), expected);
  assert.equal(vaultAddress('https://v.vault.azure.net/'), expected);
  assert.equal(vaultAddress('https://v.vault.azure.cn').scope, 'https://vault.azure.cn/.default');
});

test('the newest version, or the one that is named', async () => {
  const url = 'https://v.vault.azure.net/secrets/pass';
  const { get, asked } = vault({
    [`${url}?api-version=7.4`]: { status: 200, body: { value: 'new', id: url } },
    [`${url}/1?api-version=7.4`]: { status: 200, body: { value: 'old', id: url } },
  });
  assert.is(await keyVaultSecret({ vault: 'v', name: 'pass', version: undefined }, token, get), 'new');
  assert.is(await keyVaultSecret({ vault: 'v', name: 'pass', version: '1' }, token, get), 'old');
  assert.is(await keyVaultSecret({ vault: 'v', name: 'none', version: undefined }, token, get), undefined);
  assert.is(asked[0]?.authorization, 'Bearer token for https://vault.azure.net/.default');
});

test('a vault that refuses, and one that is not there', async () => {
  const { get } = vault({
    'https://v.vault.azure.net/secrets/pass?api-version=7.4': {
      status: 403,
      body: { error: { code: 'Forbidden', message: 'Caller is not authorized' } },
    },
  });
  const failure = async (from: typeof fetch) =>
    keyVaultSecret({ vault: 'v', name: 'pass', version: undefined }, token, from).then(
      () => assert.unreachable() as never,
      (error: CrossviewError) => error,
    );
  const refused = await failure(get);
  assert.is(refused.code, 'KEY_VAULT_REFUSED');
  assert.match(refused.message, /Forbidden Caller is not authorized/);
  const gone = await failure(async () => {
    throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND v.vault.azure.net') });
  });
  assert.is(gone.code, 'KEY_VAULT_UNREACHABLE');
  assert.match(gone.message, /ENOTFOUND/);
});

test.run();
