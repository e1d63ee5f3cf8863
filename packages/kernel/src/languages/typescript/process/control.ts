// The thread of the TypeScript process that talks to the kernel: it compiles cells, hands on their output in order, and
// ends what runs in the other thread when the user presses Stop.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { CrossviewError, type Json } from '@crossview/contracts';
import { connectSession } from '@crossview/session-rpc';
import { Assistant } from '../assistant/requests.js';
import { compileCell } from '../compile/cell.js';
import { completeness } from '../compile/completeness.js';
import type { ExecuteParams } from '../protocol.js';
import { Interrupter } from './interrupter.js';
import type { ControlData, FromCells, ToCells } from './messages.js';
import { OutputQueue } from './output-queue.js';
import { syntaxError } from './syntax-error.js';

const port = parentPort as MessagePort;
const { counters: shared, ...address } = workerData as ControlData;
const counters = new Int32Array(shared);
const send = (message: ToCells) => port.postMessage(message);

const session = await connectSession({ ...address, role: 'typescript', info: { pid: process.pid } });
// Nobody is left to run cells for: the kernel ended, however it ended.
session.onClose(() => process.kill(process.pid, 'SIGKILL'));

const interrupter = new Interrupter({
  interrupt: (cell) => send({ kind: 'interrupt', cell }),
  answers: () =>
    new Promise((resolve) => {
      numbers += 1;
      pings.set(numbers, resolve);
      send({ kind: 'ping', id: numbers });
    }),
});
const assistant = new Assistant();
const running = new Map<string, (outcome: Json) => void>();
/** Running cells whose end is known and not told yet. */
const ending = new Set<string>();
/** Calls to the kernel that a cell waits for. */
const calling = new Map<string, Set<AbortController>>();
const pings = new Map<number, () => void>();
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
  if (running.has(cell) && !ending.has(cell)) await interrupter.stop(cell);
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

const outputs = new OutputQueue(session, counters);
function end({ cell, outcome }: Extract<FromCells, { kind: 'ended' }>): void {
  // Said again, because Stop came while it was said.
  if (ending.has(cell)) return;
  ending.add(cell);
  // Now, and not when its outputs are sent: what goes on in the other thread from here on is no longer this cell.
  // A process that does not survive being ended from outside dies at once: this cell's error, and not the next one's.
  const free = interrupter.ended(cell) ? interrupter.settled() : undefined;
  outputs.afterwards(async () => {
    await free;
    running.get(cell)?.(outcome as unknown as Json);
    running.delete(cell);
    ending.delete(cell);
  });
}

port.on('message', (message: FromCells) => {
  if (message.kind === 'call') void answer(message);
  else if (message.kind === 'value') take(values, message.id)?.(message);
  else if (message.kind === 'alive') take(pings, message.id)?.();
  else if (message.kind === 'ended') end(message);
  else outputs.push(message);
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

function take<Value>(from: Map<number, Value>, id: number): Value | undefined {
  const taken = from.get(id);
  from.delete(id);
  return taken;
}

function asError(error: unknown): CrossviewError {
  if (error instanceof CrossviewError) return error;
  return new CrossviewError('INTERNAL_ERROR', error instanceof Error ? error.message : String(error));
}
