import { CrossviewError, type Json } from '@crossview/contracts';
import type { FromCells, ToCells } from './messages.js';

/** Calls to the kernel, by way of the other thread. */
export class KernelCalls {
  readonly #waiting = new Map<number, { resolve(value: Json): void; reject(error: unknown): void }>();
  readonly #progress = new Map<number, (value: Json) => void>();
  #count = 0;

  /** @param cell the cell that a call belongs to: Stop cancels it in the kernel. */
  constructor(
    private readonly send: (message: FromCells) => void,
    private readonly cell: () => string,
  ) {}

  /**
   * @param onProgress for methods that tell how far they are: they get the number of their listener as `progress`.
   * @throws CrossviewError with the kernel's code
   */
  async call(
    method: string,
    params: { readonly [key: string]: Json },
    onProgress?: (value: Json) => void,
  ): Promise<Json> {
    this.#count += 1;
    const id = this.#count;
    if (!onProgress) return this.#call(id, method, params);
    this.#progress.set(id, onProgress);
    try {
      return await this.#call(id, method, { ...params, progress: id });
    } finally {
      this.#progress.delete(id);
    }
  }

  progressed({ id, value }: Extract<ToCells, { kind: 'progress' }>): void {
    this.#progress.get(id)?.(value);
  }

  #call(id: number, method: string, params: Json): Promise<Json> {
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
      this.send({ kind: 'call', id, cell: this.cell(), method, params });
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
