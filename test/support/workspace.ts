import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DoorResult, runDoor } from './door.js';
import { temporaryDirectory } from './paths.js';

/** A folder of notebooks and what belongs to them, for tests that run them as a user does. */
export class TestWorkspace {
  readonly folder: string;

  constructor(label: string) {
    this.folder = temporaryDirectory(label);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  file(name: string, text: string | object): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof text === 'string' ? text : JSON.stringify(text));
    return path;
  }

  /** `crossview.json` with this profile of kind `local`. */
  profile(settings: object, others: object = {}): void {
    this.file('crossview.json', { profiles: { local: { kind: 'local', ...settings }, ...others } });
  }

  /** A notebook of Jupyter in PySpark unless its metadata say otherwise. */
  notebook(name: string, cells: readonly string[], metadata: object = {}): string {
    const made = cells.map((source, at) => ({
      ...{ cell_type: 'code', id: `cell-${at}`, execution_count: null, outputs: [], metadata: {} },
      source,
    }));
    const kernelspec = { name: 'synapse_pyspark', display_name: 'Synapse PySpark' };
    return this.file(`${name}.ipynb`, {
      cells: made,
      metadata: { kernelspec, ...metadata },
      nbformat: 4,
      nbformat_minor: 5,
    });
  }

  run(name: string, ...options: readonly string[]): DoorResult {
    const output = options.includes('-o') ? [] : ['-o', this.path('out.ipynb')];
    return runDoor(['run', this.path(name), ...options, ...output], {}, { timeout: 170_000 });
  }
}
