import { createReadStream } from 'node:fs';
import type { ArrowParts } from '@crossview/contracts';
import { type RecordBatch, RecordBatchReader, type Schema } from 'apache-arrow';

export interface FrameHead {
  readonly schema: Schema;
  readonly batches: readonly RecordBatch[];
  /** Rows in `batches`. */
  readonly rows: number;
  /** Rows of the whole frame; `undefined` when not known. */
  readonly totalRows: number | undefined;
}

/** Reads at most `limit` rows; what lies behind them is not read from disk. */
export async function readHead(data: ArrowParts, limit: number): Promise<FrameHead> {
  const batches: RecordBatch[] = [];
  let schema: Schema | undefined;
  let rows = 0;
  for (const part of data.parts) {
    if (schema && rows >= limit) break;
    const file = createReadStream(part);
    try {
      const reader = await RecordBatchReader.from(file);
      await reader.open();
      schema ??= reader.schema;
      for await (const batch of reader) {
        const taken = batch.slice(0, limit - rows);
        if (taken.numRows > 0) batches.push(taken);
        rows += taken.numRows;
        if (rows >= limit) break;
      }
    } finally {
      file.destroy();
    }
  }
  if (!schema) throw new Error('A frame has at least one part with a schema.');
  return { schema, batches, rows, totalRows: data.totalRows };
}
