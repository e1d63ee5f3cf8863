// The thread of the TypeScript process that talks to the kernel: it compiles cells, hands on their output in order, and
// ends what runs in the other thread when the user presses Stop.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { CrossviewError, type Json, type MimeBundle } from '@crossview/contracts';
import { connectSession } from '@crossview/session-rpc';
import { Assistant } from '../assistant/requests.js';
import { compileCell } from '../compile/cell.js';
import { completeness } from '../compile/completeness.js';
import type { ExecuteParams } from '../protocol.js';
import { Interrupter } from './interrupter.js';
import { type ControlData, type FromCells, type ToCells, waitingBytes } from './messages.js';
import { syntaxError } from './syntax-error.js';

const port = parentPort as MessagePort;
const { counters: shared, ...address } = workerData as ControlData;
const counters = new Int32Array(shared);
const send = (message: ToCells) => port.postMessage(message);

const session = await connectSession({ ...address, role: 'typescript', info: { pid: process.pid } });
// Nobody is left to run cells for: the kernel ended, however it ended.
session.onClose(() => process.kill(process.pid, 'SIGKILL'));

const interrupter = new Interrupter((cell) => send({ kind: 'interrupt', cell }));
const assistant = new Assistant();
const running = new Map<string, (outcome: Json) => void>();
/** Calls to the kernel that a cell waits for. */
const calling = new Map<string, Set<AbortController>>();
const alive = new Map<string, () => void>();
const values = new Map<number, (found: { found: boolean; value: Json }) => void>();
let numbers = 0;

session.method('typescript.execute', async (params) => {
  const { cell, code, fileName } = params as unknown as ExecuteParams;
  const compiled = compileCell(code, fileName);
  if ('problems' in compiled) return syntaxError(code, fileName, compiled.problems) as unknown as Json;
  return new Promise<Json>((resolve) => {
    running.set(cell, resolve);
    send({ kind: 'run', cell, fileName, compiled });
  }).then((outcome) => {
    if ((outcome as { status?: string }).status === 'ok') assistant.remember(code);
    return outcome;
  });
});

session.method('typescript.interrupt', async (params) => {
  const { cell } = params as { cell: string };
  for (const call of calling.get(cell) ?? []) call.abort();
  if (running.has(cell)) await interrupter.stop(cell);
  return {};
});

session.onNotification('call.progress', (params) => {
  const { id, value } = params as { id: number; value: Json };
  send({ kind: 'progress', id, value });
});

session.method('typescript.complete', (params) => {
  const { code, cursor } = params as { code: string; cursor: number };
  return assistant.ask('complete', code, cursor);
});

session.method('typescript.inspect', (params) => {
  const { code, cursor } = params as { code: string; cursor: number };
  return assistant.ask('inspect', code, cursor);
});

session.method('typescript.isComplete', (params) => ({ ...completeness((params as { code: string }).code) }));

session.method('typescript.value', (params) => {
  numbers += 1;
  const id = numbers;
  return new Promise<Json>((resolve) => {
    values.set(id, resolve);
    send({ kind: 'value', id, name: (params as { name: string }).name });
  });
});

/** Outputs wait for the one before them: a table takes a call to be drawn, the text behind it must not pass it. */
let last: Promise<void> = Promise.resolve();
const inOrder = (task: () => Promise<void> | void) => {
  last = last.then(task).catch(() => {});
};

port.on('message', (message: FromCells) => {
  if (message.kind === 'call') void answer(message);
  else if (message.kind === 'value') values.get(message.id)?.(message);
  else if (message.kind === 'alive') {
    alive.get(message.cell)?.();
    alive.delete(message.cell);
  } else inOrder(() => output(message));
});

async function answer({ id, cell, method, params }: Extract<FromCells, { kind: 'call' }>): Promise<void> {
  const stop = new AbortController();
  const calls = calling.get(cell) ?? new Set();
  calling.set(cell, calls.add(stop));
  try {
    send({ kind: 'answer', id, result: await session.call(method, params, { signal: stop.signal }) });
  } catch (error) {
    const { code, message, hint, facts } = asError(error);
    send({ kind: 'refusal', id, error: { code, message, hint, facts } });
  } finally {
    calls.delete(stop);
    if (calls.size === 0) calling.delete(cell);
  }
}

async function output(message: Exclude<FromCells, { kind: 'call' | 'value' | 'alive' }>): Promise<void> {
  const { cell, kind } = message;
  if (kind === 'stream') {
    session.notify('typescript.stream', { cell, name: message.name, text: message.text });
    Atomics.sub(counters, waitingBytes, message.text.length);
    Atomics.notify(counters, waitingBytes);
  } else if (kind === 'display') {
    session.notify('typescript.display', { cell, data: message.data, metadata: {}, result: message.result });
  } else if (kind === 'table') {
    const { data, metadata } = await draw(message);
    session.notify('typescript.display', { cell, data, metadata, result: message.result });
  } else {
    const tell = () => {
      running.get(cell)?.(message.outcome as unknown as Json);
      running.delete(cell);
    };
    // A process that does not survive being ended from outside dies at once: this cell's error, and not the next one's.
    if (!interrupter.ended(cell)) return tell();
    alive.set(cell, tell);
    send({ kind: 'ping', cell });
  }
}

async function draw(table: Extract<FromCells, { kind: 'table' }>): Promise<{ data: MimeBundle; metadata: Json }> {
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
    const reason = asError(error).message;
    return { data: { 'text/plain': `Table of ${table.rows} rows, which could not be drawn: ${reason}` }, metadata: {} };
  } finally {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }
}

function asError(error: unknown): CrossviewError {
  if (error instanceof CrossviewError) return error;
  return new CrossviewError('INTERNAL_ERROR', error instanceof Error ? error.message : String(error));
}
