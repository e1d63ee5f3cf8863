import * as assert from 'uvu/assert';
import { contents, kinds, textOn } from '../support/kernel-client.js';
import { type KernelSession, startKernelSession } from '../support/kernel-session.js';
import { suite } from '../support/suite.js';

const test = suite('TypeScript cells in a notebook', undefined, { timeout: 60_000 });
let session: KernelSession;

test.before(async () => {
  session = await startKernelSession();
});
test.after(() => session.close());

async function ok(code: string) {
  const answer = await session.client.execute(code);
  assert.is(answer.reply.content.status, 'ok', JSON.stringify(answer.reply.content));
  return answer;
}

for (const magic of ['%%typescript', '%%ts', '%%javascript', '%%js']) {
  test(`${magic} runs a cell`, async () => {
    const answer = await ok(`${magic}\nconsole.log('out'); 6 * 7`);
    assert.equal(kinds(answer), ['busy', 'execute_input', 'stream', 'execute_result', 'idle']);
    assert.equal(contents(answer, 'execute_result')[0]?.data, { 'text/plain': '42' });
  });
}

test('a view goes from TypeScript to Python, to pandas and back', async () => {
  await ok(
    "%%typescript\nawait views.set('made', { word: ['a', 'b', 'a'], n: BigInt64Array.of(1n, 2n, 9007199254740993n) });",
  );
  const frame = await ok(
    '%%python\nframe = views["MADE"].to_pandas()\nviews["counted"] = frame.groupby("word", as_index=False)["n"].sum()\nprint(frame["n"].max(), frame["word"].tolist())',
  );
  assert.is(textOn(frame), "9007199254740993 ['a', 'b', 'a']\n");
  const back = await ok(
    "%%ts\nconst counted = await views.get('counted'); console.log(counted.getChild('n')!.get(0)); counted",
  );
  assert.is(textOn(back), '9007199254740994n\n');
  const { data } = contents(back, 'execute_result')[0] as { data: Record<string, string> };
  assert.match(data['text/html']!, /<td[^>]*>9007199254740994<\/td>/);
  assert.match(data['text/plain']!, /2 rows/);
});

test('%views lists and drops', async () => {
  const listed = contents(await ok('%views'), 'display_data')[0] as { data: Record<string, string> };
  assert.match(listed.data['text/plain']!, /made +typescript +3 /);
  assert.is(textOn(await ok('%views -d made')), 'Dropped made.\n');
  const error = await session.client.execute('%views -d made');
  assert.is(error.reply.content.ename, 'VIEW_NOT_FOUND');
});

test('an error is told once, with the line as the cell has it', async () => {
  const answer = await session.client.execute("%%ts\nconst a = 1;\nthrow new TypeError('no');");
  assert.equal(kinds(answer), ['busy', 'execute_input', 'error', 'idle']);
  assert.is(answer.reply.content.ename, 'TypeError');
  assert.match((answer.reply.content.traceback as string[]).join('\n'), /:3:7/);
});

test('Stop ends a busy cell, and the session goes on', async () => {
  const running = session.client.execute("%%ts\nlet kept = 'kept'; console.log('begun'); while (true) {}");
  await session.client.said('begun\n');
  await session.client.ask('interrupt_request', {}, 'control');
  const answer = await running;
  assert.is(answer.reply.content.ename, 'KeyboardInterrupt');
  assert.is(textOn(await ok('%%ts\nconsole.log(kept)')), 'kept\n');
});

test('completion and inspection count from the beginning of the cell', async () => {
  const code = '%%typescript\nviews.lis';
  const { reply } = await session.client.ask('complete_request', { code, cursor_pos: code.length });
  assert.equal(reply.content.matches, ['list']);
  assert.equal([reply.content.cursor_start, reply.content.cursor_end], [code.length - 3, code.length]);
  const inspected = await session.client.ask('inspect_request', {
    code: '%%ts\nviews.get',
    cursor_pos: 13,
    detail_level: 0,
  });
  assert.ok(inspected.reply.content.found);
});

test.run();
