import {
  CrossviewError,
  type Json,
  type Language,
  type LanguageContext,
  type LanguageModule,
} from '@crossview/contracts';
import { nearest } from './nearest.js';
import { byName } from './registry.js';

/** @throws CrossviewError `LANGUAGE_UNKNOWN` naming the nearest one; `NAME_TAKEN` when two want the same name. */
export function findLanguage(modules: readonly LanguageModule[], name: string): LanguageModule {
  const known = byName(modules);
  const found = known.get(name);
  if (found) return found;
  throw new CrossviewError('LANGUAGE_UNKNOWN', `There is no language called ${name}`, {
    hint: `Did you mean ${nearest(name, [...known.keys()])}? The languages are ${modules.map((it) => it.name).join(', ')}.`,
    facts: { language: name },
  });
}

/** The languages of a session; each is created when it is first asked for. */
export class Languages {
  readonly modules: readonly LanguageModule[];
  readonly context: LanguageContext;
  readonly #byName: ReadonlyMap<string, LanguageModule>;
  readonly #created = new Map<string, Language>();

  constructor(
    modules: readonly LanguageModule[],
    context: Omit<LanguageContext, 'valueOf'>,
    readonly defaultName: string,
  ) {
    this.modules = modules;
    this.#byName = byName(modules);
    this.context = { ...context, valueOf: (name, signal) => this.#valueOf(name, signal) };
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** @throws CrossviewError `LANGUAGE_UNKNOWN` */
  module(name: string): LanguageModule {
    return this.#byName.get(name) ?? findLanguage(this.modules, name);
  }

  get(name: string): Language {
    const module = this.module(name);
    const known = this.#created.get(module.name);
    if (known) return known;
    const created = module.create(this.context);
    created.onCommsGone?.((ids) => this.onCommsGone(ids));
    this.#created.set(module.name, created);
    return created;
  }

  /** Called with the comms of an engine that ended by itself. */
  onCommsGone: (ids: readonly string[]) => void = () => {};

  /** Called with the name of each engine that `stop` has ended. */
  onStopped: (name: string) => void = () => {};

  /** Ends one engine, or all; the next cell starts it again. */
  async stop(name?: string): Promise<void> {
    const names = name === undefined ? [...this.#created.keys()] : [this.module(name).name];
    await Promise.allSettled(names.map((it) => this.#created.get(it)?.close()));
    for (const it of names) this.onStopped(it);
  }

  /** Of the default language, or of PySpark where that one has no values to give: SQL and Scala notebooks set them in `%%pyspark`. */
  async #valueOf(name: string, signal: AbortSignal): Promise<Json | undefined> {
    const language = this.get(this.defaultName);
    return (language.readValue ? language : this.get('pyspark')).readValue?.(name, signal);
  }
}
