import { statfsSync } from 'node:fs';
import type {
  ArrowParts,
  SessionDirectories,
  SessionServer,
  ViewCatalog,
  ViewHolder,
  ViewInfo,
} from '@crossview/contracts';
import { ArrowStore } from './arrow-store.js';
import { limitedCopy } from './limited-copy.js';
import { OneAtATime } from './one-at-a-time.js';
import { type Published, PublishedViews } from './published-views.js';
import { SparkExports } from './spark-exports.js';
import { key, type SparkView, sparkViews } from './spark-views.js';
import { viewLost, viewNameInvalid, viewNotFound } from './view-errors.js';
import { registerViewMethods } from './view-methods.js';

export interface ViewCatalogOptions {
  readonly spark: ViewHolder;
  readonly directories: SessionDirectories;
  readonly session: SessionServer;
  /** Bytes of Arrow that the session may hold; half of what is free in the directory when not given. */
  readonly memoryLimitBytes?: number;
  /** How long files of a replaced version stay for readers that have just been given their paths. */
  readonly graceMilliseconds?: number;
  readonly log?: (message: string) => void;
}

/** The session's one catalog. Registers the methods `views.*` at the session. */
export function createViewCatalog(options: ViewCatalogOptions): ViewCatalog {
  const catalog = new SessionViews(options);
  registerViewMethods(options.session, catalog);
  return catalog;
}

/** A name may begin with any letter, so that languages with other alphabets can name their views. */
const validName = /^[\p{L}_][\p{L}\p{N}_]{0,254}$/u;

class SessionViews implements ViewCatalog {
  readonly #spark: ViewHolder;
  readonly #store: ArrowStore;
  readonly #published: PublishedViews;
  readonly #exports: SparkExports;
  readonly #changes = new OneAtATime();
  readonly #log: (message: string) => void;
  readonly #listeners = new Set<() => void>();
  /** Names and versions when listeners were last told. */
  #told = '';

