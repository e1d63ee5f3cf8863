import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as assert from 'uvu/assert';
import { runDoorBeside } from '../../support/door.js';
import { suite } from '../../support/suite.js';
import { TestWorkspace } from '../../support/workspace.js';

const minutes = 60_000;
const test = suite('what notebooks ask their profile for', undefined, { timeout: 3 * minutes });
const work = new TestWorkspace('credentials');
const connection = 'DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=a2V5MQ==;EndpointSuffix=core.windows.net';
const secrets = { APP_SECRET: 'hush-hush', STORE: connection };
work.profile({
  secrets: { vault1: { app: { env: 'APP_SECRET' } } },
  linkedServices: { Store: { env: 'STORE' } },
  variables: { Settings: { region: 'eu', rows: 7 } },
});

/** The endpoint of a managed identity, as App Service has it: the one that the Azure SDK takes from the environment. */
const asked: string[] = [];
let identity: Server;
test.before(async () => {
  identity = createServer((request, response) => {
    asked.push(
      `${new URL(request.url ?? '/', 'http://x').searchParams.get('resource')} ${request.headers['x-identity-header']}`,
    );
    const expires = Math.floor(Date.now() / 1000) + 3600;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: 'managed-token', expires_on: String(expires), token_type: 'Bearer' }));
  });
  await new Promise<void>((done) => identity.listen(0, '127.0.0.1', done));
});
test.after(() => void identity.close());

async function run(name: string, env: NodeJS.ProcessEnv = {}) {
  const argv = ['run', work.path(`${name}.ipynb`), '-o', work.path('out.ipynb')];
  return runDoorBeside(argv, { ...secrets, ...env }, { timeout: 2 * minutes });
}

test('tokens of Entra, secrets, linked services and variables, in Python and Scala', async () => {
  work.notebook('Both', [
    `from notebookutils import mssparkutils as utils
token = utils.credentials.getToken("Storage")
print("python token", token[::-1], utils.credentials.isValidToken(token), TokenLibrary.getAccessToken("DW")[:7])
print("shown:", token)
print("python secret", utils.credentials.getSecret("https://vault1.vault.azure.net/", "app")[::-1], TokenLibrary.getSecret("vault1", "app")[::-1])
print("python service", utils.credentials.getConnectionStringOrCreds("store").count(";"), TokenLibrary.getConnectionStringAsMap("Store")["AccountName"])
java = sc._jvm.com.microsoft.azure.synapse.tokenlibrary.TokenLibrary
print("java", java.getSecret("vault1", "app")[::-1], java.getConnectionStringAsMap("Store")["AccountName"])
library = notebookutils.variableLibrary.getLibrary("Settings")
print("python variables", library.region, library.rows + 1, notebookutils.variableLibrary.get("$(/**/Settings/region)"))`,
    `%%spark
import com.microsoft.azure.synapse.tokenlibrary.TokenLibrary
println("scala token " + mssparkutils.credentials.getToken("Vault").reverse + " " + TokenLibrary.getAccessToken("Storage").length)
println("scala secret " + TokenLibrary.getSecret("vault1", "app").reverse)
println("scala service " + mssparkutils.credentials.getConnectionStringOrCreds("Store").count(_ == ';') + " " + TokenLibrary.getConnectionStringAsMap("Store").get("AccountName"))
println("scala variables " + notebookutils.variableLibrary.getLibrary("Settings").getVariable("rows"))`,
  ]);
  const { port } = identity.address() as AddressInfo;
  const { code, stdout, stderr } = await run('Both', {
    IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`,
    IDENTITY_HEADER: 'header-value',
  });
  assert.is(code, 0, stdout + stderr);
  for (const line of [
    'python token nekot-deganam False managed',
    'shown: [REDACTED]',
    'python secret hsuh-hsuh hsuh-hsuh',
    'python service 3 acc',
    'java hsuh-hsuh acc',
    'python variables eu 8 eu',
    'scala token nekot-deganam 13',
    'scala secret hsuh-hsuh',
    'scala service 3 acc',
    'scala variables 7',
  ])
    assert.ok(stdout.includes(line), `${line} in:\n${stdout}`);
  assert.ok(asked.includes('https://storage.azure.com header-value'));
  assert.ok(asked.includes('https://database.windows.net header-value'));
  assert.ok(asked.includes('https://vault.azure.net header-value'));
});

test('what is not there is named at once, with what to do', async () => {
  const cells = [
    [
      'mssparkutils.credentials.getToken("Storage")',
      /ENTRA_FAILED|no Entra token for storage\.azure\.com by "default"/,
    ],
    ['mssparkutils.credentials.getToken("Storge")', /getToken knows no audience Storge/],
    ['mssparkutils.credentials.getSecret("vault1", "other")', /profile "local" has no secret other in vault vault1/],
    ['mssparkutils.credentials.getConnectionStringOrCreds("Shop")', /has no linked service Shop/],
    ['mssparkutils.credentials.putSecret("vault1", "a", "b")', /putSecret is not supported by Crossview/],
    [
      'notebookutils.variableLibrary.getLibrary("None")',
      /There is no variable library None; the profile has: Settings/,
    ],
    ['notebookutils.udf.getFunctions("f")', /notebookutils\.udf is not supported by Crossview/],
  ] as const;
  const code = (source: string) =>
    `from time import time\nstarted = time()\ntry:\n    ${source}\nexcept Exception as error:\n    print(error)\nprint("took", time() - started < 20)`;
  work.notebook(
    'Missing',
    cells.map(([source]) => `%%python\n${code(source)}`),
  );
  const { code: exit, stdout, stderr } = await run('Missing', { PATH: '/usr/bin:/bin' });
  assert.is(exit, 0, stdout + stderr);
  for (const [, pattern] of cells) assert.match(stdout, pattern);
  assert.not.match(stdout, /took False/);
});

test.run();
