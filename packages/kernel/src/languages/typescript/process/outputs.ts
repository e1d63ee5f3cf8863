import process from 'node:process';
import type { MimeBundle } from '@crossview/contracts';
import { type RecordBatch, RecordBatchStreamWriter, type Table } from 'apache-arrow';
import { type FrameOptions, type FromCells, mostWaitingBytes, waitingBytes } from './messages.js';
import { plainTable } from './plain-columns.js';

/** Rows of a table that are shown; the reader is told when there are more. */
const shownRows = 1000;

/** Where the outputs of the running cell go: in order, and no faster than they can be sent. */
export class Outputs {
  /** The cell that output belongs to now. After its end it stays, for what a cell left running still belongs to it. */
  cell = '';
  readonly #counters: Int32Array;

  constructor(
    private readonly send: (message: FromCells) => void,
    counters: SharedArrayBuffer,
  ) {
    this.#counters = new Int32Array(counters);
  }

  stream(name: 'stdout' | 'stderr', text: string): void {
    if (text === '') return;
    while (Atomics.load(this.#counters, waitingBytes) > mostWaitingBytes) {
      const waiting = Atomics.load(this.#counters, waitingBytes);
      Atomics.wait(this.#counters, waitingBytes, waiting, 1000);
    }
    Atomics.add(this.#counters, waitingBytes, text.length);
    this.send({ kind: 'stream', cell: this.cell, name, text });
  }

  display(data: MimeBundle, result = false): void {
    this.send({ kind: 'display', cell: this.cell, data, result });
  }

  table(table: Table, result = false, options: FrameOptions = {}): void {
    const head = plainTable(table.slice(0, shownRows));
    const arrow = RecordBatchStreamWriter.writeAll(head).toUint8Array(true);
    this.send({ kind: 'table', cell: this.cell, arrow, head: head.numRows, rows: table.numRows, options, result });
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
}

export function isBatch(value: unknown): value is RecordBatch {
  return typeof value === 'object' && value !== null && 'schema' in value && 'data' in value && 'numRows' in value;
}
