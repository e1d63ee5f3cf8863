import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { CrossviewError, type Json, type ViewInfo, type WireParts } from '@crossview/contracts';
import {
  type Data,
  makeData,
  type Null,
  RecordBatch,
  RecordBatchReader,
  RecordBatchStreamWriter,
  type Schema,
  Struct,
  Table,
  tableFromArrays,
  tableFromIPC,
} from 'apache-arrow';
import type { KernelCalls } from './kernel-calls.js';
import { mapFile } from './mapped-file.js';
import { plainTable } from './plain-columns.js';

/** Larger files do not fit into one buffer of every Node version and are read by batch. */
const wholeFileBytes = 1024 ** 3;

/** Smaller files are read in less time than they are mapped. */
const smallestMapping = 1024 ** 2;

/** Reads of one file at a time, and what is too little for another. */
const readers = 4;
const smallestPiece = 16 * 1024 * 1024;

/** What is written at once; a single write takes at most 1024 pieces (`IOV_MAX`). */
const writeBytes = 32 * 1024 * 1024;
const mostPieces = 512;

/** Bytes of one part of a large table, and how many parts are written at the same time. */
const partBytes = 64 * 1024 * 1024;
const writers = 3;

/** Rows of one written batch: enough to be fast, few enough for readers that work by batch. */
const batchRows = 256 * 1024;

export type Columns = Parameters<typeof tableFromArrays>[0];

/** The session's views, as TypeScript cells see them. Names are case-insensitive. */
export interface Views {
  /**
   * All rows of a view, or the first `limit`.
   * @throws CrossviewError `VIEW_NOT_FOUND` with the nearest names; `VIEW_TOO_LARGE` for a view that takes more than half
   *   of the memory that is free (or the share in `CROSSVIEW_READ_SHARE`), unless `large` is said.
   */
  get(name: string, options?: { limit?: number; large?: boolean }): Promise<Table>;
  /** The rows batch by batch; a file is read on only when its next batch is asked for. */
  stream(name: string, options?: { limit?: number }): AsyncIterableIterator<RecordBatch>;
  /** Binds a name to the rows of a table, or to columns (`{name: values}`), in every language. */
  set(name: string, rows: Table | RecordBatch | Columns): Promise<void>;
  list(): Promise<ViewInfo[]>;
  /** Drops a view in every language; gives whether there was one. */
  drop(name: string): Promise<boolean>;
}

export function createViews(calls: KernelCalls): Views {
  const read = async (name: string, options: { limit?: number } = {}): Promise<WireParts> =>
    (await calls.call('views.read', { name, ...options })) as unknown as WireParts;

  return {
    async get(name, { large = false, ...options } = {}) {
      return readParts(name, await read(name, options), large);
    },

    async *stream(name, options) {
      const { parts } = await read(name, options);
      // All files are opened at once: those of a replaced version do not stay for ever.
      const files = await Promise.all(parts.map((part) => open(part, 'r').catch((cause) => gone(name, cause))));
      try {
        for (const file of files) {
          const reader = await RecordBatchReader.from(file.createReadStream({ autoClose: false }));
          yield* reader as unknown as AsyncIterable<RecordBatch>;
        }
      } finally {
        await Promise.all(files.map((file) => file.close().catch(() => {})));
      }
    },

    async set(name, rows) {
      const table = plainTable(toTable(name, rows));
      refuseRepeatedNames(name, table.schema);
      const { directory } = (await calls.call('views.allocate', {})) as { directory: string };
      try {
        const data = await writeTable(name, table, directory);
        const params = { name, data: data as unknown as Json, language: 'typescript' };
        const info = (await calls.call('views.publish', params)) as unknown as ViewInfo;
        if (info.note) console.warn(info.note);
      } catch (error) {
        await rm(directory, { recursive: true, force: true });
        throw error;
      }
    },

    async list() {
      return ((await calls.call('views.list', {})) as unknown as { views: ViewInfo[] }).views;
    },

    async drop(name) {
      return ((await calls.call('views.drop', { name })) as { dropped: boolean }).dropped;
    },
  };
}

