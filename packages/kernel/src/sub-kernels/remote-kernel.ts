import { CrossviewError, type JupyterServerAddress } from '@crossview/contracts';
import { KernelAPI, type Kernel as Kernels, ServerConnection } from '@jupyterlab/services';
import { KernelConnection } from '@jupyterlab/services/lib/kernel/default.js';
import { deletedWithUs } from '../process-groups.js';
import type { KernelHandle } from './kernel-handle.js';
import { serializer } from './serializer.js';
import { serverSocketClass } from './server-socket.js';
import type { Connected, Connection } from './services.js';

// The library tells the terminal of each try to connect again, and what a server's own Python says when it fails; the cell
// says it where it is read.
for (const [level, talk] of [
  ['warn', 'Connection lost, reconnecting'],
  ['error', 'Traceback (most recent call last)'],
] as const) {
  const say = console[level];
  console[level] = (...words: unknown[]) => {
    if (!String(words[0]).startsWith(talk)) say(...words);
  };
}

/**
 * Starts a kernel on a Jupyter Server or Gateway and connects to it over its WebSocket.
 * @throws CrossviewError `JUPYTER_SERVER` naming the server, never the token.
 */
export async function startRemote(server: JupyterServerAddress, name: string): Promise<Connected> {
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
  // The library calls this itself when the server starts a kernel anew, and lets the failure go unhandled.
  const reconnect = connection.reconnect.bind(connection);
  connection.reconnect = () => reconnect().catch(() => {});
  return { handle: new RemoteHandle(connection, model, serverSettings), connection };
}

/** A kernel on a server: it may die there, be started anew there, or be out of reach for a while. */
class RemoteHandle implements KernelHandle {
  readonly exited: Promise<string>;
  #running = true;
  #gone: (words: string) => void = () => {};
  #dropped = false;
  #tried = false;
  #deleted: Promise<void> | undefined;
  readonly #forget: () => void;
  readonly #returns = new Set<() => void>();

  constructor(
    readonly connection: Connection,
    readonly model: Kernels.IModel,
    readonly settings: ServerConnection.ISettings,
  ) {
    this.#forget = deletedWithUs({ id: model.id, url: settings.baseUrl, token: settings.token });
    this.exited = new Promise((resolve) => {
      this.#gone = (words) => {
        if (!this.#running) return;
        this.#running = false;
        resolve(words);
        void this.#delete();
      };
    });
    connection.statusChanged.connect((_, status) => {
      if (status === 'dead') this.#gone('The server says that it is dead.');
      if (status === 'autorestarting') this.#gone('It died, and the server started it anew, without its variables.');
    });
    connection.connectionStatusChanged.connect((_, status) => this.#connectionChanged(status));
  }

  get running(): boolean {
    return this.#running;
  }

  onReturn(listener: () => void): void {
    this.#returns.add(listener);
  }

  interrupt(): Promise<void> {
    return this.connection.interrupt();
  }

  async close(): Promise<void> {
    this.#gone('It was shut down.');
    await this.#delete();
  }

  #connectionChanged(status: Kernels.ConnectionStatus): void {
    if (!this.#running) return;
    if (status === 'connecting') {
      this.#dropped = true;
      this.#tried = true;
    } else if (status === 'connected') {
      const returned = this.#dropped;
      this.#dropped = false;
      this.#tried = false;
      if (returned) for (const listener of this.#returns) listener();
    } else if (this.#tried) {
      this.#gone(`Its server ${this.settings.baseUrl} could not be reached any more.`);
    } else {
      // A server that closes the connection in good order is not tried again by the library: it may only restart.
      this.#dropped = true;
      void this.connection.reconnect();
    }
  }

  /** On the server nobody else ends it. */
  #delete(): Promise<void> {
    this.#deleted ??= KernelAPI.shutdownKernel(this.model.id, this.settings).then(this.#forget, () => {});
    return this.#deleted;
  }
}
