import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArrowParts } from '@crossview/contracts';
import { AsyncByteQueue, type RecordBatch, RecordBatchReader, RecordBatchStreamWriter } from 'apache-arrow';

/** Copies the first `limit` rows of a view into one Arrow stream file in `directory`, batch by batch. */
export async function limitedCopy(
  data: ArrowParts,
  limit: number,
  directory: string,
  signal?: AbortSignal,
): Promise<ArrowParts> {
  const path = join(directory, 'part-0.arrows');
  const bytes = new AsyncByteQueue<Uint8Array>();
  const writer = new RecordBatchStreamWriter({ autoDestroy: false });
  writer.reset(bytes);
  const written = pipeline(
    Readable.from(bytes),
    createWriteStream(path, { mode: 0o600 }),
    ...(signal ? [{ signal }] : []),
  );
  let rows = 0;
  try {
    for await (const batch of firstRows(data.parts, limit)) {
      writer.write(batch);
      rows += batch.numRows;
    }
    writer.finish();
  } finally {
    bytes.close();
    await written;
  }
  return { parts: [path], rows, bytes: 0, totalRows: data.totalRows ?? data.rows };
}

/** At least one batch, so that the schema is written even for no rows. */
async function* firstRows(parts: readonly string[], limit: number): AsyncGenerator<RecordBatch> {
  let left = limit;
  for (const [index, part] of parts.entries()) {
    const file = createReadStream(part);
    try {
      const reader = await RecordBatchReader.from(file);
      let any = false;
      for await (const batch of reader as AsyncIterable<RecordBatch>) {
        if (left <= 0 && (any || index > 0)) return;
        any = true;
        const taken = batch.numRows > left ? batch.slice(0, left) : batch;
        left -= taken.numRows;
        yield taken;
      }
    } finally {
      file.destroy();
    }
    if (left <= 0) return;
  }
}
