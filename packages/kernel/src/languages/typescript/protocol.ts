import type { CellError, Json, MimeBundle } from '@crossview/contracts';

/** Methods that the TypeScript process offers the kernel over the session's RPC, and what it notifies it of. */
export interface ExecuteParams {
  readonly cell: string;
  readonly code: string;
  /** How the cell is named in tracebacks. */
  readonly fileName: string;
}

export type ExecuteResult = { readonly status: 'ok' } | CellError;

export interface StreamNotice {
  readonly cell: string;
  readonly name: 'stdout' | 'stderr';
  readonly text: string;
}

export interface DisplayNotice {
  readonly cell: string;
  readonly data: MimeBundle;
  readonly metadata: Json;
  readonly result: boolean;
}
