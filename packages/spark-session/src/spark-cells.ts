import type { CellError, CellOutput, Json, SessionPeer, SessionServer, SparkNotifications } from '@crossview/contracts';

/**
 * How long a stop may take before the next, harder step. The hard one is repeated, because code that catches everything
 * can swallow a stop that hits it in the wrong place.
 */
const patienceMilliseconds = { soft: 1000, again: 400, giveUp: 10_000 };

/** The cells that the JVM runs now: brings their output to the front and their Stop to the JVM. */
export class SparkCells {
  readonly #outputs = new Map<string, CellOutput>();

  constructor(session: SessionServer) {
    this.#listen(session, 'cell.stream', ({ name, text }, output) => output.stream(name, text));
    this.#listen(session, 'cell.display', ({ data, metadata }, output) => output.display(data, { metadata }));
    this.#listen(session, 'cell.result', ({ data }, output) => output.result(data));
  }

  /**
   * Calls a method that runs a cell and answers with its outcome.
   * A cell that cannot be stopped is given up after ten seconds: the JVM may stay busy with it.
   */
  async run<Answer extends { readonly status: string }>(
    peer: SessionPeer,
    cell: { readonly id: string; readonly signal: AbortSignal; readonly output: CellOutput },
    method: string,
    params: Json,
  ): Promise<Answer | CellError> {
    if (cell.signal.aborted) return stopped('The cell was stopped before it began.');
    this.#outputs.set(cell.id, cell.output);
    let watch: { release(): void; givenUp: Promise<CellError> } | undefined;
    try {
      watch = this.#watch(peer, cell.id, cell.signal);
      return await Promise.race([peer.call(method, params) as unknown as Promise<Answer>, watch.givenUp]);
    } finally {
      watch?.release();
      this.#outputs.delete(cell.id);
    }
  }

  #watch(peer: SessionPeer, cell: string, signal: AbortSignal) {
    const timers: NodeJS.Timeout[] = [];
    const cancel = (hard: boolean) => void peer.call('cell.cancel', { cell, hard }).catch(() => {});
    let give: (outcome: CellError) => void;
    const givenUp = new Promise<CellError>((resolve) => {
      give = resolve;
    });
    const onAbort = () => {
      cancel(false);
      const insist = () => {
        cancel(true);
        timers.push(setTimeout(insist, patienceMilliseconds.again));
      };
      timers.push(setTimeout(insist, patienceMilliseconds.soft));
      const text = 'The cell does not stop; it goes on inside the JVM. Restart the kernel to end it.';
      timers.push(setTimeout(() => give(stopped(text)), patienceMilliseconds.giveUp));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const release = () => {
      signal.removeEventListener('abort', onAbort);
      for (const timer of timers) clearTimeout(timer);
    };
    return { release, givenUp };
  }

  #listen<Name extends 'cell.stream' | 'cell.display' | 'cell.result'>(
    session: SessionServer,
    name: Name,
    forward: (params: SparkNotifications[Name], output: CellOutput) => void,
  ): void {
    session.onNotification(name, (params, peer) => {
      const known = params as unknown as SparkNotifications[Name];
      const output = peer.role === 'spark' ? this.#outputs.get(known.cell) : undefined;
      if (output) forward(known, output);
    });
  }
}

function stopped(value: string): CellError {
  return { status: 'error', name: 'KeyboardInterrupt', value, traceback: [`KeyboardInterrupt: ${value}`] };
}
