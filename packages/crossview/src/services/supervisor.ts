import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Places, privateDirectory } from '../places.js';
import { identityOf, isAlive } from '../system/process-identity.js';
import { startAzurite, waitForOrphan } from './azurite.js';
import { type Control, startControl } from './control.js';
import { startLocalPool } from './local-pool.js';
import { localAccount, serviceSecrets } from './secrets.js';
import { readSupervisorState, supervisorStatePath, writeSupervisorState } from './state.js';

/** How long the services outlive their last client. */
const graceMs = 3_000;
/** How long they wait for the first one. */
const firstClientMs = 30_000;

function log(line: string): void {
  console.log(`${new Date().toISOString()} ${line}`);
}

/**
 * Runs the local services until nobody uses them: Azurite as a child, the local pool in this process. One for each data
 * directory; a second one leaves at once.
 */
export async function runSupervisor(places: Places): Promise<void> {
  privateDirectory(places.services);
  const me = identityOf(process.pid);
  const other = readSupervisorState(places);
  if (other !== undefined && other.pid !== me.pid && isAlive(other)) {
    log(`supervisor ${other.pid} is already there`);
    return;
  }
  let azuriteIdentity = other?.azurite;
  const tell = (phase: 'starting' | 'ending'): void =>
    writeSupervisorState(places, { ...me, phase, ...(azuriteIdentity ? { azurite: azuriteIdentity } : {}) });
  tell('starting');
  const closers: (() => Promise<void>)[] = [];
  let control: Control | undefined;
  let ending: Promise<void> | undefined;
  const end = (reason: string): Promise<void> => {
    ending ??= (async () => {
      log(`ending: ${reason}`);
      tell('ending');
      control?.close();
      for (const close of closers.reverse())
        await close().catch((error: unknown) => log(`while ending: ${String(error)}`));
      rmSync(supervisorStatePath(places), { force: true });
    })();
    return ending;
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => void end(signal).then(() => process.exit(0)));

  try {
    if (azuriteIdentity) await waitForOrphan(azuriteIdentity);
    const secrets = serviceSecrets(places);
    const azurite = await startAzurite({
      directory: privateDirectory(join(places.services, 'azurite')),
      account: localAccount,
      key: secrets.storageKey,
      log,
      onSpawn: (identity) => {
        azuriteIdentity = identity;
        tell('starting');
      },
    });
    closers.push(() => azurite.close());
    const storage = {
      account: localAccount,
      key: secrets.storageKey,
      port: azurite.port,
      blobEndpoint: `http://127.0.0.1:${azurite.port}/${localAccount}`,
    };
    const pool = await startLocalPool({
      directory: join(places.services, 'pool'),
      secrets,
      storage,
      log,
      createDatabases: true,
    });
    closers.push(() => pool.close());
    const token = randomBytes(32).toString('hex');
    control = await startControl(token);
    let timer = setTimeout(() => void end('no client came'), firstClientMs);
    control.onCount((clients) => {
      clearTimeout(timer);
      if (clients === 0)
        timer = setTimeout(() => void end('the last client left').then(() => process.exit(0)), graceMs);
    });
    void azurite.ended.then(() => end('Azurite ended').then(() => process.exit(1)));
    writeSupervisorState(places, {
      ...me,
      phase: 'ready',
      azurite: azurite.identity,
      control: { port: control.port, token },
      services: { pool: pool.address, storage },
    });
    log(`ready: pool on ${pool.address.port}, blobs on ${azurite.port}`);
  } catch (error) {
    log(`start failed: ${error instanceof Error ? error.stack : String(error)}`);
    await end('the start failed');
    process.exit(1);
  }
}
