import { Session } from 'node:inspector';

/** How long the thread that runs cells may take to notice Stop by itself before its code is ended from outside. */
const politeMilliseconds = 150;
/** After this the process is given up, and with it the variables of the session. */
const lastMilliseconds = 10_000;

/** Ends a running cell, whether it waits or computes. */
export class Interrupter {
  readonly #ended = new Map<string, () => void>();
  readonly #forced = new Set<string>();
  #inspector: Session | undefined;

  constructor(private readonly ask: (cell: string) => void) {}

  /**
   * Resolves when the cell has ended. A cell that waits ends by being asked. Code that never comes back to the event loop
   * is ended by V8 (`Runtime.terminateExecution` of the inspector), as often as it takes.
   */
  async stop(cell: string): Promise<void> {
    if (this.#ended.has(cell)) return;
    const over = new Promise<true>((resolve) => this.#ended.set(cell, () => resolve(true)));
    this.ask(cell);
    const began = Date.now();
    while (!(await Promise.race([over, pause(politeMilliseconds)]))) {
      if (Date.now() - began > lastMilliseconds) process.kill(process.pid, 'SIGKILL');
      this.#forced.add(cell);
      this.#terminate();
    }
  }

  /** @returns whether code of the cell had to be ended from outside */
  ended(cell: string): boolean {
    this.#ended.get(cell)?.();
    this.#ended.delete(cell);
    return this.#forced.delete(cell);
  }

  #terminate(): void {
    if (!this.#inspector) {
      this.#inspector = new Session();
      this.#inspector.connectToMainThread();
    }
    this.#inspector.post('Runtime.terminateExecution', () => {});
  }
}

function pause(milliseconds: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), milliseconds));
}
