import { KernelMessage, ServerConnection } from '@jupyterlab/services';
import { KernelConnection } from '@jupyterlab/services/lib/kernel/default.js';
import type { KernelCommand, KernelProcess } from './kernel-process.js';
import { kernelModel, LocalServer } from './local-server.js';
import { serializer } from './serializer.js';

// The library tells the console about each socket it opens; a kernel's console is the front end's terminal.
console.debug = () => {};

export { KernelMessage };
export type Connection = InstanceType<typeof KernelConnection>;

const local = new LocalServer();

const localSettings = ServerConnection.makeSettings({
  baseUrl: 'http://kernels.local/',
  wsUrl: 'ws://kernels.local/',
  token: '',
  appendToken: false,
  fetch: local.fetch,
  WebSocket: local.WebSocket as never,
  serializer: serializer as never,
} as Partial<ServerConnection.ISettings>);

/** Starts a kernel on this host and connects to it over ZeroMQ. */
export async function startLocal(command: KernelCommand): Promise<{ process: KernelProcess; connection: Connection }> {
  const process = await local.start(command);
  const connection = new KernelConnection({
    model: kernelModel(process),
    serverSettings: localSettings,
    handleComms: false,
  });
  return { process, connection };
}
