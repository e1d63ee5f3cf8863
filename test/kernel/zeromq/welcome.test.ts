import { endpoint } from '@crossview/jupyter-wire';
import * as assert from 'uvu/assert';
import { Subscriber } from 'zeromq';
import { bindFront, type FrontSockets } from '../../../packages/kernel/src/zeromq/front-sockets.js';
import { ipcConnection } from '../../support/kernel-session.js';
import { suite } from '../../support/suite.js';

const test = suite('who subscribes is welcomed first', undefined, { timeout: 30_000 });
const utf8 = new TextEncoder();
const text = (frames: Uint8Array[]) => frames.map((frame) => new TextDecoder().decode(frame)).join('|');

/** Nothing of this thread runs meanwhile; the sockets' own threads do. */
const block = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

const connection = ipcConnection();
let front: FrontSockets;
const subscribers: Subscriber[] = [];

function subscribe(topic = ''): Subscriber {
  const subscriber = new Subscriber({ linger: 0, receiveTimeout: 10_000 });
  subscriber.connect(endpoint(connection, connection.iopub_port));
  subscriber.subscribe(topic);
  subscribers.push(subscriber);
  return subscriber;
}

test.before(async () => {
  front = await bindFront(connection);
  const none = () => {};
  front.listen({
    shell: none,
    control: none,
    stdin: none,
    welcome: (topic) => [topic, utf8.encode(`welcome to "${new TextDecoder().decode(topic)}"`)],
  });
});
test.after(async () => {
  for (const subscriber of subscribers) subscriber.close();
  await front.close();
});

const news = (what: string) => [utf8.encode('status'), utf8.encode(what)];

test('when the subscription is read before what waits goes out', async () => {
  for (let turn = 0; turn < 10; turn += 1) {
    const subscriber = subscribe();
    block(50);
    front.iopub.send(news('starting'));
    assert.is(text((await subscriber.receive()) as Uint8Array[]), '|welcome to ""');
    subscriber.close();
  }
});

test('when the subscription arrives between the reading and the sending', async () => {
  for (let turn = 0; turn < 10; turn += 1) {
    const subscriber = subscribe();
    setImmediate(() => block(50));
    front.iopub.send(news('starting'));
    assert.is(text((await subscriber.receive()) as Uint8Array[]), '|welcome to ""');
    assert.is(text((await subscriber.receive()) as Uint8Array[]), 'status|starting');
    subscriber.close();
  }
});

test('who subscribes to a topic is welcomed under it', async () => {
  const subscriber = subscribe('stat');
  assert.is(text((await subscriber.receive()) as Uint8Array[]), 'stat|welcome to "stat"');
  front.iopub.send(news('busy'));
  assert.is(text((await subscriber.receive()) as Uint8Array[]), 'status|busy');
});

test('who comes later is welcomed as well, and nobody loses anything', async () => {
  const [first, second] = [subscribe(), subscribe()];
  for (const subscriber of [first, second])
    assert.is(text((await subscriber.receive()) as Uint8Array[]), '|welcome to ""');
  front.iopub.send(news('busy'));
  front.iopub.send(news('idle'));
  for (const subscriber of [first, second]) {
    const heard: string[] = [];
    while (!heard.includes('status|idle')) heard.push(text((await subscriber.receive()) as Uint8Array[]));
    assert.equal(
      heard.filter((it) => !it.includes('welcome')),
      ['status|busy', 'status|idle'],
    );
  }
});

test.run();
