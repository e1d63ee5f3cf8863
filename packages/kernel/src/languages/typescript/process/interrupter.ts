import { Session } from 'node:inspector';

/** How long the thread that runs cells may take to notice Stop by itself before its code is ended from outside. */
const politeMilliseconds = 150;
/** How long it may take to answer when nothing keeps it. */
const answerMilliseconds = 50;
/** After this the process is given up, and with it the variables of the session. */
const lastMilliseconds = 10_000;

/** The thread that runs cells. What it is told is lost when its code is ended just then. */
export interface CellThread {
  /** Asks for the end of the cell, if it is the one that runs. */
  interrupt(cell: string): void;
  /** Resolves when the thread has read what is sent now. */
  answers(): Promise<void>;
}

/** Ends a running cell, whether it waits or computes. */
export class Interrupter {
  readonly #ended = new Map<string, () => void>();
  readonly #forced = new Set<string>();
  #inspector: Session | undefined;
  /** Ends that were asked of V8 and have not come to pass. */
  #terminations = 0;

  constructor(private readonly thread: CellThread) {}

  /**
   * Resolves when the cell has ended. A cell that waits ends by being asked. Code that never comes back to the event loop
   * is ended by V8 (`Runtime.terminateExecution` of the inspector), as often as it takes.
   */
  async stop(cell: string): Promise<void> {
    if (this.#ended.has(cell)) return;
    const over = new Promise<true>((resolve) => this.#ended.set(cell, () => resolve(true)));
    const deadline = Date.now() + lastMilliseconds;
    this.thread.interrupt(cell);
    while (!(await Promise.race([over, pause(politeMilliseconds)]))) {
      giveUpAfter(deadline);
      this.#forced.add(cell);
      this.#terminate();
      this.thread.interrupt(cell);
    }
  }

  /** @returns whether code of the cell had to be ended from outside; then `settled` says when the next one may begin */
  ended(cell: string): boolean {
    this.#ended.get(cell)?.();
    this.#ended.delete(cell);
    return this.#forced.delete(cell);
  }

  /**
   * Resolves when the thread is free. V8 ends whatever runs next when it found nothing to end, which must not be the next
   * cell: so the thread is given something to run until all that was asked has come to pass, and it answers.
   */
  async settled(): Promise<void> {
    const deadline = Date.now() + lastMilliseconds;
    for (;;) {
      const calm = this.#terminations === 0;
      const answered = await Promise.race([this.thread.answers().then(() => true), pause(answerMilliseconds)]);
      if (calm && answered) return;
      if (answered) await pause(1);
      giveUpAfter(deadline);
    }
  }

  #terminate(): void {
    if (!this.#inspector) {
      this.#inspector = new Session();
      this.#inspector.connectToMainThread();
    }
    this.#terminations += 1;
    this.#inspector.post('Runtime.terminateExecution', () => {
      this.#terminations -= 1;
    });
  }
}

function giveUpAfter(deadline: number): void {
  if (Date.now() > deadline) process.kill(process.pid, 'SIGKILL');
}

function pause(milliseconds: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), milliseconds));
}
