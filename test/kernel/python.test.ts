import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { contents, kinds, textOn } from '../support/kernel-client.js';
import { type KernelSession, startKernelSession } from '../support/kernel-session.js';
import { suite } from '../support/suite.js';

const test = suite('python cells', undefined, { timeout: 60_000 });
let session: KernelSession;

test.before(async () => {
  session = await startKernelSession();
});
test.after(() => session.close());

test('streams, displays and results come in order, with the count of the notebook', async () => {
  await session.client.execute('%lsmagic');
  const answer = await session.client.execute(
    [
      'import sys',
      'from IPython.display import display as show, HTML, update_display, clear_output',
      'print("out"); sys.stdout.flush()',
      'show(HTML("<b>x</b>"), display_id="d")',
      'update_display(HTML("<b>y</b>"), display_id="d")',
      'print("err", file=sys.stderr)',
      'clear_output(wait=True)',
      '6 * 7',
    ].join('\n'),
  );
  assert.equal(
    kinds(answer).filter((kind) => kind !== 'stream'),
    ['busy', 'execute_input', 'display_data', 'update_display_data', 'clear_output', 'execute_result', 'idle'],
  );
  assert.is(textOn(answer), 'out\n');
  assert.is(textOn(answer, 'stderr'), 'err\n');
  const [display] = contents(answer, 'display_data');
  assert.equal(display?.transient, { display_id: 'd' });
  const [result] = contents(answer, 'execute_result');
  assert.equal(result?.data, { 'text/plain': '42' });
  assert.is(result?.execution_count, answer.reply.content.execution_count);
});

test('display shows frames of every library, their summary and their chart', async () => {
  const frame = async (code: string) => {
    const answer = await session.client.execute(code);
    const data = contents(answer, 'display_data')[0]?.data as Record<string, unknown> | undefined;
    assert.ok(data, JSON.stringify(answer.reply.content));
    return data;
  };
  await session.client.execute(
    'import pandas as pd, polars as pl, pyarrow as pa\nd = {"id": [3, 1, None], "t": ["a", "b", "b"]}',
  );
  for (const made of [
    'pd.DataFrame(d)',
    'pl.DataFrame(d)',
    'pl.LazyFrame(d)',
    'pa.table(d)',
    'pa.RecordBatch.from_pydict(d)',
  ]) {
    assert.match(String((await frame(`display(${made})`))['text/html']), /3 rows/, made);
    const summary = await frame(`display(${made}, summary=True)`);
    const { data: rows } = summary['application/vnd.dataresource+json'] as { data: Record<string, unknown>[] };
    const { column, count, missing, distinct, mean, max } = rows[0]!;
    assert.equal([column, count, missing, distinct, mean, Number(max)], ['id', 2, 1, 2, 2, 3], made);
    assert.equal([rows[1]?.min, rows[1]?.max, rows[1]?.distinct], ['a', 'b', 2], made);
  }
  const chart = await frame(
    'display(pd.DataFrame(d), chart="bar", key="t", values=["id"], aggregation="avg", title="Ids")',
  );
  assert.match(String(chart['text/html']), '{"type":"bar","key":"t","values":["id"],"aggregation":"avg"}');
  assert.match(String(chart['text/plain']), /^Ids\n/);
});

test('an error has its traceback once, under the number of the cell', async () => {
  const answer = await session.client.execute('1/0');
  assert.equal(kinds(answer), ['busy', 'execute_input', 'error', 'idle']);
  assert.is(answer.reply.content.ename, 'ZeroDivisionError');
  const traceback = (answer.reply.content.traceback as string[]).join('\n');
  assert.match(traceback, new RegExp(`\\[${answer.reply.content.execution_count}\\]`));
});

test('input and getpass are asked through the notebook', async () => {
  const asked: unknown[] = [];
  session.client.onInput = ({ content }) => {
    asked.push([content.prompt, content.password]);
    return 'Ada';
  };
  const code = 'import getpass\nprint(input("who? "), getpass.getpass("pw: "))';
  assert.is(textOn(await session.client.execute(code, { allow_stdin: true })), 'Ada Ada\n');
  assert.equal(asked, [
    ['who? ', false],
    ['pw: ', true],
  ]);
});

test('stop interrupts Python once; variables survive and the next cell runs', async () => {
  await session.client.execute('kept = 1');
  const running = session.client.execute('import time\nprint("go", flush=True)\ntime.sleep(30)');
  await session.client.said('go\n');
  const start = performance.now();
  await session.client.ask('interrupt_request', {}, 'control');
  assert.is((await running).reply.content.ename, 'KeyboardInterrupt');
  assert.ok(performance.now() - start < 15_000);
  assert.is(textOn(await session.client.execute('print(kept)')), '1\n');
});

