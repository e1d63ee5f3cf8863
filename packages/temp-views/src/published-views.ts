import type { ArrowStore, StoredVersion } from './arrow-store.js';
import { key, type SparkView } from './spark-views.js';

/** A view that a language published as Arrow. */
export interface Published {
  readonly name: string;
  readonly language: string;
  readonly stored: StoredVersion;
  /** The version of the Spark view of this name when this one was published: Spark's old one. */
  readonly shadows: string | undefined;
  /** Set once Spark has it. */
  spark: { readonly version: string } | undefined;
  /** Spark could not take it; it is not asked again before its next start. */
  declined: boolean;
  note: string | undefined;
  readonly version: string;
}

/** The names that are bound to Arrow files, following what Spark cells do to the same names. */
export class PublishedViews {
  readonly #views = new Map<string, Published>();
  #generation: number | string | undefined;
  #count = 0;

  constructor(private readonly store: ArrowStore) {}

  all(): Published[] {
    return [...this.#views.values()];
  }

  get(name: string): Published | undefined {
    return this.#views.get(key(name));
  }

  bind(view: Pick<Published, 'name' | 'language' | 'stored' | 'shadows'>): Published {
    this.unbind(view.name);
    this.#count += 1;
    const version = `published-${this.#count}`;
    const bound: Published = { ...view, spark: undefined, declined: false, note: undefined, version };
    this.#views.set(key(view.name), bound);
    return bound;
  }

  unbind(name: string): boolean {
    const bound = this.#views.get(key(name));
    if (!bound) return false;
    this.#views.delete(key(name));
    this.store.retire(bound.stored);
    return true;
  }

  /** Lets go of a view whose files were deleted by somebody else, unless its name has been bound anew meanwhile. */
  lose(view: Published): void {
    if (this.get(view.name) === view) this.unbind(view.name);
  }

  /**
   * Takes over what happened in Spark: a name that a Spark cell bound anew or dropped is not ours any more; after a new
   * start Spark knows nothing, and everything is to be offered again.
   */
  agree(spark: ReadonlyMap<string, SparkView>, running: boolean, generation: number | string | undefined): void {
    if (!running || generation !== this.#generation) {
      for (const view of this.#views.values()) Object.assign(view, { spark: undefined, declined: false });
    }
    this.#generation = generation;
    if (!running) return;
    for (const view of this.all()) {
      const there = spark.get(key(view.name));
      if (view.spark) {
        if (there?.version !== view.spark.version) this.unbind(view.name);
      } else if (there && view.shadows !== undefined && there.version !== view.shadows) {
        this.unbind(view.name);
      }
    }
  }
}
