import type { Outputs } from './outputs.js';

export interface RunningCell {
  readonly id: string;
  /** Set by Stop: whatever of this cell still waits fails when it goes on. */
  stopped: boolean;
}

/** Named as in Python, because front ends know the name. */
export class StoppedError extends Error {
  override readonly name = 'KeyboardInterrupt';

  constructor() {
    super('The cell was stopped.');
  }
}

/** What compiled cells call; see `compile/cell.ts`. */
export class Runtime {
  /** Names that cells have declared. */
  readonly declared = new Set<string>();
  readonly scope: ReturnType<Runtime['createScope']>;
  #cell: RunningCell = { id: '', stopped: false };

  constructor(
    private readonly outputs: Outputs,
    private readonly notebook: string,
  ) {
    this.scope = this.createScope();
  }

  begin(cell: RunningCell, names: readonly string[]): void {
    this.#resume(cell);
    for (const name of names) this.#declare(name);
  }

  private createScope() {
    return {
      /**
       * Around every `await` of a cell. Afterwards the cell that awaited is the current one again, for output and Stop.
       * An async function and no promise of its own, so that traces still lead to the cell.
       */
      wait: async (value: unknown): Promise<unknown> => {
        const cell = this.#cell;
        try {
          return await value;
        } finally {
          this.#resume(cell);
          // biome-ignore lint/correctness/noUnsafeFinally: Stop goes before whatever was waited for.
          if (cell.stopped) throw new StoppedError();
        }
      },
      each: (values: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterable<unknown> => ({
        [Symbol.asyncIterator]: () => this.#guarded(values),
      }),
      import: (specifier: string): Promise<unknown> => import(cellSpecifier(specifier)),
      load: async (specifier: string, bindings: Record<string, string>, whole?: string): Promise<void> => {
        const loaded = (await import(cellSpecifier(specifier))) as Record<string, unknown>;
        for (const [local, exported] of Object.entries(bindings)) this.#assign(local, loaded[exported]);
        if (whole !== undefined) this.#assign(whole, loaded);
      },
      keep: (name: string, value: unknown): void => this.#assign(name, value),
      meta: { url: this.notebook, resolve: (specifier: string) => new URL(specifier, this.notebook).href },
    };
  }

  #resume(cell: RunningCell): void {
    this.#cell = cell;
    this.outputs.cell = cell.id;
  }

  #guarded(values: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterator<unknown> {
    const { wait } = this.scope;
    if (Symbol.asyncIterator in values) {
      const inner = values[Symbol.asyncIterator]();
      return {
        next: async () => (await wait(inner.next())) as IteratorResult<unknown>,
        return: async (value) => (await inner.return?.(value)) ?? { done: true, value },
      };
    }
    const inner = values[Symbol.iterator]();
    return {
      next: async () => {
        const { done, value } = inner.next();
        return { done: done ?? false, value: await wait(value) };
      },
      return: async (value) => inner.return?.(value) ?? { done: true, value },
    };
  }

  /** Strict code may only assign to what is there; accessors of the platform (`crypto`, `navigator`) make place. */
  #declare(name: string): void {
    this.declared.add(name);
    const there = Object.getOwnPropertyDescriptor(globalThis, name);
    if (there && 'value' in there && there.writable) return;
    this.#define(name, undefined);
  }

  #assign(name: string, value: unknown): void {
    this.#define(name, value);
  }

  #define(name: string, value: unknown): void {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });
  }
}

/** Marks an import of a cell for `module-hooks.ts`, which looks it up from the notebook's directory. */
export const cellScheme = 'crossview-cell:';

function cellSpecifier(specifier: string): string {
  return `${cellScheme}${encodeURIComponent(specifier)}`;
}
