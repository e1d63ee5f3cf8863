import type { Cell, CellOutcome, CellOutput } from './cell.js';
import type { CommMessage } from './comm.js';
import type { MagicOption } from './magic.js';
import type { Json, MimeBundle } from './mime.js';
import type { SessionLake } from './session-lake.js';
import type { SessionServer } from './session-rpc.js';
import type { SparkHost } from './spark-host.js';
import type { PoolDirectory, SqlClient } from './sql-client.js';
import type { SessionDirectories, Toolchain } from './toolchain.js';
import type { ViewCatalog } from './views.js';

export interface Completion {
  readonly matches: readonly string[];
  /** Offsets into `code`, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** Jupyter's completion metadata (`_jupyter_types_experimental`), when the language knows it. */
  readonly metadata?: Json;
}

export type Completeness =
  | { readonly status: 'complete' | 'invalid' | 'unknown' }
  | { readonly status: 'incomplete'; readonly indent: string };

/**
 * A language that cells can be written in. Created once per session, before anything runs; its engine starts with the
 * first call that needs it. Adding a language is adding one file under `kernel/src/languages`.
 */
export interface Language {
  /** The name after `%%`. */
  readonly name: string;
  /** Runs a cell. Never rejects for a failure of the user's code: that is an `error` outcome. */
  execute(cell: Cell): Promise<CellOutcome>;
  /** Offsets are relative to `code` without the magic line. */
  complete?(code: string, cursor: number, signal: AbortSignal): Promise<Completion>;
  inspect?(code: string, cursor: number, detail: 0 | 1, signal: AbortSignal): Promise<MimeBundle | undefined>;
  isComplete?(code: string): Promise<Completeness>;
  /** The value of a name in this language, for `{name}` in SQL cells. `undefined` when there is no such name. */
  readValue?(name: string, signal: AbortSignal): Promise<Json | undefined>;
  /** Whether the running engine has a cell magic that cells defined or loaded. Never starts it. */
  hasMagic?(name: string): Promise<boolean>;
  /** A comm message from the front end for a comm of this language; ends when the language has dealt with it. */
  comm?(message: CommMessage, output: CellOutput): Promise<void>;
  /** Takes who is told of comms that are gone, because their engine ended by itself: widgets must not look alive. */
  onCommsGone?(listener: (ids: readonly string[]) => void): void;
  /** Starts the engine in the background, because its first cell is likely. Never rejects. */
  warm?(): Promise<void>;
  /** Ends the engine; the next cell starts a new one. May be called twice. */
  close(): Promise<void>;
}

/** A Jupyter Server or Gateway. */
export interface JupyterServerAddress {
  /** `http://host:8888/` with the base path, if there is one. */
  readonly url: string;
  readonly token: string;
}

/** What the door introduces to the languages. */
export interface LanguageContext {
  readonly spark: SparkHost;
  readonly views: ViewCatalog;
  readonly sql: SqlClient;
  readonly pools: PoolDirectory;
  readonly session: SessionServer;
  readonly directories: SessionDirectories;
  readonly toolchain: () => Promise<Toolchain>;
  /**
   * A Jupyter Server by the profile's name for it, or by URL.
   * @throws CrossviewError `JUPYTER_SERVER_UNKNOWN`, `SECRET_MISSING`
   */
  readonly jupyterServer: (name: string) => JupyterServerAddress;
  /** The notebook's directory: where relative paths start. */
  readonly workingDirectory: string;
  /** The folder that notebooks share, where a name without a path is looked for; the notebook's own unless given. */
  readonly workspace?: string;
  /** Without one there are no lakehouses and no mounts to be made from cells. */
  readonly lake?: SessionLake;
  /** The value of a name in the notebook's default language, for `{name}` in SQL cells. */
  valueOf(name: string, signal: AbortSignal): Promise<Json | undefined>;
}

/** The default export of a file in `kernel/src/languages`. */
export interface LanguageModule {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly title: string;
  readonly summary: string;
  readonly fileExtension: string;
  readonly mimeType: string;
  /** `language_info` fields of the protocol that differ from `name`, for notebooks with this default language. */
  readonly info?: Readonly<Record<string, Json>>;
  /** What may stand behind the `%%name`; help and completion are made from it. */
  readonly options?: readonly MagicOption[];
  /** What may stand behind the `%%name` besides its options, for completion. */
  values?(context: LanguageContext): Promise<readonly string[]>;
  /** Magics that this language does better itself; the kernel leaves them in its cells. */
  readonly ownMagics?: readonly string[];
  /** Code that sets a variable to the rows of the view of the same name, for `name = %sql SELECT …`. */
  assignment?(name: string): string;
  create(context: LanguageContext): Language;
}
