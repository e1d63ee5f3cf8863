import { type ArrowParts, CrossviewError, type ViewField, type ViewHolder } from '@crossview/contracts';
import type { ArrowStore, StoredVersion } from './arrow-store.js';
import { key, type SparkView } from './spark-views.js';

interface Export {
  readonly version: string;
  /** The versions of all views when it was made: this one may stand on any of them. */
  readonly others: ReadonlyMap<string, string>;
  readonly done: Promise<StoredVersion>;
  stored: StoredVersion | undefined;
  readonly abort: AbortController;
  readers: number;
}

/** Spark views that were written out as Arrow: once for each version, kept until the view is replaced. */
export class SparkExports {
  readonly #exports = new Map<string, Export>();
  readonly #fields = new Map<string, { version: string; fields: readonly ViewField[] }>();

  constructor(
    private readonly spark: ViewHolder,
    private readonly store: ArrowStore,
  ) {}

  /** The rows of this very version, when they were exported already. */
  whole(view: SparkView, now: ReadonlyMap<string, SparkView>): ArrowParts | undefined {
    const found = this.#exports.get(key(view.name));
    return found?.version === view.version && this.#current(found, now) ? found.stored?.data : undefined;
  }

  settled(view: SparkView): ArrowParts | undefined {
    const found = this.#exports.get(key(view.name));
    return found?.version === view.version ? found.stored?.data : undefined;
  }

  /** Exports a view; readers of the same version share one run, which is given up when all of them have gone. */
  async export(view: SparkView, now: ReadonlyMap<string, SparkView>, signal?: AbortSignal): Promise<ArrowParts> {
    signal?.throwIfAborted();
    let running = this.#exports.get(key(view.name));
    if (running?.version !== view.version || !this.#current(running, now)) {
      this.forget(view.name);
      running = this.#begin(view, now);
      this.#exports.set(key(view.name), running);
    }
    running.readers += 1;
    try {
      return (await untilAborted(running.done, signal)).data;
    } finally {
      running.readers -= 1;
      if (running.readers === 0 && !running.stored) {
        running.abort.abort();
        if (this.#exports.get(key(view.name)) === running) this.#exports.delete(key(view.name));
      }
    }
  }

  /** The first rows only, in files that are not kept for the next reader. */
  async first(view: SparkView, limit: number, signal?: AbortSignal): Promise<ArrowParts> {
    const stored = await this.#run(view, { limit, ...(signal && { signal }) });
    this.store.retire(stored);
    return stored.data;
  }

  async fields(view: SparkView): Promise<readonly ViewField[]> {
    const known = this.#fields.get(key(view.name));
    if (known?.version === view.version) return known.fields;
    const fields = await this.spark.describe(view.name);
    this.#fields.set(key(view.name), { version: view.version, fields });
    return fields;
  }

  forget(name: string): void {
    const found = this.#exports.get(key(name));
    this.#fields.delete(key(name));
    this.#exports.delete(key(name));
    if (found?.stored) this.store.retire(found.stored);
  }

  /** Lets go of what was exported from views that are no longer what they were. */
  agree(now: ReadonlyMap<string, SparkView>): void {
    for (const [name, found] of this.#exports)
      if (found.stored && (now.get(name)?.version !== found.version || !this.#current(found, now))) this.forget(name);
  }

  close(): void {
    for (const found of this.#exports.values()) found.abort.abort();
    this.#exports.clear();
  }

  #current(found: Export, now: ReadonlyMap<string, SparkView>): boolean {
    for (const [name, version] of found.others) {
      const there = now.get(name);
      if (there && there.version !== version) return false;
    }
    return true;
  }

  #begin(view: SparkView, now: ReadonlyMap<string, SparkView>): Export {
    const abort = new AbortController();
    const done = this.#run(view, { signal: abort.signal });
    const begun: Export = {
      version: view.version,
      others: new Map([...now].map(([name, other]) => [name, other.version])),
      done,
      stored: undefined,
      abort,
      readers: 0,
    };
    done.then(
      (stored) => {
        if (this.#exports.get(key(view.name)) === begun) begun.stored = stored;
        else this.store.retire(stored);
      },
      () => {
        if (this.#exports.get(key(view.name)) === begun) this.#exports.delete(key(view.name));
      },
    );
    return begun;
  }

  async #run(view: SparkView, options: { limit?: number; signal?: AbortSignal }): Promise<StoredVersion> {
    const directory = await this.store.allocate();
    try {
      const parts = await this.spark.exportTo(view.name, directory, options);
      return await this.store.keep(view.name, parts);
    } catch (error) {
      await this.store.discard(directory);
      throw named(view.name, error);
    }
  }
}

/** The same failure, with the view in its words: what the engine says of itself does not name it. */
function named(view: string, error: unknown): unknown {
  if (!(error instanceof CrossviewError) || error.message.toLowerCase().includes(view.toLowerCase())) return error;
  const { code, message, hint, facts } = error;
  return new CrossviewError(code, `View "${view}" could not be read: ${message}`, {
    ...(hint === undefined ? {} : { hint }),
    facts: { ...facts, view },
    cause: error,
  });
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