/** All rows of Arrow files as one table. @throws CrossviewError `VIEW_TOO_LARGE` unless `large` is said. */
export async function readParts(name: string, { parts, bytes }: WireParts, large: boolean): Promise<Table> {
  if (!large) refuseTooLarge(name, bytes);
  const tables = await Promise.all(parts.map((part) => readPart(name, part)));
  return tables.length === 1
    ? tables[0]!
    : new Table(
        tables[0]!.schema,
        tables.flatMap((one) => one.batches),
      );
}

async function readPart(name: string, path: string): Promise<Table> {
  const file = await open(path, 'r').catch((cause: unknown) => gone(name, cause));
  try {
    const { size } = await file.stat();
    if (size <= wholeFileBytes) {
      const mapped = size >= smallestMapping ? await mapFile(file, size) : undefined;
      return tableFromIPC(mapped ?? (await wholeFile(file, size)));
    }
    return await tableFromIPC(createReadStream(path, { highWaterMark: 4 * 1024 * 1024 }));
  } finally {
    await file.close();
  }
}

/**
 * Where it cannot be mapped, in few large reads: Node's own `readFile` reads half a megabyte at a time and joins the pieces.
 * Several at once, because most of the time goes into the first touch of fresh memory, which the host does on each core.
 */
async function wholeFile(file: FileHandle, size: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(size);
  const pieces = Math.max(1, Math.min(readers, Math.ceil(size / smallestPiece)));
  const piece = Math.ceil(size / pieces);
  await Promise.all(
    Array.from({ length: pieces }, (_, index) =>
      fill(file, buffer, index * piece, Math.min(size, (index + 1) * piece)),
    ),
  );
  return buffer;
}

async function fill(file: FileHandle, buffer: Buffer, from: number, until: number): Promise<void> {
  for (let at = from; at < until; ) {
    const { bytesRead } = await file.read(buffer, at, until - at, at);
    if (bytesRead === 0) throw new Error('the file ended early');
    at += bytesRead;
  }
}

function refuseTooLarge(view: string, bytes: number): void {
  const available = process.availableMemory?.() ?? freemem();
  const share = Number(process.env.CROSSVIEW_READ_SHARE ?? 0.5);
  if (bytes <= share * available) return;
  const gigabytes = (count: number) => `${(count / 1e9).toPrecision(3)} GB`;
  const text = `View "${view}" has ${gigabytes(bytes)}, and ${gigabytes(available)} of memory are free.`;
  throw new CrossviewError('VIEW_TOO_LARGE', text, {
    hint: 'Ask for fewer rows ({ limit }), go through it in batches (views.stream), or say { large: true } to read it all the same.',
    facts: { view, bytes, available },
  });
}

export function toTable(name: string, rows: Table | RecordBatch | Columns): Table {
  if (rows instanceof Table) return rows;
  if (rows instanceof RecordBatch) return new Table([rows]);
  const columns = typeof rows === 'object' && rows !== null ? Object.values(rows) : [];
  if (columns.length > 0 && columns.every((column) => Array.isArray(column) || ArrayBuffer.isView(column)))
    return tableFromArrays(rows);
  throw new CrossviewError('VIEW_TYPE_UNSUPPORTED', `View "${name}" cannot be made of this value.`, {
    hint: 'Give an Arrow Table or RecordBatch, or columns: views.set("v", { id: [1, 2], name: ["a", "b"] }).',
    facts: { view: name },
  });
}

/** apache-arrow keeps one type for each name, and would write a file that nobody can read. */
function refuseRepeatedNames(view: string, { names }: Schema): void {
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return;
  throw new CrossviewError('VIEW_TYPE_UNSUPPORTED', `View "${view}" has more than one column "${String(repeated)}".`, {
    hint: 'Give each column a name of its own: table.select or arrow.tableFromArrays make a table with other names.',
    facts: { view, column: String(repeated) },
  });
}

