import type { ServerMessage } from '@crossview/tds-wire';
import type { Chunk, RowEncoder } from '../duckdb/row-encoder.js';

export type DoneCommand = 'none' | 'select' | 'insert' | 'update' | 'delete' | 'merge';

/** Where a batch sends what it has to say. Implemented over TDS by the server. */
export interface Output {
  /** A result set begins. */
  columns(encoder: RowEncoder): void;
  /** Resolves when there is room for more: a slow reader slows its own statement only. */
  rows(encoder: RowEncoder, chunk: Chunk, count: number): Promise<void>;
  /** A statement is over; `rows` is `undefined` when nothing was counted (SET NOCOUNT ON, DDL). */
  done(command: DoneCommand, rows: number | undefined): void;
  /** The statement at hand ended in an error that was told by a message. */
  failed(): void;
  message(message: Omit<ServerMessage, 'server'>): void;
  environment(change: 'database', to: string, from: string): void;
  transaction(change: 'begin' | 'commit' | 'rollback', descriptor: bigint): void;
}
