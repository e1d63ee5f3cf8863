// The process that TypeScript cells run in. This thread runs them; a second one talks to the kernel, so that Stop and the
// end of the kernel are noticed while a cell is busy.
import { createRequire, register } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { CellRunner } from './cell-runner.js';
import { sessionGlobals } from './globals.js';
import { KernelCalls } from './kernel-calls.js';
import type { ControlData, FromCells, ToCells } from './messages.js';
import { Outputs } from './outputs.js';

const [host, port] = (process.env.CROSSVIEW_SESSION ?? '').split(':');
const token = process.env.CROSSVIEW_SESSION_TOKEN ?? '';
// Cells and what they start have no business with the session's token.
delete process.env.CROSSVIEW_SESSION;
delete process.env.CROSSVIEW_SESSION_TOKEN;
// What was said to this process's memory is not meant for them either.
const tunables = process.env.CROSSVIEW_GLIBC_TUNABLES;
if (tunables === undefined) delete process.env.GLIBC_TUNABLES;
else process.env.GLIBC_TUNABLES = tunables;
delete process.env.CROSSVIEW_GLIBC_TUNABLES;
// A Ctrl-C in the kernel's terminal reaches this process too; Stop comes by the kernel.
process.on('SIGINT', () => {});

const counters = new SharedArrayBuffer(4);
const workerData: ControlData = { host: host ?? '', port: Number(port), token, counters };
const control = new Worker(new URL('./control.js', import.meta.url), { workerData });
const send = (message: FromCells) => control.postMessage(message);

const notebook = pathToFileURL(join(process.cwd(), 'notebook.ts')).href;
register('./module-hooks.js', import.meta.url, { data: { notebook } });

const outputs = new Outputs(send, counters);
const calls = new KernelCalls(send, () => outputs.cell);
const runner = new CellRunner(outputs, send, notebook);
outputs.takeOverStreams();
Object.defineProperties(globalThis, sessionGlobals({ outputs, calls, require: createRequire(notebook) }));
process.argv.splice(1);

for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(event, (error: unknown) => runner.strayError(error));

control.on('message', (message: ToCells) => {
  if (message.kind === 'run') runner.run(message);
  else if (message.kind === 'interrupt') runner.interrupt(message.cell);
  else if (message.kind === 'ping') send({ kind: 'alive', id: message.id });
  else if (message.kind === 'value') send({ kind: 'value', id: message.id, ...runner.value(message.name) });
  else if (message.kind === 'progress') calls.progressed(message);
  else calls.answered(message);
});
control.on('error', (error) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(70);
});
