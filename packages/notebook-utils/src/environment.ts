import type { Json } from '@crossview/contracts';

/** What `mssparkutils.env` and `runtime.context` say. */
export interface NotebookEnvironment {
  readonly userName: string;
  readonly userId: string;
  readonly jobId: string;
  readonly workspaceName: string;
  readonly poolName: string;
  readonly clusterId: string;
  /** Name of the notebook, where the front end said it. */
  readonly notebookName: string;
  /** Folder of the workspace. */
  readonly workspace: string;
  /** Folder of the default lakehouse; empty without one. */
  readonly lakehouse: string;
  /** Its name; empty without one. */
  readonly lakehouseName: string;
  /** Lakehouses by name. */
  readonly lakehouses: Readonly<Record<string, string>>;
  /** The folder in which a lakehouse may be made that the profile does not name; empty where there is none. */
  readonly ownLakehouses: string;
  readonly variables: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>;
}

export function environmentJson(environment: NotebookEnvironment): Json {
  return environment as unknown as Json;
}
