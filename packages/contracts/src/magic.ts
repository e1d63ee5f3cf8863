import type { Cell, CellOutcome } from './cell.js';

export interface MagicOption {
  /** `-o`, `--output`. */
  readonly flags: readonly string[];
  /** Name of the value, `NAME`; none for a switch. */
  readonly value?: string;
  readonly description: string;
}

/** What a magic may use of the kernel. Grows with the magics that need more; never handed to languages. */
export interface MagicContext {
  readonly magics: readonly Magic[];
  readonly languages: readonly string[];
  /** Runs text as a cell of a language (`undefined`: the notebook's default), with the outputs of `cell`. */
  run(language: string | undefined, code: string, cell: Cell): Promise<CellOutcome>;
}

/** A magic is one file under `kernel/src/magics`; `%lsmagic` and `%name?` are made from these fields. */
export interface Magic {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly kind: 'line' | 'cell' | 'both';
  readonly summary: string;
  readonly usage: string;
  readonly options?: readonly MagicOption[];
  /** `cell.code` is the body for a cell magic, empty for a line magic; `cell.argumentLine` the rest of the magic's line. */
  execute(cell: Cell, context: MagicContext): Promise<CellOutcome>;
}
