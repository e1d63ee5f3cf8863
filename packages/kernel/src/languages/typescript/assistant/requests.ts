import { Worker } from 'node:worker_threads';
import type { Json } from '@crossview/contracts';

export type AssistantRequest =
  | { readonly kind: 'remember'; readonly code: string }
  | { readonly kind: 'complete' | 'inspect'; readonly id: number; readonly code: string; readonly cursor: number };

/** The language service in its thread, which starts with the first question and then learns what cells have run. */
export class Assistant {
  #worker: Worker | undefined;
  #remembered: string[] = [];
  #count = 0;
  readonly #waiting = new Map<number, (answer: Json) => void>();

  /** A cell that has run without an error. */
  remember(code: string): void {
    if (this.#worker) this.#post({ kind: 'remember', code });
    else this.#remembered.push(code);
  }

  /** `null` when there is nothing to say. */
  ask(kind: 'complete' | 'inspect', code: string, cursor: number): Promise<Json> {
    this.#start();
    this.#count += 1;
    const id = this.#count;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#post({ kind, id, code, cursor });
    });
  }

  #post(request: AssistantRequest): void {
    this.#worker?.postMessage(request);
  }

  #start(): void {
    if (this.#worker) return;
    const worker = new Worker(new URL('./worker.js', import.meta.url));
    this.#worker = worker;
    worker.unref();
    worker.on('message', ({ id, answer }: { id: number; answer: Json }) => {
      this.#waiting.get(id)?.(answer);
      this.#waiting.delete(id);
    });
    worker.on('error', () => {
      for (const answer of this.#waiting.values()) answer(null);
      this.#waiting.clear();
      this.#worker = undefined;
    });
    for (const code of this.#remembered.splice(0)) this.#post({ kind: 'remember', code });
  }
}