export /** Large tables become several parts, written at the same time. */
async function writeTable(name: string, table: Table, directory: string): Promise<WireParts> {
  const groups = partsOf(batchesOf(table));
  const parts = groups.map((_, index) => join(directory, `part-${index}.arrows`));
  let [next, bytes] = [0, 0];
  const writer = async () => {
    while (next < groups.length) {
      const index = next;
      next += 1;
      bytes += await writePart(parts[index]!, groups[index]!);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: writers }, writer));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) {
    const reason = failed.reason instanceof Error ? failed.reason.message : String(failed.reason);
    throw new CrossviewError('VIEW_WRITE_FAILED', `View "${name}" could not be written: ${reason}.`, {
      hint: 'Nothing was changed; when there is no space left, drop views or publish fewer rows.',
      facts: { view: name },
      cause: failed.reason,
    });
  }
  return { parts, rows: table.numRows, bytes, totalRows: null };
}

/** @returns bytes written */
async function writePart(path: string, batches: readonly RecordBatch[]): Promise<number> {
  let bytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    let waiting: Uint8Array[] = [];
    let waitingBytes = 0;
    const flush = async () => {
      const { bytesWritten } = await file.writev(waiting);
      if (bytesWritten < waitingBytes) throw new Error('no space left');
      bytes += bytesWritten;
      waiting = [];
      waitingBytes = 0;
    };
    for await (const chunk of RecordBatchStreamWriter.writeAll(batches)) {
      if (chunk.byteLength === 0) continue;
      waiting.push(chunk);
      waitingBytes += chunk.byteLength;
      if (waitingBytes >= writeBytes || waiting.length >= mostPieces) await flush();
    }
    if (waiting.length > 0) await flush();
  } finally {
    await file.close();
  }
  return bytes;
}

/** Batches of one part each. */
function partsOf(batches: readonly RecordBatch[]): RecordBatch[][] {
  const parts: RecordBatch[][] = [[]];
  let bytes = 0;
  for (const batch of batches) {
    const more = bytesOf(batch.data);
    if (bytes > 0 && bytes + more > partBytes) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(batch);
    bytes += more;
  }
  return parts;
}

/** Arrow's own `byteLength` throws for lists without rows, which have no child. */
function bytesOf({ valueOffsets, values, nullBitmap, typeIds, variadicBuffers, children }: Data): number {
  const buffers = [valueOffsets, values, nullBitmap, typeIds, ...(variadicBuffers ?? [])] as (
    | ArrayBufferView
    | undefined
  )[];
  const own = buffers.reduce((sum, buffer) => sum + (buffer?.byteLength ?? 0), 0);
  return (children ?? []).reduce((sum, child: Data | undefined) => sum + (child ? bytesOf(child) : 0), own);
}

/** At least one, so that the schema of an empty table is written. */
function batchesOf(table: Table): RecordBatch[] {
  if (table.batches.length === 0) return [emptyBatch(table.schema)];
  return table.batches.flatMap((batch) => {
    if (batch.numRows <= batchRows) return [batch];
    const count = Math.ceil(batch.numRows / batchRows);
    return Array.from({ length: count }, (_, index) => batch.slice(index * batchRows, (index + 1) * batchRows));
  });
}

function emptyBatch(schema: Schema): RecordBatch {
  const children = schema.fields.map(({ type }) => makeData({ type: type as Null, nullCount: 0 }));
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), nullCount: 0, children }));
}

function gone(name: string, cause: unknown): never {
  throw new CrossviewError('VIEW_READ_FAILED', `The files of view "${name}" could not be opened.`, {
    hint: 'They are gone or damaged; make the view again.',
    facts: { view: name },
    cause,
  });
}
