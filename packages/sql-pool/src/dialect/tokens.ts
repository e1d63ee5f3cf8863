/**
 * One word of T-SQL. `word` is a regular identifier or keyword, `quoted` a delimited identifier, `variable` has its `@`,
 * `binary` is the hex text after 0x.
 */
export type TokenKind = 'word' | 'quoted' | 'string' | 'national' | 'number' | 'binary' | 'variable' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Without delimiters, doubled delimiters undone. */
  readonly text: string;
  /** Upper case of a word or the symbol itself, empty for everything else: what the grammar compares. */
  readonly key: string;
  /** 1-based. */
  readonly line: number;
  /** Where it starts and ends in the batch. */
  readonly start: number;
  readonly end: number;
}