test('a magic that IPython does not know is answered with the nearest one', async () => {
  const { reply } = await session.client.execute('%lsmagc');
  assert.is(reply.content.ename, 'UsageError');
  assert.equal(reply.content.traceback, ['Did you mean %lsmagic? %lsmagic lists them all.']);
});

test('many lines, each sent by itself, all arrive and in order', async () => {
  const answer = await session.client.execute('for i in range(5000):\n  print(i, flush=True)');
  assert.is(textOn(answer), Array.from({ length: 5000 }, (_, line) => `${line}\n`).join(''));
});

test('each Stop is one interrupt: code that catches the first is stopped by the second', async () => {
  const running = session.client.execute(
    'import time\ntry:\n  print("first", flush=True); time.sleep(30)\nexcept KeyboardInterrupt:\n  print("second", flush=True); time.sleep(30)',
  );
  for (const said of ['first\n', 'second\n']) {
    await session.client.said(said);
    await session.client.ask('interrupt_request', {}, 'control');
  }
  assert.is((await running).reply.content.ename, 'KeyboardInterrupt');
});

test('a cell that is stopped at any moment of its start ends, by one Stop', async () => {
  const { client } = session;
  // What IPython calls before a cell swallows an interrupt that hits it.
  await client.execute(
    'import time, IPython\nslow = lambda info: time.sleep(0.002)\nIPython.get_ipython().events.register("pre_run_cell", slow)',
  );
  for (let turn = 0; turn < 40; turn += 1) {
    const running = client.execute('while True: time.sleep(0.01)', { stop_on_error: false });
    await client.begun();
    await new Promise((resolve) => setTimeout(resolve, turn / 4));
    await client.ask('interrupt_request', {}, 'control');
    assert.is((await running).reply.content.ename, 'KeyboardInterrupt', `turn ${turn}`);
  }
  const last = 'IPython.get_ipython().events.unregister("pre_run_cell", slow)\nprint("goes on")';
  assert.is(textOn(await client.execute(last)), 'goes on\n');
});

test('Stop breaks into a loop that a cell awaits in', async () => {
  const { client } = session;
  const running = client.execute('import asyncio\nprint("begun", flush=True)\nwhile True: await asyncio.sleep(0.05)');
  await client.said('begun\n');
  await client.ask('interrupt_request', {}, 'control');
  assert.is((await running).reply.content.status, 'error');
  assert.is(textOn(await client.execute('print("goes on")')), 'goes on\n');
});

test('late output of a thread belongs to the cell that started it', async () => {
  await session.client.execute(
    'import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.4), print("late", flush=True))).start()',
  );
  await session.client.said('late\n');
});

test('comms pass both ways with their buffers', async () => {
  const { client } = session;
  const opened = await client.execute(
    [
      'import comm',
      'got = []',
      'c = comm.create_comm(target_name="t", data={"a": 1}, buffers=[bytes(range(256)) * 64])',
      'c.on_msg(lambda m: (got.append(bytes(m["buffers"][0])), c.send({"length": len(got[0])})))',
    ].join('\n'),
  );
  const open = opened.published.find(({ header }) => header.msg_type === 'comm_open');
  assert.is(open?.buffers[0]?.length, 256 * 64);
  assert.is(open?.buffers[0]?.[255], 255);
  const { comm_id } = open!.content;
  const info = await client.ask('comm_info_request', { target_name: 't' });
  assert.ok(Object.keys(info.reply.content.comms as object).includes(String(comm_id)));
  const payload = new Uint8Array(70_000).map((_, at) => at % 251);
  const sent = client.send('shell', 'comm_msg', { comm_id: comm_id ?? '', data: {} }, { buffers: [payload] });
  const answer = await client.wait(sent, false);
  assert.equal(contents(answer, 'comm_msg')[0]?.data, { length: 70_000 });
  const check = await client.execute('print(got[0] == bytes(i % 251 for i in range(70_000)))');
  assert.is(textOn(check), 'True\n');
  await client.execute('%%cleanup -f');
  const after = await client.ask('comm_info_request', { target_name: 't' });
  assert.equal(after.reply.content.comms, {});
  assert.ok(client.everything.some(({ message }) => message.header.msg_type === 'comm_close'));
});

test('display of frames goes through the one renderer, in order with print', async () => {
  const answer = await session.client.execute(
    'import pandas as pd\nprint("before")\ndisplay(pd.DataFrame({"n": range(1500), "t": ["<x>"] * 1500}))\nprint("after")',
  );
  assert.equal(kinds(answer).slice(2), ['stream', 'display_data', 'stream', 'idle']);
  const data = contents(answer, 'display_data')[0]?.data as Record<string, unknown>;
  assert.match(String(data['text/html']), '1,000 of 1,500 rows');
  assert.match(String(data['text/html']), '&lt;x&gt;');
  assert.match(String(data['text/plain']), '20 of 1,500 rows');
  assert.is((data['application/vnd.dataresource+json'] as { data: unknown[] }).data.length, 1000);
});

