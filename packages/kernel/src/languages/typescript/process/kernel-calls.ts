import { CrossviewError, type Json } from '@crossview/contracts';
import type { FromCells, ToCells } from './messages.js';

/** Calls to the kernel, by way of the other thread. */
export class KernelCalls {
  readonly #waiting = new Map<number, { resolve(value: Json): void; reject(error: unknown): void }>();
  #count = 0;

  constructor(private readonly send: (message: FromCells) => void) {}

  /** @throws CrossviewError with the kernel's code */
  call(method: string, params: Json): Promise<Json> {
    this.#count += 1;
    const id = this.#count;
    // Made here and not in the promise's executor, so that the error's trace names the cell's line.
    const place = new Error('call');
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        resolve,
        reject: (error: unknown) => {
          if (error instanceof Error && place.stack) error.stack = place.stack.replace(/^Error: call/, String(error));
          reject(error);
        },
      });
      this.send({ kind: 'call', id, method, params });
    });
  }

  answered(message: Extract<ToCells, { kind: 'answer' | 'refusal' }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.result);
    else {
      const { code, message: text, hint, facts } = message.error;
      waiting?.reject(new CrossviewError(code, text, { hint, facts }));
    }
  }
}
