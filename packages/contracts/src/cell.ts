import type { CommMessage } from './comm.js';
import type { Json, MimeBundle } from './mime.js';

/** Where a running cell's outputs go. Every method is safe to call after the cell ended: late output still belongs to its cell. */
export interface CellOutput {
  stream(name: 'stdout' | 'stderr', text: string): void;
  display(data: MimeBundle, options?: { metadata?: Json; displayId?: string }): void;
  /** Replaces an earlier display with the same id, in place. */
  updateDisplay(displayId: string, data: MimeBundle, metadata?: Json): void;
  /** The value of the cell (`execute_result`). */
  result(data: MimeBundle, metadata?: Json): void;
  clear(wait: boolean): void;
  /**
   * Asks the user for a line.
   * @throws CrossviewError `STDIN_NOT_ALLOWED` when the front end cannot be asked.
   */
  input(prompt: string, password: boolean): Promise<string>;
  /** Passes a comm message of a language on to the front end; only an output that ends at a front end has it. */
  comm?(message: CommMessage, language: string): void;
}

/** One cell on its way to a language; the magic line is already taken off `code`. */
export interface Cell {
  /** Unique in the session; the Spark job group of the cell, and the key for cancelling. */
  readonly id: string;
  readonly code: string;
  /** What stood behind the `%%name` on the magic line, trimmed; empty without one. */
  readonly argumentLine: string;
  /** Lines taken off in front of `code`, so that a language can report true line numbers. */
  readonly lineOffset: number;
  readonly executionCount: number;
  readonly silent: boolean;
  readonly storeHistory: boolean;
  readonly allowStdin: boolean;
  readonly stopOnError: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
  /**
   * Aborted when the user presses Stop. A language must then end soon, with an error outcome named `KeyboardInterrupt`.
   * Each further Stop is an event `again` on it, for languages whose code may catch the first.
   */
  readonly signal: AbortSignal;
  readonly output: CellOutput;
}

export interface CellError {
  readonly status: 'error';
  /** `ename` of the protocol, in the language's own words: `ZeroDivisionError`, `java.lang.ArithmeticException`. */
  readonly name: string;
  readonly value: string;
  readonly traceback: readonly string[];
}

export type CellOutcome =
  | { readonly status: 'ok'; readonly userExpressions?: Json; readonly payload?: Json }
  | CellError
  | { readonly status: 'aborted' };