test('user expressions, payloads, completion and inspection are Python’s own', async () => {
  const { client } = session;
  const { reply } = await client.execute('x = 20', { user_expressions: { twice: 'x * 2' } });
  const { twice } = reply.content.user_expressions as Record<string, { data: Record<string, string> }>;
  assert.is(twice?.data['text/plain'], '40');
  const page = await client.execute('len?');
  assert.is((page.reply.content.payload as { source: string }[])[0]?.source, 'page');
  const complete = await client.ask('complete_request', { code: '%%python\nimport colle', cursor_pos: 21 });
  assert.ok((complete.reply.content.matches as string[]).includes('collections'));
  const inspect = await client.ask('inspect_request', { code: 'len', cursor_pos: 3, detail_level: 0 });
  assert.is(inspect.reply.content.found, true);
});

test('silent cells run in Python and leave no trace', async () => {
  const answer = await session.client.execute('probe = 5', { silent: true });
  assert.equal(kinds(answer), ['busy', 'idle']);
  assert.is(textOn(await session.client.execute('print(probe)')), '5\n');
});

test('a cell magic that a cell defined is Python’s own', async () => {
  await session.client.execute(
    'from IPython.core.magic import register_cell_magic\n@register_cell_magic\ndef shout(line, cell): print(cell.upper(), end="")',
  );
  assert.is(textOn(await session.client.execute('%%shout\nhello')), 'HELLO\n');
  assert.is((await session.client.execute('%%shoot\nhello')).reply.content.ename, 'MAGIC_UNKNOWN');
});

test('many quick silent cells while one runs are all answered, in order', async () => {
  const running = session.client.execute('import time\ntime.sleep(0.5)\nprint("done")');
  const probes = Array.from({ length: 50 }, (_, at) => session.client.execute(`probe = ${at}`, { silent: true }));
  assert.is(textOn(await running), 'done\n');
  for (const probe of await Promise.all(probes)) assert.equal(kinds(probe), ['busy', 'idle']);
  assert.is(textOn(await session.client.execute('print(probe)')), '49\n');
});

test('ten thousand messages and a large text arrive whole and in order', async () => {
  const many = await session.client.execute(
    'import sys\nfor i in range(10_000):\n  print(i)\n  if i % 10 == 0: sys.stdout.flush()',
  );
  assert.is(textOn(many), Array.from({ length: 10_000 }, (_, at) => `${at}\n`).join(''));
  const large = await session.client.execute('print("x" * 20_000_000)');
  assert.is(textOn(large).length, 20_000_001);
});

test('%pip installs for this session, and the next cell imports it', async () => {
  const wheel = join(session.context.workingDirectory, 'tinything-1.0-py3-none-any.whl');
  const answer = await session.client.execute(`import zipfile
with zipfile.ZipFile(${JSON.stringify(wheel)}, "w") as wheel:
  wheel.writestr("tinything.py", "answer = 42")
  wheel.writestr("tinything-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tinything\\nVersion: 1.0\\n")
  wheel.writestr("tinything-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
  wheel.writestr("tinything-1.0.dist-info/RECORD", "")
%pip install --no-index ${wheel}
import tinything
print(tinything.answer)`);
  assert.match(
    textOn(answer),
    /Installed for this notebook: tinything 1\.0\n42\n$/,
    JSON.stringify(answer.reply.content),
  );
});

test('a Python that dies is named with the way it ended, and comes back', async () => {
  const { client } = session;
  await client.execute('import comm\nc = comm.create_comm(target_name="dies")');
  const comms = async () =>
    (await client.ask('comm_info_request', { target_name: 'dies' })).reply.content.comms as object;
  const [id] = Object.keys(await comms());
  const dead = await session.client.execute('import os\nos._exit(3)');
  assert.is(dead.reply.content.ename, 'SUB_KERNEL_DIED');
  assert.match(String(dead.reply.content.evalue), /ended with code 3/);
  assert.is(textOn(await session.client.execute('print("back")')), 'back\n');
  // Widgets of the one that died do not look alive.
  assert.equal(await comms(), {});
  const closed = client.everything.find(
    ({ message: it }) => it.header.msg_type === 'comm_close' && it.content.comm_id === id,
  );
  assert.ok(closed);
});

test('parameters of SQL cells are values of Python, with their types', async () => {
  const { context } = session;
  await session.client.execute(
    'import datetime, decimal\nday = datetime.date(2013, 1, 1)\nbig = 2**60\nprice = decimal.Decimal("1.50")',
  );
  const { PythonLanguage } = await import('../../packages/kernel/src/sub-kernels/python-language.js');
  const other = new PythonLanguage({ name: 'python', context: { ...context, valueOf: async () => undefined } });
  const signal = new AbortController().signal;
  assert.is(await other.readValue('nothing', signal), undefined);
  assert.is(await other.readValue('__name__', signal), '__main__');
  await other.close();
  await other.close();
});

test.run();
