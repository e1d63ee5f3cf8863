import { KernelMessage, ServerConnection } from '@jupyterlab/services';
import { KernelConnection } from '@jupyterlab/services/lib/kernel/default.js';
import type { KernelHandle } from './kernel-handle.js';
import type { KernelCommand, KernelProcess } from './kernel-process.js';
import { kernelModel, LocalServer } from './local-server.js';
import { serializer } from './serializer.js';

// The library tells the console about each socket it opens; a kernel's console is the front end's terminal.
console.debug = () => {};

export { KernelMessage };
export type Connection = InstanceType<typeof KernelConnection>;

export interface Connected {
  readonly handle: KernelHandle;
  readonly connection: Connection;
}

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

function localHandle(process: KernelProcess, connection: Connection): KernelHandle {
  return {
    exited: process.exited,
    get running() {
      return process.running;
    },
    async interrupt() {
      if (process.command.interruptMode === 'signal') return process.signalInterrupt();
      const options = { msgType: 'interrupt_request', channel: 'control', session: connection.clientId, content: {} };
      const message = KernelMessage.createMessage(options as never);
      await connection.sendControlMessage(message as never, true, true).done;
    },
    close: () => process.close(),
  };
}

/** Starts a kernel on this host and connects to it over ZeroMQ. */
export async function startLocal(command: KernelCommand): Promise<Connected> {
  const process = await local.start(command);
  const model = kernelModel(process);
  const connection = new KernelConnection({ model, serverSettings: localSettings, handleComms: false });
  return { handle: localHandle(process, connection), connection };
}
