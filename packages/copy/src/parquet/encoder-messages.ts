import type { ColumnPlace } from './column-values.js';
import type { ParquetCodec, ParquetColumn } from './format.js';

/** To the thread that encodes. Each request has a number of its own and gets one answer. */
export type EncoderRequest = { readonly request: number; readonly file: number } & (
  | {
      readonly kind: 'open';
      readonly path: string;
      readonly columns: readonly ParquetColumn[];
      readonly codec: ParquetCodec;
    }
  | {
      readonly kind: 'append';
      readonly memory: SharedArrayBuffer;
      readonly places: readonly ColumnPlace[];
      readonly rows: number;
    }
  | { readonly kind: 'finish' }
  | { readonly kind: 'close' }
);

/** Its answer; an error comes as its fields, of which a clone between threads would lose `code`. */
export type EncoderAnswer =
  | { readonly request: number; readonly bytes: number }
  | { readonly request: number; readonly error: { readonly message: string; readonly code?: string } };
