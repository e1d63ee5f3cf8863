import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { CrossviewError } from '@crossview/contracts';
import { notThrift } from './messages.js';
import { openSocket } from './open-socket.js';
import type { Credentials, Endpoint, ThriftTransport } from './transport.js';

/** Sockets come from `openSocket`, so that TLS is checked in one place. */
class EndpointAgent extends Agent {
  constructor(readonly endpoint: Endpoint) {
    super({ keepAlive: true, maxSockets: 4 });
  }

  override createConnection(...given: Parameters<Agent['createConnection']>): ReturnType<Agent['createConnection']> {
    const callback = given[1] as (error: Error | null, socket?: unknown) => void;
    openSocket(this.endpoint).then(
      (socket) => callback(null, socket),
      (error: Error) => callback(error),
    );
    return undefined as unknown as ReturnType<Agent['createConnection']>;
  }
}

/** HTTP: each call is a POST, who calls is said by basic authentication and then by the server's cookie. */
export class HttpTransport implements ThriftTransport {
  readonly outlivesConnection = true;
  readonly #agent: EndpointAgent;
  readonly #path: string;
  #cookies = new Map<string, string>();
  readonly #running = new Set<ClientRequest>();
  #understood = false;
  #closed = false;

  constructor(
    readonly endpoint: Endpoint,
    path: string,
    readonly credentials: Credentials | undefined,
  ) {
    this.#agent = new EndpointAgent(endpoint);
    this.#path = path.startsWith('/') ? path : `/${path}`;
  }

  async call(message: Buffer): Promise<Buffer> {
    const first = await this.#post(message, this.#cookies.size === 0);
    // A cookie that ran out is told by 401; the password then makes a new one.
    if (first.status !== 401 || this.#cookies.size === 0) return this.#body(first);
    this.#cookies.clear();
    return this.#body(await this.#post(message, true));
  }

  #post(message: Buffer, withPassword: boolean): Promise<{ status: number; type: string; body: Buffer }> {
    const { host, port, tls, callTimeout } = this.endpoint;
    const { credentials } = this;
    const lost = (cause: Error) =>
      cause instanceof CrossviewError
        ? cause
        : new CrossviewError('COPY_CONNECTION_LOST', `the connection to ${host}:${port} ended: ${cause.message}`, {
            hint: 'Check the server, and what stands between it and this machine.',
            facts: { host, port },
            cause,
          });
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(lost(new Error('it was closed here')));
      const authorization =
        credentials && withPassword
          ? { authorization: `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}` }
          : {};
      const cookie =
        this.#cookies.size === 0
          ? {}
          : { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
      const outgoing = request(
        {
          agent: this.#agent,
          host,
          port,
          method: 'POST',
          path: this.#path,
          headers: {
            'content-type': 'application/x-thrift',
            accept: 'application/x-thrift',
            'content-length': message.length,
            // Servers with hive.server2.xsrf.filter.enabled take no request without it.
            'x-xsrf-header': 'true',
            ...authorization,
            ...cookie,
          },
        },
        (incoming: IncomingMessage) => {
          const chunks: Buffer[] = [];
          for (const line of incoming.headers['set-cookie'] ?? []) {
            const [pair = ''] = line.split(';');
            const equals = pair.indexOf('=');
            if (equals > 0) this.#cookies.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
          }
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('end', () => {
            clearTimeout(timer);
            if (!incoming.complete) return reject(lost(new Error('the answer was cut off')));
            resolve({
              status: incoming.statusCode ?? 0,
              type: incoming.headers['content-type'] ?? '',
              body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks),
            });
          });
          incoming.on('error', (error) => {
            clearTimeout(timer);
            reject(lost(error));
          });
        },
      );
      const timer = setTimeout(() => {
        outgoing.destroy(
          new CrossviewError('COPY_TIMED_OUT', `${host}:${port} gave no answer in ${callTimeout} ms`, {
            hint: `Check that the server speaks Thrift over ${tls ? 'HTTPS' : 'HTTP'} (thriftTransportProtocol, enableSsl).`,
            facts: { host, port },
          }),
        );
      }, callTimeout);
      this.#running.add(outgoing);
      outgoing.once('close', () => this.#running.delete(outgoing));
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        if (error.code?.startsWith('HPE_')) reject(notThrift(`no HTTP (${error.message})`, error));
        else reject(lost(error));
      });
      outgoing.end(message);
    });
  }

  #body({ status, type, body }: { status: number; type: string; body: Buffer }): Buffer {
    const { host, port } = this.endpoint;
    const text = () =>
      body
        .toString('utf8', 0, 300)
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim();
    if (status === 401 || status === 403)
      throw new CrossviewError(
        'COPY_LOGIN_REFUSED',
        `${host}:${port} refuses user ${this.credentials?.user ?? '(none)'}: HTTP ${status} ${text()}`,
        {
          hint: 'Check username and password of the linked service, and its authenticationType.',
          facts: { host, port, status, user: this.credentials?.user ?? null },
        },
      );
    if (status === 502 || status === 503 || status === 504)
      throw new CrossviewError('COPY_CONNECTION_LOST', `${host}:${port} answers HTTP ${status} ${text()}`, {
        hint: 'The gateway in front of the Thrift server cannot reach it; try again.',
        facts: { host, port, status },
      });
    // A server that was started anew says so of calls with handles of its life before.
    if (status === 500 && this.#understood)
      throw new CrossviewError('COPY_SESSION_LOST', `${host}:${port} answers HTTP 500 ${text()}`.trimEnd(), {
        hint: 'The Spark server may have been started anew, or its log says why.',
        facts: { host, port, status },
      });
    if (status !== 200 || !type.includes('thrift'))
      throw notThrift(`HTTP ${status}${type === '' ? '' : ` ${type}`} at ${this.#path} ${text()}`);
    this.#understood = true;
    return body;
  }

  close(): void {
    this.#closed = true;
    for (const outgoing of this.#running) outgoing.destroy(new Error('it was closed here'));
    this.#agent.destroy();
  }
}
