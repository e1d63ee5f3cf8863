import { setTimeout as sleep } from 'node:timers/promises';
import type { CellError, Language, LanguageContext } from '@crossview/contracts';
import * as assert from 'uvu/assert';
import typescript from '../../../packages/kernel/dist/languages/typescript.js';
import { runCell } from '../../support/cells.js';
import { FileViewHolder } from '../../support/file-view-holder.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';
import { until } from '../../support/until.js';
import { startViewsSession, type ViewsSession } from '../../support/views-session.js';

const test = suite('TypeScript cells: Stop, and a process that ends');
let views: ViewsSession;
let language: Language;

test.before(async () => {
  views = await startViewsSession(new FileViewHolder());
  const context = { ...views, workingDirectory: temporaryDirectory('typescript-stop') };
  language = typescript.create(context as unknown as LanguageContext);
});
test.after(async () => {
  await language.close();
  await views.close();
});

async function plain(code: string): Promise<string | undefined> {
  const { outcome, result } = await runCell(language, code);
  assert.equal(outcome, { status: 'ok' });
  return result?.['text/plain'];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Presses Stop a moment after the cell has printed something, and gives how long it took to end. */
async function stop(code: string, moment = 60): Promise<{ error: CellError; milliseconds: number }> {
  const controller = new AbortController();
  let pressed = 0;
  const cell = await runCell(language, `console.log('begun');\n${code}`, {
    signal: controller.signal,
    onOutput: () => {
      if (pressed !== 0) return;
      pressed = 1;
      setTimeout(() => {
        pressed = Date.now();
        controller.abort();
      }, moment);
    },
  });
  assert.is(cell.outcome.status, 'error', code);
  return { error: cell.outcome as CellError, milliseconds: Date.now() - pressed };
}

const loops: Record<string, string> = {
  'a loop that computes': 'while (true) {}',
  'a loop after an await': 'await new Promise((r) => setTimeout(r, 20)); while (true) {}',
  'a loop after a settled await': 'await null; for (;;) {}',
  'a loop of awaits': 'for (;;) await null;',
  'a loop that waits':
    'for (;;) { await new Promise((r) => setTimeout(r, 10)); globalThis.turns = (globalThis.turns ?? 0) + 1 }',
  'a wait without an end': 'await new Promise(() => {});',
  'a loop that catches everything': 'for (;;) { try { await new Promise((r) => setTimeout(r, 1)); throw 1 } catch {} }',
  'a loop in a callback': 'setTimeout(() => { for (;;) {} }, 1); await new Promise(() => {});',
  'a loop in a promise': 'await Promise.resolve().then(() => { for (;;) {} });',
  'a regular expression without an end': "/^(a+)+$/.test('a'.repeat(40) + 'b');",
  'a loop that prints': "for (;;) console.log('x'.repeat(1000));",
};

for (const [title, code] of Object.entries(loops)) {
  test(`Stop ends ${title}`, async () => {
    await plain('let kept = 42;');
    const { error, milliseconds } = await stop(code);
    assert.is(error.name, 'KeyboardInterrupt');
    assert.ok(milliseconds < 10_000, `${milliseconds} ms`);
    assert.is(await plain('kept'), '42');
  });
}

test(
  'Stop ends a loop that prints, at whatever moment it comes',
  async () => {
    for (let moment = 0; moment < 15; moment += 1) {
      const { error } = await stop(loops['a loop that prints']!, 5 + 8 * moment);
      assert.is(error.name, 'KeyboardInterrupt');
      assert.is(await plain('kept'), '42');
    }
  },
  { timeout: 60_000 },
);

test('a cell prints no faster than its outputs are taken', async () => {
  const busy = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  let taken = 0;
  const { outcome } = await runCell(
    language,
    `console.log('begun'); await new Promise((r) => setTimeout(r, 50));
     globalThis.printed = 0; const end = Date.now() + 500;
     while (Date.now() < end) { console.log('x'.repeat(999)); printed += 1000; }`,
    {
      onOutput: (text) => {
        // A kernel that has something else to do while the cell prints.
        if (taken === 0) busy(3000);
        taken += text.length;
      },
    },
  );
  assert.equal(outcome, { status: 'ok' });
  const printed = Number(await plain('printed'));
  assert.is(taken, 'begun\n'.length + printed);
  assert.ok(printed < 2_000_000, `${printed} bytes`);
});

test('a stopped loop does not go on behind', async () => {
  await plain('globalThis.turns = 0');
  await stop(loops['a loop that waits']!);
  const turns = await plain('turns');
  await sleep(60);
  assert.is(await plain('turns'), turns);
});

test('a timer of an earlier cell goes on after Stop', async () => {
  await plain('globalThis.ticks = 0; globalThis.timer = setInterval(() => { ticks++ }, 5)');
  await stop('await new Promise(() => {});');
  const before = Number(await plain('ticks'));
  await until('the timer ticks on', async () => Number(await plain('ticks')) > before, 10_000);
  await plain('clearInterval(timer)');
});

test('views can still be read after code was ended from outside', async () => {
  await plain("await views.set('after_stop', { n: [1, 2, 3] }); void 0");
  await stop('await null; for (;;) {}');
  assert.is(await plain("(await views.get('after_stop')).numRows"), '3');
});

test('a process that ends is named with its last words, and the next cell starts a new one', async () => {
  const { outcome } = await runCell(language, "require('node:fs').writeSync(2, 'out of luck\\n'); process.exit(3)");
  assert.is(outcome.status, 'error');
  const { name, value } = outcome as CellError;
  assert.is(name, 'TYPESCRIPT_ENDED');
  assert.match(value, /ended with exit code 3/);
  assert.match(value, /out of luck/);
  assert.is(await plain('typeof kept'), 'undefined');
});

test('a killed process is named', async () => {
  const { outcome } = await runCell(language, "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})");
  assert.match((outcome as CellError).value, /SIGKILL/);
  assert.is(await plain('1'), '1');
});

test('a busy cell with asynchronous storage is ended by name, if need be with its process', async () => {
  const { error } = await stop(
    "const { AsyncLocalStorage } = require('node:async_hooks'); await new AsyncLocalStorage().run({}, async () => { await null; for (;;) {} })",
  );
  assert.ok(['KeyboardInterrupt', 'TYPESCRIPT_ENDED'].includes(error.name), error.name);
  assert.is(await plain('1'), '1');
});

test('the process ends with the connection to its kernel, busy or not', async () => {
  const pid = Number(await plain('process.pid'));
  const running = runCell(language, 'for (;;) {}');
  await sleep(200);
  (await views.session.waitForPeer('typescript', 10_000)).close();
  assert.is((await running).outcome.status, 'error');
  await until('the process is gone', () => !isAlive(pid), 10_000);
});

test.run();
