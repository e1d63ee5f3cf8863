import type { CommMessage, Json } from '@crossview/contracts';

/** What answers one comm that a kernel opened. */
export interface CommServer {
  received(data: Json, buffers: readonly Uint8Array[]): void;
  /** The comm or its kernel is gone. May be called twice. */
  close(): void;
}

/** Makes the server of a comm that was opened; `send` gives the kernel a message. */
export type OpenComm = (send: (data: Json, buffers?: readonly Uint8Array[]) => void) => CommServer;

/** Comms of a kernel behind ours that are answered here and never reach a front end. */
export class ServedComms {
  readonly #targets = new Map<string, OpenComm>();
  readonly #open = new Map<string, CommServer>();

  constructor(private readonly send: (id: string, data: Json, buffers: readonly Uint8Array[]) => void) {}

  serve(target: string, open: OpenComm): void {
    this.#targets.set(target, open);
  }

  /** Takes a message that is for one of them; gives whether it was. */
  took({ type, content, buffers }: CommMessage): boolean {
    const id = content.comm_id;
    const known = this.#open.get(id);
    if (type === 'comm_open') {
      const open = this.#targets.get(String(content.target_name ?? ''));
      if (!open) return false;
      this.#open.set(
        id,
        open((data, more = []) => this.send(id, data, more)),
      );
      return true;
    }
    if (!known) return false;
    if (type === 'comm_close') {
      this.#open.delete(id);
      known.close();
    } else known.received(content.data ?? null, buffers);
    return true;
  }

  close(): void {
    for (const server of this.#open.values()) server.close();
    this.#open.clear();
  }
}
