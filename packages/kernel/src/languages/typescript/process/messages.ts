import type { CellError, ChartWish, Json, MimeBundle } from '@crossview/contracts';
import type { CompiledCell } from '../compile/cell.js';

/** What the thread that runs cells is told by the thread that talks to the kernel. */
export type ToCells =
  | { readonly kind: 'run'; readonly cell: string; readonly fileName: string; readonly compiled: CompiledCell }
  | { readonly kind: 'interrupt'; readonly cell: string }
  | { readonly kind: 'ping'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number; readonly result: Json }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: PlainError }
  | { readonly kind: 'progress'; readonly id: number; readonly value: Json }
  | { readonly kind: 'value'; readonly id: number; readonly name: string };

/** What it says itself. Outputs, and the end of the cell behind them, arrive in this order. */
export type FromCells =
  | Output
  | { readonly kind: 'ended'; readonly cell: string; readonly outcome: { readonly status: 'ok' } | CellError }
  /** To the `ping` of this number. */
  | { readonly kind: 'alive'; readonly id: number }
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly cell: string;
      readonly method: string;
      readonly params: Json;
    }
  | { readonly kind: 'value'; readonly id: number; readonly found: boolean; readonly value: Json };

/** `size` is what it counts for in `waitingBytes`. */
export type Output = { readonly cell: string; readonly size: number } & (
  | { readonly kind: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'display'; readonly data: MimeBundle; readonly result: boolean }
  /** The first rows of a table as an Arrow stream; `rows` is how many the whole table has. */
  | {
      readonly kind: 'table';
      readonly arrow: Uint8Array;
      readonly head: number;
      readonly rows: number;
      readonly options: FrameOptions;
      readonly result: boolean;
    }
);

/** As `frames.render` takes them. */
export interface FrameOptions {
  readonly title?: string;
  readonly chart?: ChartWish;
}

export interface PlainError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly facts?: { readonly [key: string]: string | number | boolean | null | undefined } | undefined;
}

/** Shared counters: how many bytes of output the kernel has not taken, so that a cell cannot print faster than it does. */
export const waitingBytes = 0;
/** What a reader still sees coming after Stop, and what a cell may be ahead. */
export const mostWaitingBytes = 1024 * 1024;

export interface ControlData {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  readonly counters: SharedArrayBuffer;
}
