import { type AddressInfo, createServer, type Server } from 'node:net';
import type { CrossviewError } from '@crossview/contracts';
import type { ConnectionInfo } from '@crossview/jupyter-wire';
import * as assert from 'uvu/assert';
import { bindFront } from '../../../packages/kernel/src/zeromq/front-sockets.js';
import { ipcConnection } from '../../support/kernel-session.js';
import { suite } from '../../support/suite.js';

const test = suite('ports of a connection file', undefined, { timeout: 30_000 });

async function listener(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
const portOf = (server: Server) => (server.address() as AddressInfo).port;
const closed = (server: Server) => new Promise((resolve) => server.close(resolve));

/** A connection file as Jupyter writes it: ports that were free a moment ago. Its shell port is somebody else's. */
async function taken(): Promise<{ connection: ConnectionInfo; somebody: Server }> {
  const servers = await Promise.all([1, 2, 3, 4, 5].map(listener));
  const [shell_port, control_port, stdin_port, hb_port, iopub_port] = servers.map(portOf) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const [somebody, ...others] = servers;
  await Promise.all(others.map(closed));
  const ports = { shell_port, control_port, stdin_port, hb_port, iopub_port };
  return { connection: { ...ipcConnection(), ...ports, transport: 'tcp', ip: '127.0.0.1' }, somebody: somebody! };
}

test('one that somebody has for a moment is waited for', async () => {
  const { connection, somebody } = await taken();
  setTimeout(() => somebody.close(), 300);
  const front = await bindFront(connection);
  await front.close();
});

test('one that stays taken is named, and the others are free again', async () => {
  const { connection, somebody } = await taken();
  const error = await bindFront(connection).then(
    () => assert.unreachable('two have one port'),
    (thrown: CrossviewError) => thrown,
  );
  assert.is(error?.code, 'PORT_TAKEN');
  assert.match(error?.message ?? '', /cannot listen where its connection file says/);
  await closed(somebody);
  const front = await bindFront(connection);
  await front.close();
});

test.run();
