import type { PoolDirectory } from '@crossview/contracts';
import type { SynapseService } from '@crossview/synapse';
import type { Places } from '../places.js';
import { liveSessions } from './directories.js';

const swept = new WeakSet<SynapseService>();

/**
 * Removes in the background what killed sessions left in the local pool and its storage, once in a session. Both belong to
 * this data directory alone, so a session that does not run here has ended.
 */
export function sweepLocalLeftovers(options: {
  places: Places;
  pools: PoolDirectory;
  synapse: SynapseService;
  log: (line: string) => void;
}): void {
  const { places, pools, synapse, log } = options;
  if (swept.has(synapse)) return;
  swept.add(synapse);
  const sweep = async (): Promise<void> => {
    const server = await pools.resolve({});
    const databases = await synapse.databases(server);
    const targets = await Promise.all(databases.map((database) => pools.resolve({ database })));
    const alive = new Set(liveSessions(places).map(({ id }) => id));
    const report = await synapse.sweep({
      olderThanMs: Number.POSITIVE_INFINITY,
      dryRun: false,
      pools: targets,
      ended: (session) => !alive.has(session),
    });
    const { directories, objects, failures } = report;
    if (directories.length + objects.length + failures.length > 0)
      log(`swept ${directories.length} staging directories, ${objects.length} objects; ${failures.join('; ')}`);
  };
  sweep().catch((error: unknown) => log(`the sweep of what killed sessions left failed: ${String(error)}`));
}
