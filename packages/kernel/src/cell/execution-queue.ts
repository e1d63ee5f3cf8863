interface Task {
  run(): Promise<unknown>;
  /** Called in place of `run` when something before it failed; a task without it always runs. */
  abort?(): Promise<unknown>;
}

/** Runs one task after the other. A task that throws does not stop those behind it. */
export class ExecutionQueue {
  #tasks: Task[] = [];
  #running = false;

  get waiting(): number {
    return this.#tasks.length;
  }

  push(task: Task): void {
    this.#tasks.push(task);
    if (!this.#running) void this.#run();
  }

  /**
   * Takes out what is waiting now and can be aborted; the result aborts it, in order. Called before the failure is
   * answered: who sends a cell after that answer knows of the failure and means it.
   */
  async takeWaiting(): Promise<() => Promise<void>> {
    // Messages that are already on the socket belong to those sent before: let them be read first.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    const taken = this.#tasks.filter((task) => task.abort);
    this.#tasks = this.#tasks.filter((task) => !task.abort);
    return async () => {
      for (const task of taken) await task.abort?.().catch(() => {});
    };
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    while (this.#running) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) await task.run().catch(() => {});
    } finally {
      this.#running = false;
    }
  }
}
