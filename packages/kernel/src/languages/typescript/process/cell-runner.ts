import vm from 'node:vm';
import type { CellError, Json } from '@crossview/contracts';
import { runtimeName } from '../compile/cell.js';
import { showValue } from './display.js';
import type { FromCells, ToCells } from './messages.js';
import type { Outputs } from './outputs.js';
import { type RunningCell, Runtime, StoppedError } from './runtime.js';
import { Traceback } from './traceback.js';

/** Runs compiled cells in this thread's own global scope, one at a time. */
export class CellRunner {
  readonly #traceback = new Traceback();
  readonly #runtime: Runtime;
  #current: { cell: RunningCell; stop(error: StoppedError): void } | undefined;

  constructor(
    private readonly outputs: Outputs,
    private readonly send: (message: FromCells) => void,
    notebook: string,
  ) {
    this.#runtime = new Runtime(outputs, notebook);
    Object.defineProperty(globalThis, runtimeName, { value: this.#runtime.scope });
  }

  run({ cell: id, fileName, compiled }: Extract<ToCells, { kind: 'run' }>): void {
    const cell: RunningCell = { id, stopped: false };
    this.#traceback.know(fileName, compiled.sourceMap);
    this.#runtime.begin(cell, compiled.names);
    // A plain promise with callbacks: when Stop ends this thread's code in the middle, no continuation of ours is lost.
    const ended = (outcome: { status: 'ok' } | CellError) => {
      if (this.#current?.cell !== cell) return;
      // Said first: if Stop ends this code in between, it is said again, and not never.
      this.send({ kind: 'ended', cell: id, outcome });
      this.#current = undefined;
    };
    const fail = (error: unknown) => ended(this.#traceback.cellError(error));
    this.#current = { cell, stop: fail };
    try {
      const body = vm.runInThisContext(compiled.javascript, { filename: fileName }) as () => Promise<unknown>;
      body().then((value) => {
        try {
          showValue(this.outputs, value);
          ended({ status: 'ok' });
        } catch (error) {
          fail(error);
        }
      }, fail);
    } catch (error) {
      fail(error);
    }
  }

  interrupt(id: string): void {
    const error = new StoppedError();
    if (this.#current?.cell.id === id) {
      this.#current.cell.stopped = true;
      this.#current.stop(error);
    } else {
      // It has ended, and this second end is not heard; or its beginning was lost, because Stop ended that too.
      this.send({ kind: 'ended', cell: id, outcome: this.#traceback.cellError(error) });
    }
  }

  /** An error that no cell waits for: it is shown, and the session goes on. */
  strayError(error: unknown): void {
    if (error instanceof StoppedError) return;
    const { traceback } = this.#traceback.cellError(error);
    this.outputs.stream('stderr', `${traceback.join('\n')}\n`);
  }

  value(name: string): { found: boolean; value: Json } {
    const scope = globalThis as { [name: string]: unknown };
    if (!this.#runtime.declared.has(name) || scope[name] === undefined) return { found: false, value: null };
    const text = JSON.stringify(scope[name], (_key, value: unknown) =>
      typeof value === 'bigint' ? (Number.isSafeInteger(Number(value)) ? Number(value) : String(value)) : value,
    );
    return text === undefined ? { found: false, value: null } : { found: true, value: JSON.parse(text) as Json };
  }
}
