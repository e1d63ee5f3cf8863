// A pool in a process of its own, for tests that kill it and benchmarks that measure it. Prints one line of JSON when it is up.

import { startPool } from '@crossview/sql-pool';
import { createStorageClient } from '@crossview/synapse';

const [directory, account, key, endpoint, memoryLimit] = process.argv.slice(2);
const pool = await startPool({
  directory: directory!,
  administrator: { user: 'crossview', password: 'Adm1n-of-the-tests' },
  storage: createStorageClient(),
  accounts: {
    account: async (name) => ({
      name,
      blobEndpoint: endpoint ?? `https://${name}.blob.core.windows.net`,
      credential: account === name && key ? { kind: 'key', key } : undefined,
      emulator: endpoint !== undefined,
    }),
  },
  ...(memoryLimit ? { memoryLimit } : {}),
});
process.stdout.write(`${JSON.stringify({ port: pool.port, ca: pool.certificateAuthority })}\n`);
// The parent's end is this one's.
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
