// A session that writes or reads as the JVM would, and is killed at one of its steps: what to do stands as JSON in WRITE_OPTIONS.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { connectSession, startSessionServer } from '@crossview/session-rpc';
import { createSqlClient, createStorageClient, createSynapse } from '@crossview/synapse';

const { target, account, root, sessionId, dieAt, write, read, parquet, rows } = JSON.parse(process.env.WRITE_OPTIONS);
mkdirSync(root, { recursive: true });
const session = await startSessionServer();
const storage = createStorageClient();
let count = -1;
createSynapse({
  pools: { resolve: async ({ database }) => ({ ...target, database: database ?? target.database }) },
  sql: createSqlClient(),
  storage,
  accounts: { account: async () => account },
  staging: { account: account.name, container: 'staging', prefix: '' },
  session,
  directories: { id: sessionId, root, arrow: join(root, 'arrow') },
  sessionId,
  log: () => {},
  onStep: () => {
    if (++count === dieAt) process.kill(process.pid, 'SIGKILL');
  },
});
const peer = await connectSession({ ...session.address, role: 'spark' });
if (write) {
  const plan = await peer.call('synapse.write.plan', write);
  const [, container, directory] = /^abfss?:\/\/([^@]+)@[^/]+\/(.*)$/.exec(plan.location);
  await storage.container(account, container).upload(parquet, `${directory}/part-0.snappy.parquet`);
  await peer.call('synapse.write.load', { planId: plan.planId, rows, stagingMilliseconds: 1 });
} else {
  const { planId } = await peer.call('synapse.read.plan', read);
  await peer.call('synapse.read.export', { planId, columns: ['id'], filters: [], limit: null });
  await peer.call('synapse.read.release', { planId });
}
process.exit(0);
