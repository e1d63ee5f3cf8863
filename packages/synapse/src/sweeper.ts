import { openPool, type SynapseOptions } from './context.js';
import { stepRunner } from './steps.js';
import { type SweepOptions, type SweepReport, sweep } from './sweep.js';

export type SweeperOptions = Pick<
  SynapseOptions,
  'sql' | 'storage' | 'accounts' | 'staging' | 'directories' | 'sessionId' | 'log' | 'onStep'
>;

/** A sweep without a session of notebooks. */
export function createSweeper(options: SweeperOptions): {
  sweep(sweepOptions: SweepOptions): Promise<SweepReport>;
  /** The names of the databases of a server. */
  databases(server: Parameters<typeof openPool>[1]): Promise<readonly string[]>;
} {
  const sweeper = { ...options, step: stepRunner(options.onStep) };
  return {
    sweep: (sweepOptions) => sweep(sweeper, sweepOptions),
    async databases(server) {
      const pool = await openPool(sweeper, server, undefined);
      try {
        const rows = await pool.rows('findLeftObjects', 'SELECT name FROM sys.databases');
        return rows.map((row) => String(row.name));
      } finally {
        await pool.close();
      }
    },
  };
}
