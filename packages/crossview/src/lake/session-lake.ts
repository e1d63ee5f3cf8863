import { CrossviewError, type SessionLake } from '@crossview/contracts';
import type { LakehouseWish } from '../config/lakehouses.js';
import type { Profile } from '../config/load-config.js';
import type { Workspace } from '../config/workspace.js';

/** The workspace of a session, whose default lakehouse a cell may change before Spark starts. */
export class SessionWorkspace implements SessionLake {
  #current: Workspace;

  /**
   * @param find the workspace with this lakehouse as the default one.
   * @param addMount gives a place in the lake a short name.
   */
  constructor(
    readonly profile: Profile,
    readonly find: (wish?: LakehouseWish) => Workspace,
    readonly addMount: (source: string, mountPoint: string) => Promise<void>,
    wish?: LakehouseWish,
  ) {
    this.#current = find(wish);
  }

  get current(): Workspace {
    return this.#current;
  }

  get lakehouse(): string | undefined {
    return this.#current.lakehouse?.folder;
  }

  chooseLakehouse(wanted: LakehouseWish): { readonly name: string; readonly folder: string } {
    const found = this.find(wanted);
    if (found.lakehouse === undefined)
      throw new CrossviewError(
        'LAKEHOUSE_UNREACHABLE',
        `profile "${this.profile.name}" reaches real accounts, and lakehouses are folders of local profiles`,
        {
          hint: 'Run with a local profile, or write the lakehouse’s abfss:// paths.',
          facts: { profile: this.profile.name, lakehouse: wanted.name ?? wanted.id },
        },
      );
    this.#current = found;
    return found.lakehouse;
  }

  async mount(source: string, mountPoint: string): Promise<void> {
    await this.addMount(source, mountPoint);
  }
}
