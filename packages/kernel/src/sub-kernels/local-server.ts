import { type KernelCommand, KernelProcess } from './kernel-process.js';
import { localSocketClass } from './local-socket.js';

/**
 * The part of a Jupyter Server's API that `@jupyterlab/services` needs, answered inside this process:
 * one client for kernels here and elsewhere.
 */
export class LocalServer {
  readonly #kernels = new Map<string, KernelProcess>();
  readonly WebSocket = localSocketClass((id) => this.#kernels.get(id));

  async start(command: KernelCommand): Promise<KernelProcess> {
    const kernel = await KernelProcess.start(command);
    this.#kernels.set(kernel.id, kernel);
    void kernel.exited.then(() => this.#kernels.delete(kernel.id));
    return kernel;
  }

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const [, id = '', action = ''] = /\/api\/kernels\/([^/]+)\/?(\w*)$/.exec(new URL(request.url).pathname) ?? [];
    const kernel = this.#kernels.get(id);
    if (!kernel) return Response.json({ message: `There is no kernel ${id} here` }, { status: 404 });
    if (request.method === 'GET' && action === '') return Response.json(kernelModel(kernel));
    if (request.method === 'POST' && action === 'interrupt') {
      kernel.signalInterrupt();
      return new Response(null, { status: 204 });
    }
    if (request.method === 'DELETE') {
      await kernel.close();
      return new Response(null, { status: 204 });
    }
    return Response.json({ message: `${request.method} ${action} is not answered here` }, { status: 405 });
  };

  /** May be called twice. */
  async close(): Promise<void> {
    await Promise.all([...this.#kernels.values()].map((kernel) => kernel.close()));
  }
}

export function kernelModel(kernel: KernelProcess) {
  return {
    id: kernel.id,
    name: kernel.command.name,
    last_activity: new Date().toISOString(),
    execution_state: 'idle',
    connections: 1,
  };
}