  constructor({ spark, directories, memoryLimitBytes, graceMilliseconds, log }: ViewCatalogOptions) {
    this.#spark = spark;
    this.#log = log ?? (() => {});
    this.#store = new ArrowStore({
      root: directories.arrow,
      limitBytes: memoryLimitBytes ?? halfOfFree(directories.arrow),
      graceMilliseconds: graceMilliseconds ?? 60_000,
    });
    this.#published = new PublishedViews(this.#store);
    this.#exports = new SparkExports(spark, this.#store);
  }

  async list(): Promise<readonly ViewInfo[]> {
    const spark = await this.#changes.run(() => this.#agree());
    const own = this.#published.all().map((view) => info(view));
    const others = [...spark.values()].filter((view) => !this.#published.get(view.name));
    const described = await Promise.all(others.map((view) => this.#describe(view)));
    return [...own, ...described].sort((a, b) => a.name.localeCompare(b.name));
  }

  async read(name: string, options: { limit?: number; signal?: AbortSignal } = {}): Promise<ArrowParts> {
    // A Spark view may stand on views of other languages, and must then see them as they are now.
    const spark = await this.#changes.run(() => this.#offerAll());
    const own = this.#published.get(name);
    if (own && (await this.#store.has(own.stored.data))) return this.#limited(own.name, own.stored.data, options);
    const view = spark.get(key(name)) ?? spark.get(key(`global_temp.${name}`));
    if (own) this.#published.lose(own);
    if (!view) throw own ? viewLost(own.name) : viewNotFound(name, this.#names(spark));
    const found = this.#exports.whole(view, spark);
    const whole = found && (await this.#store.has(found)) ? found : undefined;
    if (found && !whole) this.#exports.forget(view.name);
    if (options.limit !== undefined && !whole) return this.#exports.first(view, options.limit, options.signal);
    return this.#limited(view.name, whole ?? (await this.#exports.export(view, spark, options.signal)), options);
  }

  allocate(): Promise<string> {
    return this.#store.allocate();
  }

  discard(directory: string): Promise<void> {
    return this.#store.discard(directory);
  }

  async publish(name: string, data: ArrowParts, language: string): Promise<ViewInfo> {
    if (!validName.test(name)) {
      await this.#store.discardPartsOf(data);
      throw viewNameInvalid(name);
    }
    const stored = await this.#store.keep(name, data);
    return this.#changes.run(async () => {
      const spark = await this.#agree();
      const bound = this.#published.bind({ name, language, stored, shadows: spark.get(key(name))?.version });
      this.#tell(spark);
      return info(bound);
    });
  }

  drop(name: string): Promise<boolean> {
    return this.#changes.run(async () => {
      const spark = await this.#agree();
      const own = this.#published.unbind(name);
      const view = spark.get(key(name)) ?? (own ? undefined : spark.get(key(`global_temp.${name}`)));
      this.#exports.forget(view?.name ?? name);
      const dropped = (view ? await this.#spark.drop(view.name) : false) || own;
      if (dropped) await this.#agree();
      return dropped;
    });
  }

  async offerToSpark(): Promise<void> {
    await this.#changes.run(() => this.#offerAll());
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#exports.close();
    await this.#store.close();
  }

  /** @returns what Spark has afterwards */
  async #offerAll(): Promise<ReadonlyMap<string, SparkView>> {
    const spark = await this.#agree();
    if (!this.#spark.running) return spark;
    const waiting = this.#published.all().filter((view) => !view.spark && !view.declined);
    for (const view of waiting) await this.#offer(view, spark);
    return waiting.length > 0 ? this.#agree() : spark;
  }

  async #offer(view: Published, spark: ReadonlyMap<string, SparkView>): Promise<void> {
    const { refusal, data } = view.stored;
    if (refusal !== undefined) {
      view.declined = true;
      // Spark must not go on with the view that this one replaced.
      if (spark.has(key(view.name))) await this.#spark.drop(view.name);
      view.note = `Spark cells cannot see this view: ${refusal}.`;
      return;
    }
    try {
      view.stored.pinned = true;
      view.spark = { version: await this.#spark.importFrom(view.name, data) };
      view.note = undefined;
    } catch (error) {
      // One view that Spark cannot take must not stop every Spark cell; the cell that needs it will miss it by name.
      view.declined = true;
      view.note = `Spark did not take this view: ${error instanceof Error ? error.message : String(error)}`;
      this.#log(`view ${view.name}: ${view.note}`);
    }
  }

  /** Asks Spark what it has, and follows what Spark cells have replaced and dropped. */
  async #agree(): Promise<ReadonlyMap<string, SparkView>> {
    const { views, generation } = await sparkViews(this.#spark);
    this.#published.agree(views, this.#spark.running, generation);
    this.#exports.agree(views);
    this.#tell(views);
    return views;
  }

  #tell(spark: ReadonlyMap<string, SparkView>): void {
    // A view that Spark has from us keeps the version it had before Spark had it.
    const own = this.#published.all().map((view) => [key(view.name), view.version]);
    const others = [...spark.values()].filter((view) => !this.#published.get(view.name));
    const now = JSON.stringify([own, others.map((view) => [view.name, view.version])]);
    if (now === this.#told) return;
    this.#told = now;
    for (const listener of this.#listeners) listener();
  }

  async #limited(
    name: string,
    data: ArrowParts,
    options: { limit?: number; signal?: AbortSignal },
  ): Promise<ArrowParts> {
    const { limit, signal } = options;
    if (limit === undefined || limit >= data.rows) return data;
    const directory = await this.#store.allocate();
    try {
      const cut = await limitedCopy(data, limit, directory, signal);
      const kept = await this.#store.keep(name, cut);
      this.#store.retire(kept);
      return kept.data;
    } catch (error) {
      await this.#store.discard(directory);
      throw error;
    }
  }

  async #describe(view: SparkView): Promise<ViewInfo> {
    const fields = await this.#exports.fields(view).catch(() => undefined);
    const exported = this.#exports.settled(view);
    return {
      name: view.name,
      language: 'spark',
      scope: view.scope,
      fields,
      rows: exported?.rows,
      bytes: exported?.bytes ?? 0,
      version: view.version,
    };
  }

  #names(spark: ReadonlyMap<string, SparkView>): string[] {
    const names = new Map([...spark.values()].map((view) => [key(view.name), view.name]));
    for (const view of this.#published.all()) names.set(key(view.name), view.name);
    return [...names.values()].sort();
  }
}

function info({ name, language, stored, note, version }: Published): ViewInfo {
  return {
    name,
    language,
    scope: 'session',
    fields: stored.fields,
    rows: stored.data.rows,
    bytes: stored.data.bytes,
    version,
    note: note ?? (stored.refusal && `Spark cells cannot see this view: ${stored.refusal}.`),
  };
}

function halfOfFree(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return Math.floor((bavail * bsize) / 2);
}
