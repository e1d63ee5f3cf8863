import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { SynapseWritePlan } from '@crossview/contracts';
import { createStorageClient } from '@crossview/synapse';
import type { Azurite } from './azurite.js';
import { temporaryDirectory } from './paths.js';
import { testToolchain } from './toolchain.js';

const files = new Map<string, string>();

/** A Parquet file as Spark would stage it, with the columns `id` (bigint, from `first`) and `name` (string). */
export function parquetFile(first: number, rows: number): string {
  const key = `${first}-${rows}`;
  const known = files.get(key);
  if (known !== undefined) return known;
  const path = join(temporaryDirectory('parquet'), `part-${key}.snappy.parquet`);
  const program = `import sys, pyarrow as pa, pyarrow.parquet as pq
first, rows = int(sys.argv[2]), int(sys.argv[3])
ids = range(first, first + rows)
table = pa.table({"id": pa.array(ids, pa.int64()), "name": pa.array([f"n{i}" for i in ids], pa.string())})
pq.write_table(table, sys.argv[1], compression="snappy")`;
  execFileSync(testToolchain().python, ['-c', program, path, String(first), String(rows)]);
  files.set(key, path);
  return path;
}

/** The Spark schema of these files. */
export const parquetSchema = JSON.stringify({
  type: 'struct',
  fields: [
    { name: 'id', type: 'long', nullable: true, metadata: {} },
    { name: 'name', type: 'string', nullable: true, metadata: { maxlength: 40 } },
  ],
});

/** Puts files where a plan wants them. */
export async function stage(
  storage: Azurite,
  plan: Pick<SynapseWritePlan, 'location'>,
  paths: readonly string[],
): Promise<void> {
  const [, container = '', directory = ''] = /^abfss?:\/\/([^@]+)@[^/]+\/(.*)$/.exec(plan.location) ?? [];
  const client = createStorageClient().container(storage.account, container);
  for (const [index, path] of paths.entries()) await client.upload(path, `${directory}/part-${index}.snappy.parquet`);
}
