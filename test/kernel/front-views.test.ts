import type { JsonObject } from '@crossview/jupyter-wire';
import { tableFromArrays, tableFromIPC } from 'apache-arrow';
import * as assert from 'uvu/assert';
import { echo } from '../support/echo-language.js';
import { type KernelSession, startKernelSession } from '../support/kernel-session.js';
import { suite } from '../support/suite.js';
import { writeParts } from '../support/views-session.js';

const test = suite('comm crossview.views', undefined, { timeout: 30_000 });
const comm = 'comm-of-the-test';
let session: KernelSession;

test.before(async () => {
  session = await startKernelSession({ defaultLanguage: 'echo', languages: [echo] });
});
test.after(() => session?.close());

interface Heard {
  readonly data: JsonObject;
  readonly buffers: readonly Uint8Array[];
}
/** What the comm has said so far. */
const heard = (): Heard[] =>
  session.client.everything.flatMap(({ message: { header, content, buffers } }) =>
    header.msg_type === 'comm_msg' && content.comm_id === comm ? [{ data: content.data as JsonObject, buffers }] : [],
  );
async function until<T>(find: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`not heard; ${JSON.stringify(heard().map(({ data }) => data))}`);
}
const say = (data: JsonObject, buffers: Uint8Array[] = []) =>
  session.client.send('shell', 'comm_msg', { comm_id: comm, data }, { buffers });
const lastViews = () => heard().findLast(({ data }) => data.event === 'views')?.data.views as JsonObject[] | undefined;
const publish = async (name: string, count: number) => {
  const { views } = session.context;
  const table = tableFromArrays({ n: Float64Array.from({ length: count }, (_, index) => index) });
  await views.publish(name, writeParts(await views.allocate(), table), 'test');
};

test('a front end hears of the views there are, and of each change', async () => {
  await publish('first', 3);
  await session.client.ask('comm_open', { comm_id: comm, target_name: 'crossview.views', data: {} }, 'shell', false);
  const views = await until(lastViews);
  assert.equal(
    views.map(({ name, language, rows }) => [name, language, rows]),
    [['first', 'test', 3]],
  );
  const info = await session.client.ask('comm_info_request', { target_name: 'crossview.views' });
  assert.equal(Object.keys(info.reply.content.comms as JsonObject), [comm]);
  await publish('second', 4);
  await until(() => (lastViews()?.length === 2 ? true : undefined));
  const before = lastViews()!.find(({ name }) => name === 'first')!.version;
  await publish('first', 3);
  await until(() => (lastViews()!.find(({ name }) => name === 'first')!.version !== before ? true : undefined));
  await session.context.views.drop('second');
  await until(() => (lastViews()?.length === 1 ? true : undefined));
});

test('it reads rows as buffers, no faster than they are taken', async () => {
  await publish('large', 2_000_000);
  say({ id: 'r1', method: 'read', params: { name: 'LARGE' } });
  const chunks = () => heard().filter(({ data }) => data.id === 'r1' && data.chunk !== undefined);
  await until(() => (chunks().length === 2 ? true : undefined));
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.is(chunks().length, 2, 'two chunks wait to be taken');
  for (let taken = 0; !heard().some(({ data }) => data.id === 'r1' && data.end === true); taken += 1) {
    await until(() => (chunks().length > taken ? true : undefined));
    assert.ok(chunks()[taken]!.buffers[0]!.byteLength <= 4 * 1024 * 1024);
    say({ id: 'r1', ack: taken });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const table = tableFromIPC(Buffer.concat(chunks().flatMap(({ buffers }) => buffers)));
  assert.is(table.numRows, 2_000_000);
  assert.is(table.getChild('n')!.get(1_999_999), 1_999_999);
});

test('it writes, drops, and says what is wrong', async () => {
  const answer = (id: string) => until(() => heard().find(({ data }) => data.id === id && data.result)?.data.result);
  const error = (id: string) => until(() => heard().find(({ data }) => data.id === id && data.error)?.data.error);
  const { parts } = await session.context.views.read('first');
  const { readFileSync } = await import('node:fs');
  say({ id: 'w1', method: 'write', params: { name: 'made', language: 'widget' } });
  await answer('w1');
  say({ id: 'w1', chunk: 0 }, [readFileSync(parts[0]!)]);
  say({ id: 'w1', end: true });
  await until(() =>
    heard().find(({ data }) => data.id === 'w1' && (data.result as JsonObject | undefined)?.rows === 3),
  );
  assert.is((await session.context.views.read('made')).rows, 3);
  say({ id: 'w2', method: 'write', params: { name: 'not a name' } });
  await answer('w2');
  say({ id: 'w2', chunk: 0 }, [readFileSync(parts[0]!)]);
  say({ id: 'w2', end: true });
  assert.is(((await error('w2')) as JsonObject).code, 'VIEW_NAME_INVALID');
  say({ id: 'w3', method: 'write', params: { name: 'half' } });
  await answer('w3');
  say({ id: 'w3', chunk: 0 }, [new Uint8Array(readFileSync(parts[0]!)).subarray(0, 100)]);
  say({ id: 'w3', end: true });
  assert.is(((await error('w3')) as JsonObject).code, 'VIEW_DATA_INVALID');
  say({ id: 'd1', method: 'drop', params: { name: 'made' } });
  assert.equal(await answer('d1'), { dropped: true });
  say({ id: 'x1', method: 'read', params: { name: 'made' } });
  assert.is(((await error('x1')) as JsonObject).code, 'VIEW_NOT_FOUND');
  say({ id: 'x2', method: 'burn', params: {} });
  assert.match(String(((await error('x2')) as JsonObject).hint), /list, read, write and drop/);
});

test('a front end that leaves is not told any more', async () => {
  await session.client.ask('comm_close', { comm_id: comm, data: {} }, 'shell', false);
  const before = heard().length;
  await publish('late', 1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.is(heard().length, before);
});

test.run();
