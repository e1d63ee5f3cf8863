/** What a session may ask of its lake while it runs; `%%configure` does. */
export interface SessionLake {
  /** The folder of the default lakehouse, where `/lakehouse/default` leads; `undefined` without one. */
  readonly lakehouse: string | undefined;
  /**
   * Makes another lakehouse the default one, for engines that start from now on.
   * @returns its name and folder.
   * @throws CrossviewError `LAKEHOUSE_UNREACHABLE` in a profile that has no lakehouses.
   */
  chooseLakehouse(wanted: { readonly name?: string; readonly id?: string }): {
    readonly name: string;
    readonly folder: string;
  };
  /**
   * Gives a place in the lake a short name for this session.
   * @throws CrossviewError `MOUNT_TAKEN`, `STORAGE_ACCOUNT_UNKNOWN`
   */
  mount(source: string, mountPoint: string): Promise<void>;
}
