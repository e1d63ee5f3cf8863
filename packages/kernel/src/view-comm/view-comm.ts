import { CrossviewError, type Json, type ViewCatalog, type ViewInfo } from '@crossview/contracts';
import { ReceivedPart } from './received-part.js';
import { SentParts } from './sent-parts.js';

/** The comm over which rows travel to kernels elsewhere, and over which front ends hear of views. */
export const viewsTarget = 'crossview.views';

/** How a comm's messages leave: its data, and binary buffers. */
export type SendData = (data: Json, buffers?: readonly Uint8Array[]) => void;

/** What goes on until its last message; told apart by the number that the other side gave it. */
interface Exchange {
  /** A message of the other side that belongs to it. */
  took(data: Data, buffers: readonly Uint8Array[]): void;
  /** The other side gave it up, or is gone. May be called twice. */
  stop(): void;
}

interface Data {
  readonly id?: string;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly limit?: number | null; readonly language?: string };
  readonly ack?: number;
  readonly chunk?: number;
  readonly end?: boolean;
  readonly cancel?: boolean;
}

/**
 * One side of a comm with target `crossview.views`: answers what the other side asks, and carries rows as binary buffers.
 * Front ends and kernels on other hosts speak the same: `list`, `read`, `write`, `drop`, each with an `id` that all
 * messages of the exchange carry. Whoever gets a chunk acknowledges it; two chunks at most are under way.
 */
export class ViewComm {
  readonly #exchanges = new Map<string, Exchange>();

  constructor(
    private readonly views: ViewCatalog,
    private readonly send: SendData,
    /** The language of views that are written without saying one. */
    private readonly language: string,
  ) {}

  /** Tells the other side which views there are now. */
  tell(views: readonly ViewInfo[]): void {
    this.send({ event: 'views', views: views.map(viewJson) });
  }

  received(message: Json, buffers: readonly Uint8Array[]): void {
    const data = (typeof message === 'object' && message !== null ? message : {}) as unknown as Data;
    const { id } = data;
    if (typeof id !== 'string') return;
    const running = this.#exchanges.get(id);
    if (data.cancel === true) {
      running?.stop();
      this.#exchanges.delete(id);
    } else if (running) running.took(data, buffers);
    else if (data.method !== undefined) void this.#begin(id, data).catch((error: unknown) => this.#refuse(id, error));
  }

  /** The other side is gone. May be called twice. */
  close(): void {
    for (const exchange of this.#exchanges.values()) exchange.stop();
    this.#exchanges.clear();
  }

  async #begin(id: string, { method, params = {} }: Data): Promise<void> {
    const { name = '', language = this.language } = params;
    if (method === 'list') return this.#answer(id, { views: (await this.views.list()).map(viewJson) });
    if (method === 'drop') return this.#answer(id, { dropped: await this.views.drop(name) });
    if (method === 'read') return this.#read(id, name, params.limit ?? undefined);
    if (method === 'write') return this.#write(id, name, language);
    throw new CrossviewError('METHOD_UNKNOWN', `Views know no ${String(method)}.`, {
      hint: 'There are list, read, write and drop.',
      facts: { method: String(method) },
    });
  }

  async #read(id: string, name: string, limit: number | undefined): Promise<void> {
    const stop = new AbortController();
    this.#exchanges.set(id, { took() {}, stop: () => stop.abort() });
    const { parts, rows, bytes, totalRows } = await this.views.read(name, {
      signal: stop.signal,
      ...(limit === undefined ? {} : { limit }),
    });
    stop.signal.throwIfAborted();
    const sent = await SentParts.open(name, parts, (data, buffers) => this.send({ id, ...data }, buffers));
    this.#exchanges.set(id, sent);
    this.#answer(id, { rows, bytes, totalRows: totalRows ?? null, parts: parts.length });
    try {
      await sent.sendAll();
    } finally {
      this.#exchanges.delete(id);
    }
  }

  async #write(id: string, name: string, language: string): Promise<void> {
    const directory = await this.views.allocate();
    const part = await ReceivedPart.create(name, directory, (chunk) => this.send({ id, ack: chunk }));
    this.#exchanges.set(id, part);
    this.#answer(id, {});
    try {
      await part.complete;
      const parts = { parts: [part.path], rows: 0, bytes: 0, totalRows: undefined };
      const info = await this.views.publish(name, parts, language);
      this.#answer(id, viewJson(info));
    } catch (error) {
      await this.views.discard(directory);
      throw error;
    } finally {
      this.#exchanges.delete(id);
    }
  }

  #answer(id: string, result: Json): void {
    this.send({ id, result });
  }

  #refuse(id: string, thrown: unknown): void {
    this.#exchanges.delete(id);
    const error =
      thrown instanceof CrossviewError
        ? thrown
        : new CrossviewError('INTERNAL_ERROR', thrown instanceof Error ? thrown.message : String(thrown));
    const { code, message, hint, facts } = error;
    this.send({ id, error: { code, message, hint: hint ?? null, facts: JSON.parse(JSON.stringify(facts)) as Json } });
  }
}

export function viewJson(view: ViewInfo): Json {
  // What is not known is left out.
  return JSON.parse(JSON.stringify(view)) as Json;
}
