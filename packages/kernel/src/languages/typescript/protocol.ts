import type { CellError, Json, MimeBundle } from '@crossview/contracts';

/** What kernel and TypeScript process call each other with over the session's RPC. */
export interface ExecuteParams {
  readonly cell: string;
  readonly code: string;
  /** How the cell is named in tracebacks. */
  readonly fileName: string;
}

export type ExecuteResult = { readonly status: 'ok' } | CellError;

/** `typescript.stream` of the kernel. */
export interface StreamParams {
  readonly cell: string;
  readonly name: 'stdout' | 'stderr';
  readonly text: string;
}

/** `typescript.display` of the kernel. */
export interface DisplayParams {
  readonly cell: string;
  readonly data: MimeBundle;
  readonly metadata: Json;
  readonly result: boolean;
}
