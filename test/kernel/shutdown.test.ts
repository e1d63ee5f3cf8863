import * as assert from 'uvu/assert';
import { echo } from '../support/echo-language.js';
import { startKernelSession } from '../support/kernel-session.js';
import { suite } from '../support/suite.js';

const test = suite('shutdown');

test('a shutdown is answered, published, and ends the kernel; closing again does no harm', async () => {
  const session = await startKernelSession({ defaultLanguage: 'echo', languages: [echo] });
  const running = session.client.execute('sleep:10000');
  await session.client.arrived();
  const { reply } = await session.client.ask('shutdown_request', { restart: true }, 'control');
  assert.is(reply.header.msg_type, 'shutdown_reply');
  assert.is(reply.content.restart, true);
  assert.is((await running).reply.content.status, 'error');
  await session.kernel.closed;
  await session.close();
  await session.close();
});

test('Stop of a first cell that waits for its session ends it', async () => {
  const session = await startKernelSession({ defaultLanguage: 'echo', languages: [echo] });
  const running = session.client.execute('sleep:10000');
  await session.client.arrived();
  await session.client.ask('interrupt_request', {}, 'control');
  assert.is((await running).reply.content.ename, 'KeyboardInterrupt');
  await session.close();
});

test('an unknown default language is refused by name', async () => {
  const failure = await startKernelSession({ defaultLanguage: 'pysparkk' }).catch((error: unknown) => error);
  assert.is((failure as { code?: string }).code, 'LANGUAGE_UNKNOWN');
});

test.run();
