import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ArrowParts, ViewField, ViewHolder } from '@crossview/contracts';

/** A holder of views that keeps Arrow files of its own, so that the catalog can be tried without an engine. */
export class FileViewHolder implements ViewHolder {
  running = true;
  generation = 1;
  /** How many times rows were written out. */
  exports = 0;
  readonly #views = new Map<string, { name: string; data: ArrowParts; version: string; scope: 'session' | 'global' }>();
  #count = 0;

  /** What a cell of the holder's own language does. */
  define(name: string, data: ArrowParts, scope: 'session' | 'global' = 'session'): void {
    this.#count += 1;
    this.#views.set(name.toLowerCase(), { name, data, version: `${this.generation}-${this.#count}`, scope });
  }

  restart(): void {
    this.#views.clear();
    this.generation += 1;
  }

  data(name: string): ArrowParts | undefined {
    return this.#views.get(name.toLowerCase())?.data;
  }

  async list() {
    return [...this.#views.values()].map(({ name, scope, version }) => ({ name, scope, version }));
  }

  async describe(): Promise<readonly ViewField[]> {
    return [{ name: 'n', type: 'bigint', nullable: true }];
  }

  async exportTo(name: string, directory: string, options: { limit?: number; signal?: AbortSignal }) {
    options.signal?.throwIfAborted();
    this.exports += 1;
    const { data } = this.#views.get(name.toLowerCase())!;
    const parts = [];
    for (const part of data.parts) {
      parts.push(join(directory, basename(part)));
      await copyFile(part, parts.at(-1)!);
    }
    return { ...data, parts };
  }

  async importFrom(name: string, data: ArrowParts): Promise<string> {
    this.define(name, data);
    return this.#views.get(name.toLowerCase())!.version;
  }

  async drop(name: string): Promise<boolean> {
    return this.#views.delete(name.toLowerCase());
  }
}
