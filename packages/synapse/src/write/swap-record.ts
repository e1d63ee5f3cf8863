import { readFileSync, writeFileSync } from 'node:fs';
import { CrossviewError } from '@crossview/contracts';
import type { Synapse } from '../context.js';
import { containerOf, type StagingBase } from '../staging.js';
import { withFile } from '../with-file.js';

/** A swap under way. It lies in the staging directory while the table has another name, so that a sweep can end it. */
export interface SwapRecord {
  readonly server: string;
  readonly database: string;
  readonly schema: string;
  readonly table: string;
  /** The name of the filled stage table. */
  readonly stage: string;
  /** The name the old table has meanwhile. */
  readonly old: string;
}

/** Readers skip names that begin so. */
export const swapRecordName = '_crossview_swap.json';

export function writeSwapRecord(synapse: Synapse, staging: StagingBase, record: SwapRecord): Promise<void> {
  return synapse.step('recordSwap', () =>
    withFile(synapse.directories, async (path) => {
      writeFileSync(path, JSON.stringify(record), { mode: 0o600 });
      await containerOf(synapse.storage, staging).upload(path, `${staging.directory}/${swapRecordName}`);
    }),
  );
}

/** @throws CrossviewError `SWAP_RECORD_INVALID`. */
export function readSwapRecord(
  synapse: Pick<Synapse, 'step' | 'directories' | 'storage'>,
  place: StagingBase,
  path: string,
): Promise<SwapRecord> {
  return synapse.step('readSwap', () =>
    withFile(synapse.directories, async (file) => {
      await containerOf(synapse.storage, place).download(path, file);
      const json = JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<keyof SwapRecord, unknown>>;
      const text = (name: keyof SwapRecord): string => {
        const value = json[name];
        if (typeof value === 'string') return value;
        throw new CrossviewError('SWAP_RECORD_INVALID', `${path} has no ${name}.`, { facts: { path } });
      };
      return {
        server: text('server'),
        database: text('database'),
        schema: text('schema'),
        table: text('table'),
        stage: text('stage'),
        old: text('old'),
      };
    }),
  );
}
