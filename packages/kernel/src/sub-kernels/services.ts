import { CrossviewError } from '@crossview/contracts';
import { KernelAPI, KernelMessage, ServerConnection } from '@jupyterlab/services';
import { KernelConnection } from '@jupyterlab/services/lib/kernel/default.js';
import type { KernelHandle } from './kernel-handle.js';
import type { KernelCommand, KernelProcess } from './kernel-process.js';
import { kernelModel, LocalServer } from './local-server.js';
import { serializer } from './serializer.js';
import { serverSocketClass } from './server-socket.js';

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

export interface JupyterServer {
  /** `http://host:8888/` with the base path, if there is one. */
  readonly url: string;
  readonly token: string;
}

/**
 * Starts a kernel on a Jupyter Server or Gateway and connects to it over its WebSocket.
 * @throws CrossviewError `JUPYTER_SERVER` naming the server, never the token.
 */
export async function startRemote(server: JupyterServer, name: string): Promise<Connected> {
  const baseUrl = server.url.endsWith('/') ? server.url : `${server.url}/`;
  const serverSettings = ServerConnection.makeSettings({
    baseUrl,
    wsUrl: baseUrl.replace(/^http/, 'ws'),
    token: server.token,
    appendToken: false,
    WebSocket: serverSocketClass(server.token) as never,
    serializer: serializer as never,
  } as Partial<ServerConnection.ISettings>);
  const model = await KernelAPI.startNew({ name }, serverSettings).catch((cause: Error) => {
    throw new CrossviewError('JUPYTER_SERVER', `${name} cannot be started on ${baseUrl}: ${cause.message}`, {
      hint: 'Look at the address, at the token, and at which kernels the server has.',
      facts: { server: baseUrl, kernel: name },
      cause,
    });
  });
  const connection = new KernelConnection({ model, serverSettings, handleComms: false });
  return { handle: remoteHandle(connection), connection };
}

function remoteHandle(connection: Connection): KernelHandle {
  let running = true;
  let gone = (_: string) => {};
  const exited = new Promise<string>((resolve) => {
    gone = (words) => {
      running = false;
      resolve(words);
    };
  });
  connection.statusChanged.connect((_, status) => {
    if (status === 'dead') gone('The server says that it is dead.');
  });
  return {
    exited,
    get running() {
      return running;
    },
    interrupt: () => connection.interrupt(),
    async close() {
      if (running) await connection.shutdown().catch(() => {});
      gone('It was shut down.');
    },
  };
}
