import process from 'node:process';
import type { MimeBundle } from '@crossview/contracts';
import { type RecordBatch, RecordBatchStreamWriter, type Table } from 'apache-arrow';
import { type FrameOptions, mostWaitingBytes, type Output, waitingBytes } from './messages.js';
import { plainTable } from './plain-columns.js';

/** Rows of a table that are shown; the reader is told when there are more. */
const shownRows = 1000;

/** What an output counts for besides its text. */
const fixedBytes = 100;

/** What is to be put out; whose it is, and what it counts for, is said here. */
type Unsized<Whole> = Whole extends Output ? Omit<Whole, 'cell' | 'size'> : never;

/** Where the outputs of the running cell go: in order, and no faster than the kernel takes them. */
export class Outputs {
  /** The cell that output belongs to now. After its end it stays, for what a cell left running still belongs to it. */
  cell = '';
  readonly #counters: Int32Array;

  constructor(
    private readonly send: (output: Output) => void,
    counters: SharedArrayBuffer,
  ) {
    this.#counters = new Int32Array(counters);
  }

  stream(name: 'stdout' | 'stderr', text: string): void {
    if (text !== '') this.#put({ kind: 'stream', name, text }, text.length);
  }

  display(data: MimeBundle, result = false): void {
    const bytes = Object.values(data).reduce<number>((sum, it) => sum + (typeof it === 'string' ? it.length : 0), 0);
    this.#put({ kind: 'display', data, result }, bytes);
  }

  table(table: Table, result = false, options: FrameOptions = {}): void {
    const head = plainTable(table.slice(0, shownRows));
    const arrow = RecordBatchStreamWriter.writeAll(head).toUint8Array(true);
    const rows = { head: head.numRows, rows: table.numRows };
    this.#put({ kind: 'table', arrow, ...rows, options, result }, arrow.byteLength);
  }

  /** `console` and every library that prints end up here. */
  takeOverStreams(): void {
    for (const name of ['stdout', 'stderr'] as const) {
      const decoder = new TextDecoder();
      process[name].write = ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => {
        this.stream(name, typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
        const callback = typeof encoding === 'function' ? encoding : done;
        if (typeof callback === 'function') process.nextTick(callback as () => void);
        return true;
      }) as typeof process.stdout.write;
    }
  }

  #put(output: Unsized<Output>, bytes: number): void {
    const size = fixedBytes + bytes;
    for (;;) {
      const waiting = Atomics.load(this.#counters, waitingBytes);
      if (waiting <= mostWaitingBytes) break;
      Atomics.wait(this.#counters, waitingBytes, waiting, 1000);
    }
    this.send({ ...output, cell: this.cell, size });
    // Counted behind it: Stop may end this code in between, and what was never sent would count for ever.
    Atomics.add(this.#counters, waitingBytes, size);
  }
}

export function isBatch(value: unknown): value is RecordBatch {
  return typeof value === 'object' && value !== null && 'schema' in value && 'data' in value && 'numRows' in value;
}
