import type { Cell, CellOutcome } from './cell.js';
import type { LanguageContext } from './language.js';

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
  /** All languages, with what `%lsmagic` and help say about them. */
  readonly languages: readonly {
    name: string;
    aliases: readonly string[];
    title: string;
    summary: string;
    ownMagics?: readonly string[];
  }[];
  /** The language that text without a magic is in, where this magic stands. */
  readonly language: string;
  /** The cells of this session that were stored, oldest first, in all languages. */
  readonly history: readonly { line: number; source: string; output: string | null }[];
  readonly session: LanguageContext;
  /** Runs text as a cell of a language (`undefined`: the one this magic stands in), with the outputs of `cell`. */
  run(language: string | undefined, code: string, cell: Cell): Promise<CellOutcome>;
  /** Ends a language's engine, or all of them; the next cell starts a new one. */
  stop(language?: string): Promise<void>;
}

/** A magic is one file under `kernel/src/magics`; `%lsmagic` and `%name?` are made from these fields. */
export interface Magic {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly kind: 'line' | 'cell' | 'both';
  /** The text under it is a cell of its own, in whatever language that says (`%%time`). */
  readonly over?: true;
  readonly summary: string;
  readonly usage: string;
  readonly options?: readonly MagicOption[];
  /** What may stand behind the magic besides its options, for completion. */
  values?(session: LanguageContext): Promise<readonly string[]>;
  /** `cell.code` is the body for a cell magic, empty for a line magic; `cell.argumentLine` the rest of the magic's line. */
  execute(cell: Cell, context: MagicContext): Promise<CellOutcome>;
}
