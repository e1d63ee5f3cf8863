import type { CommMessage } from '@crossview/contracts';

interface OpenComm {
  readonly target: string;
  readonly language: string;
}

/** Which language each open comm belongs to, so that messages from the front end find their way. */
export class Comms {
  readonly #open = new Map<string, OpenComm>();

  /** Takes note of a message in either direction. */
  saw(message: CommMessage, language: string): void {
    const { comm_id: id, target_name: target } = message.content;
    if (message.type === 'comm_open') this.#open.set(id, { target: String(target ?? ''), language });
    if (message.type === 'comm_close') this.#open.delete(id);
  }

  owner(id: string): string | undefined {
    return this.#open.get(id)?.language;
  }

  /** The comms of a language, whose engines have ended. @returns their ids */
  forget(language: string): readonly string[] {
    return this.drop([...this.#open].filter(([, comm]) => comm.language === language).map(([id]) => id));
  }

  /** @returns those that were open */
  drop(ids: readonly string[]): readonly string[] {
    return ids.filter((id) => this.#open.delete(id));
  }

  info(target: string | undefined): Record<string, { target_name: string }> {
    const found = [...this.#open].filter(([, comm]) => target === undefined || comm.target === target);
    return Object.fromEntries(found.map(([id, comm]) => [id, { target_name: comm.target }]));
  }
}
