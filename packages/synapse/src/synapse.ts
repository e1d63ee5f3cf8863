import { randomUUID } from 'node:crypto';
import {
  CrossviewError,
  type Json,
  type KernelMethods,
  type PoolTarget,
  type SessionCall,
  type SynapseWriteRequest,
} from '@crossview/contracts';
import type { Synapse, SynapseOptions } from './context.js';
import { Heartbeat } from './heartbeat.js';
import { type Exported, exportRead, removeStaging } from './read/export.js';
import { fetchRead } from './read/fetch.js';
import { type PlannedRead, planRead } from './read/plan.js';
import { stepRunner } from './steps.js';
import type { SweepOptions, SweepReport } from './sweep.js';
import { createSweeper } from './sweeper.js';
import { isUnknown, removeNewFiles } from './write/external-load.js';
import { loadWrite } from './write/load.js';
import { type PlannedWrite, planWrite } from './write/plan.js';
import { storeRows } from './write/store.js';

/** `synapsesql` of one session. */
export interface SynapseService {
  /** Removes what other sessions left in the profile's staging place and in `databases`; only looks when `dryRun`. */
  sweep(options: SweepOptions): Promise<SweepReport>;
  /** The names of the databases of a server, for sweeping them all. */
  databases(server: PoolTarget): Promise<readonly string[]>;
  /** Removes every file that is still staged for a frame. May be called twice. */
  close(): Promise<void>;
}

interface OpenRead {
  readonly read: PlannedRead;
  /** Exports by what was asked for, so that a frame that is used twice is exported once. */
  readonly exports: Map<string, Promise<Exported>>;
}

type Method = keyof KernelMethods & `synapse.${string}`;

/** Registers `synapse.*` with the session. */
export function createSynapse(options: SynapseOptions): SynapseService {
  const step = stepRunner(options.onStep);
  const synapse: Synapse = { ...options, step, heartbeat: new Heartbeat(options, options.heartbeatMs) };
  const writes = new Map<string, PlannedWrite>();
  const reads = new Map<string, OpenRead>();
  let closed: Promise<void> | undefined;

  function method<M extends Method>(
    name: M,
    handler: (params: KernelMethods[M]['params'], call: SessionCall) => Promise<KernelMethods[M]['result']>,
  ): void {
    options.session.method(
      name,
      (params, call) => handler(params as unknown as KernelMethods[M]['params'], call) as Promise<Json>,
    );
  }

  function unknownPlan(planId: string): CrossviewError {
    return new CrossviewError('PLAN_UNKNOWN', `There is no open read or write ${planId}.`, {
      hint: 'The session ended since the frame was made; make the frame anew.',
      facts: { planId },
    });
  }

  const discard = (write: PlannedWrite): Promise<void> =>
    write.way === 'external' ? removeNewFiles(synapse, write) : removeStaging(synapse, write.staging);

  async function releaseRead(planId: string): Promise<void> {
    const open = reads.get(planId);
    reads.delete(planId);
    for (const pending of open?.exports.values() ?? []) {
      const exported = await pending.catch(() => undefined);
      if (exported?.staging !== undefined) await removeStaging(synapse, exported.staging);
    }
  }

  method('synapse.write.plan', async (params, { signal }) => {
    const planId = randomUUID();
    const { write, plan } = await planWrite(synapse, params as SynapseWriteRequest, signal);
    if (write !== undefined) writes.set(planId, write);
    return { planId, ...plan };
  });

  method('synapse.write.load', async ({ planId, rows, stagingMilliseconds, lengths, files }, { signal }) => {
    const write = writes.get(planId);
    if (write === undefined) throw unknownPlan(planId);
    writes.delete(planId);
    let keep = write.way === 'external';
    try {
      const staged = { rows: rows ?? 0, stagingMilliseconds, lengths, files: files ?? undefined };
      return await loadWrite(synapse, write, staged, signal);
    } catch (thrown) {
      // The directory holds the word of the swap, by which a sweep can end it.
      keep ||= thrown instanceof CrossviewError && thrown.code === 'OVERWRITE_INTERRUPTED';
      if (!isUnknown(thrown)) await removeNewFiles(synapse, write);
      throw thrown;
    } finally {
      if (!keep) await removeStaging(synapse, write.staging);
    }
  });

  method('synapse.write.abandon', async ({ planId, reason }) => {
    const write = writes.get(planId);
    writes.delete(planId);
    if (write !== undefined) {
      options.log(`write given up: ${reason}`);
      await discard(write);
    }
    return {};
  });

  method('synapse.read.plan', async (params, { signal }) => {
    const planId = randomUUID();
    const { read, schema, note } = await planRead(synapse, params, signal);
    reads.set(planId, { read, exports: new Map() });
    return { planId, schema, note };
  });

  method('synapse.read.export', async ({ planId, columns, filters, limit }, { signal }) => {
    const open = reads.get(planId);
    if (open === undefined) throw unknownPlan(planId);
    const key = JSON.stringify([columns, filters, limit]);
    let pending = open.exports.get(key);
    if (pending === undefined) {
      pending = exportRead(synapse, open.read, { columns, filters, limit }, signal);
      open.exports.set(key, pending);
      pending.catch(() => open.exports.delete(key));
    }
    const { location, hadoopConf, rows } = await pending;
    return { location, hadoopConf: { ...hadoopConf }, rows: rows ?? null };
  });

  method('synapse.read.release', async ({ planId }) => {
    await releaseRead(planId);
    return {};
  });

  method('synapse.fetch', async (params, { signal }) => {
    const { data, note } = await fetchRead(synapse, { ...params, conf: {} }, signal);
    return { data, note };
  });

  method('synapse.store', (params, { signal }) => storeRows(synapse, params, signal));

  return {
    ...createSweeper(options),
    close() {
      closed ??= (async () => {
        for (const write of [...writes.values()]) await discard(write);
        writes.clear();
        await Promise.all([...reads.keys()].map(releaseRead));
      })();
      return closed;
    },
  };
}
