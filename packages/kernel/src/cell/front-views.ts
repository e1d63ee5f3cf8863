import type { CommMessage, Json, ViewCatalog, ViewInfo } from '@crossview/contracts';
import type { CommContent, Message } from '@crossview/jupyter-wire';
import type { Publisher } from '../front/publisher.js';
import { ViewComm, viewsTarget } from '../view-comm/view-comm.js';

/** How long changes are gathered before front ends hear of them: a cell that makes ten views is told once. */
const gatherMilliseconds = 50;

/** Comms with target `crossview.views`: front ends that want to know which views there are, and what stands in them. */
export class FrontViews {
  readonly #open = new Map<string, ViewComm>();
  #timer: NodeJS.Timeout | undefined;
  #told = '';

  constructor(
    private readonly views: ViewCatalog,
    private readonly publisher: Publisher,
  ) {
    views.onChange(() => this.#soon());
  }

  /** Takes a comm message that is for it; gives whether it was. */
  async took(message: CommMessage, from: Message): Promise<boolean> {
    const id = message.content.comm_id;
    if (message.type === 'comm_open') {
      if (message.content.target_name !== viewsTarget) return false;
      const send = (data: Json, buffers: readonly Uint8Array[] = []) => this.#send(id, data, buffers, from.header);
      const comm = new ViewComm(this.views, send, 'front end');
      this.#open.set(id, comm);
      comm.tell(await this.views.list().catch(() => []));
      return true;
    }
    const found = this.#open.get(id);
    if (!found) return false;
    if (message.type === 'comm_close') {
      this.#open.delete(id);
      found.close();
    } else found.received(message.content.data ?? null, message.buffers);
    return true;
  }

  /** After a cell: what Spark cells did shows only when Spark is asked. */
  async cellEnded(): Promise<void> {
    if (this.#open.size > 0) await this.#tell();
  }

  #soon(): void {
    if (this.#open.size === 0 || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#tell();
    }, gatherMilliseconds);
    this.#timer.unref();
  }

  async #tell(): Promise<void> {
    const views: readonly ViewInfo[] | undefined = await this.views.list().catch(() => undefined);
    if (!views) return;
    const now = JSON.stringify(views);
    if (now === this.#told) return;
    this.#told = now;
    for (const comm of this.#open.values()) comm.tell(views);
  }

  #send(id: string, data: Json, buffers: readonly Uint8Array[], parent: Message['header']): void {
    if (!this.#open.has(id)) return;
    const content: CommContent = { comm_id: id, data };
    this.publisher.publish('comm_msg', content, parent, { buffers });
  }
}
