import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fromArrowSchema, toSparkSchema } from '@crossview/columns';
import { CrossviewError, type Json, type SynapseWriteRequest } from '@crossview/contracts';
import { RecordBatchReader } from 'apache-arrow';
import type { Synapse } from '../context.js';
import { convert } from '../convert.js';
import { removeStaging } from '../read/export.js';
import { containerOf } from '../staging.js';
import { isUnknown, removeNewFiles } from './external-load.js';
import { loadWrite } from './load.js';
import { planWrite } from './plan.js';

/** A write of rows that no Spark holds: Arrow files of this host. */
export type StoreRequest = Omit<SynapseWriteRequest, 'schema' | 'conf'> & { readonly parts: readonly string[] };

export interface Stored {
  readonly metrics: { [key: string]: Json };
  readonly summary: string;
  readonly note: string;
}

function sparkSchema(parts: readonly string[]): string {
  const [first] = parts;
  if (first === undefined) throw new CrossviewError('ROWS_INVALID', 'There is no Arrow file to write.');
  const reader = RecordBatchReader.from(readFileSync(first)).open();
  return toSparkSchema(fromArrowSchema(reader.schema));
}

/** Writes Arrow files to a table as Spark's frames are written: checked, staged as Parquet, loaded, compared, cleaned. */
export async function storeRows(synapse: Synapse, request: StoreRequest, signal: AbortSignal): Promise<Stored> {
  const toolchain = await synapse.toolchain?.();
  if (toolchain === undefined)
    throw new CrossviewError('ROWS_INVALID', 'This session has no Python to write Parquet with.', {
      hint: '"crossview setup" brings it.',
    });
  const conf = { 'spark.app.id': synapse.sessionId, 'spark.app.name': 'Crossview' };
  const { write, plan } = await planWrite(synapse, { ...request, conf, schema: sparkSchema(request.parts) }, signal);
  if (write === undefined)
    return {
      metrics: { ThreePartFullyQualifiedTargetTableName: request.table, status: 'Skipped' },
      summary: `${request.table} exists; nothing was written (mode ignore)`,
      note: plan.note,
    };
  const began = Date.now();
  const directory = join(synapse.directories.root, 'synapse', randomUUID());
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  let done = false;
  try {
    const order = write.columns.map(({ column }) => column.name);
    const { files, rows, lengths } = await convert(
      toolchain,
      { task: 'to-parquet', parts: request.parts, directory, columns: order, measure: write.measured },
      signal,
    );
    const run = randomUUID().slice(0, 8);
    await synapse.step('uploadFiles', async () => {
      const container = containerOf(synapse.storage, write.staging);
      for (const file of files)
        await container.upload(file, `${write.staging.directory}/${run}-${basename(file)}`, { signal });
    });
    const staged = { rows, lengths, stagingMilliseconds: Date.now() - began };
    const loaded = await loadWrite(synapse, write, staged, signal);
    done = true;
    return { ...loaded, note: plan.note };
  } catch (thrown) {
    // Files that a table may point to stay.
    done = isUnknown(thrown);
    throw thrown;
  } finally {
    rmSync(directory, { recursive: true, force: true });
    if (write.way !== 'external') await removeStaging(synapse, write.staging);
    else if (!done) await removeNewFiles(synapse, write);
  }
}
