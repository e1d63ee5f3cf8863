// A local pool in a process of its own, for tests that kill it: options as JSON in POOL_OPTIONS, the port on standard output.
import { startPool } from '@crossview/sql-pool';

process.once('disconnect', () => process.exit());
const { account, ...options } = JSON.parse(process.env.POOL_OPTIONS);
const pool = await startPool({
  ...options,
  host: '127.0.0.1',
  storage: async () => (await import('@crossview/synapse')).createStorageClient(),
  accounts: { account: async () => account },
  log: () => {},
});
process.send({
  port: pool.port,
  certificateAuthority: pool.certificateAuthority,
  certificateName: pool.certificateName,
});
