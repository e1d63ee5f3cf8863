import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/**
 * What happens to a request: it is refused (403); the service is busy (503); the connection breaks before it arrives, or after it was
 * answered and before the answer arrives.
 */
export const requestFaults = ['refused', 'busy', 'cutBefore', 'cutAfter'] as const;
export type RequestFault = (typeof requestFaults)[number];

/** A request as the harness tells them apart: `PUT block part-*.parquet`. Names that are made anew in each run are left out. */
export type RequestShape = string;

function shapeOf({ method, url = '' }: IncomingMessage): RequestShape {
  const { pathname, searchParams } = new URL(url, 'http://storage');
  const operation = searchParams.get('comp') ?? (searchParams.has('restype') ? 'container' : 'blob');
  const last = pathname.split('/').at(-1) ?? '';
  const temporary = pathname.includes('/_temporary') ? ' of an attempt' : '';
  const what = /\.parquet$/.test(last) ? 'file' : /^_/.test(last) ? last : 'directory';
  return `${method} ${operation}, ${what}${temporary}`;
}

/** An HTTP proxy in front of a storage emulator that knows one request from another, and breaks the one that it is told to. */
export class RequestProxy {
  /** Shapes of the requests since the last `watch`, in order. */
  readonly seen: RequestShape[] = [];
  /** Faults that happened since the last `watch`. */
  hits = 0;
  #break: ((shape: RequestShape, index: number) => RequestFault | undefined) | undefined;

  private constructor(
    readonly server: Server,
    readonly port: number,
  ) {}

  static async open(upstream: number): Promise<RequestProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    const proxy = new RequestProxy(server, (server.address() as { port: number }).port);
    server.on('request', (request, response) => proxy.#answer(request, response, upstream));
    return proxy;
  }

  /** Forgets what was seen. `choose` says which fault, if any, a request meets. */
  watch(choose?: (shape: RequestShape, index: number) => RequestFault | undefined): void {
    this.seen.length = 0;
    this.hits = 0;
    this.#break = choose;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  #answer(request: IncomingMessage, response: ServerResponse, upstream: number): void {
    const shape = shapeOf(request);
    const fault = this.#break?.(shape, this.seen.length);
    this.seen.push(shape);
    if (fault !== undefined) this.hits += 1;
    const cut = () => void request.socket.destroy();
    if (fault === 'cutBefore') {
      cut();
      return;
    }
    if (fault === 'refused' || fault === 'busy') {
      request.resume();
      const [status, code] = fault === 'busy' ? [503, 'ServerBusy'] : [403, 'AuthorizationPermissionMismatch'];
      request.on('end', () => response.writeHead(status, { 'x-ms-error-code': code, 'content-length': 0 }).end());
      return;
    }
    const { method, url, headers } = request;
    const service = forward({ host: '127.0.0.1', port: upstream, method, path: url, headers }, (answer) => {
      if (fault === 'cutAfter') {
        answer.resume();
        answer.on('end', cut);
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.rawHeaders as unknown as Record<string, string>);
      answer.pipe(response);
    });
    service.on('error', cut);
    request.on('error', () => service.destroy());
    request.pipe(service);
  }
}
