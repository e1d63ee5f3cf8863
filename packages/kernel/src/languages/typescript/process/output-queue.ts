import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json, MimeBundle } from '@crossview/contracts';
import type { SessionClient } from '@crossview/session-rpc';
import { type Output, waitingBytes } from './messages.js';

/** Bytes that may be on their way to the kernel before the next output waits for its answers. */
const mostUnanswered = 256 * 1024;

/**
 * Outputs of cells on their way to the kernel: in order, and no more than it takes. Text that has to wait is put together
 * with its neighbours, so that a cell which prints line by line costs a message for many lines and not one for each.
 */
export class OutputQueue {
  readonly #waiting: (Output | (() => void))[] = [];
  #sending = false;
  #unanswered = 0;

  constructor(
    private readonly session: SessionClient,
    private readonly counters: Int32Array,
  ) {}

  push(output: Output): void {
    const last = this.#waiting.at(-1);
    const neighbours = last && typeof last !== 'function' ? joined(last, output) : undefined;
    if (neighbours) this.#waiting[this.#waiting.length - 1] = neighbours;
    else this.#waiting.push(output);
    if (!this.#sending) void this.#run();
  }

  /** Runs a task when everything that came before it was sent; what comes behind does not wait for it. */
  afterwards(task: () => void): void {
    this.#waiting.push(task);
    if (!this.#sending) void this.#run();
  }

  async #run(): Promise<void> {
    this.#sending = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      if (typeof next === 'function') next();
      else await this.#send(next);
    }
    this.#sending = false;
  }

  async #send(output: Output): Promise<void> {
    const { cell, kind, size } = output;
    if (kind === 'stream') return this.#call('typescript.stream', { cell, name: output.name, text: output.text }, size);
    const shown = kind === 'display' ? { data: output.data, metadata: {} } : await drawTable(this.session, output);
    return this.#call('typescript.display', { cell, ...shown, result: output.result }, size);
  }

  /** Does not wait for the answer while few are due: output is no slower for being answered. */
  async #call(method: string, params: Json, size: number): Promise<void> {
    this.#unanswered += size;
    const taken = () => {
      this.#unanswered -= size;
      Atomics.sub(this.counters, waitingBytes, size);
      Atomics.notify(this.counters, waitingBytes);
    };
    // A refusal is an end too: a kernel that is gone takes this process along.
    const answered = this.session.call(method, params).then(taken, taken);
    if (this.#unanswered > mostUnanswered) await answered;
  }
}

/** Two texts of one stream as one; `undefined` for what is not. */
function joined(first: Output, second: Output): Output | undefined {
  if (first.kind !== 'stream' || second.kind !== 'stream') return undefined;
  if (first.cell !== second.cell || first.name !== second.name) return undefined;
  return { ...first, text: first.text + second.text, size: first.size + second.size };
}

async function drawTable(
  session: SessionClient,
  table: Extract<Output, { kind: 'table' }>,
): Promise<{ data: MimeBundle; metadata: Json }> {
  let directory: string | undefined;
  try {
    ({ directory } = (await session.call('views.allocate', {})) as { directory: string });
    const path = join(directory, 'display.arrows');
    await writeFile(path, table.arrow, { mode: 0o600 });
    const data = { parts: [path], rows: table.head, bytes: table.arrow.byteLength, totalRows: table.rows };
    return (await session.call('frames.render', { data, options: table.options as Json })) as {
      data: MimeBundle;
      metadata: Json;
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { data: { 'text/plain': `Table of ${table.rows} rows, which could not be drawn: ${reason}` }, metadata: {} };
  } finally {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true }).catch(() => {});
  }
}
