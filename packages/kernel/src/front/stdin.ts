import { CrossviewError } from '@crossview/contracts';
import type { Message } from '@crossview/jupyter-wire';
import type { Publisher } from './publisher.js';

interface Waiting {
  resolve(value: string): void;
  reject(error: CrossviewError): void;
}

/** Input requests that wait for the user, one for each front end (messaging protocol, "stdin"). */
export class InputRequests {
  readonly #waiting = new Map<string, Waiting>();
  readonly #publisher: Publisher;

  constructor(publisher: Publisher) {
    this.#publisher = publisher;
  }

  /** @throws CrossviewError `INPUT_INTERRUPTED` when the cell is stopped meanwhile. */
  ask(request: Message, prompt: string, password: boolean, signal: AbortSignal): Promise<string> {
    const key = this.#key(request);
    const interrupted = () => new CrossviewError('INPUT_INTERRUPTED', 'The cell was stopped while it waited for input');
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(interrupted());
      const stop = () => this.#waiting.get(key)?.reject(interrupted());
      const settle = () => {
        signal.removeEventListener('abort', stop);
        this.#waiting.delete(key);
      };
      this.#waiting.set(key, {
        resolve(value) {
          settle();
          resolve(value);
        },
        reject(error) {
          settle();
          reject(error);
        },
      });
      signal.addEventListener('abort', stop, { once: true });
      this.#publisher.send('stdin', 'input_request', { prompt, password }, request);
    });
  }

  /** A reply that nobody waits for is dropped: the cell that asked was stopped. */
  answered(message: Message): void {
    if (message.header.msg_type !== 'input_reply') return;
    const { value } = message.content;
    this.#waiting.get(this.#key(message))?.resolve(typeof value === 'string' ? value : '');
  }

  #key(message: Message): string {
    return message.identities.map((identity) => Buffer.from(identity).toString('hex')).join('/');
  }
}
