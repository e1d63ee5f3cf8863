import { SqlError, syntaxError } from '../../errors/sql-error.js';
import type { Name } from '../ast.js';
import { reserved } from '../reserved.js';
import type { Token } from '../tokens.js';

function keywordError(token: Token): SqlError {
  return new SqlError(156, `Incorrect syntax near the keyword '${token.text}'.`, { severity: 15, line: token.line });
}

/** A place in a list of tokens, with the questions a recursive descent parser asks. */
export class Cursor {
  readonly text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], text: string) {
    this.#tokens = tokens;
    this.text = text;
  }

  get position(): number {
    return this.#at;
  }
  get current(): Token {
    return this.#tokens[this.#at]!;
  }
  get line(): number {
    return this.current.line;
  }
  get atEnd(): boolean {
    return this.current.kind === 'end';
  }
  ahead(count: number): Token {
    return this.#tokens[Math.min(this.#at + count, this.#tokens.length - 1)]!;
  }
  previous(): Token {
    return this.#tokens[Math.max(this.#at - 1, 0)]!;
  }
  back(to: number): void {
    this.#at = to;
  }
  take(): Token {
    const token = this.current;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** Whether the next tokens are these keywords or symbols. */
  is(...keys: readonly string[]): boolean {
    return keys.every((key, index) => this.ahead(index).key === key);
  }
  isOneOf(...keys: readonly string[]): boolean {
    return keys.includes(this.current.key) && this.current.key !== '';
  }
  /** Takes these keywords if they come next. */
  accept(...keys: readonly string[]): boolean {
    if (!this.is(...keys)) return false;
    this.#at += keys.length;
    return true;
  }
  expect(...keys: readonly string[]): void {
    for (const key of keys) if (!this.accept(key)) throw this.unexpected();
  }
  unexpected(): SqlError {
    const token = this.current;
    if (token.kind === 'word' && reserved.has(token.key)) return keywordError(token);
    return syntaxError(token.kind === 'end' ? this.previous().text : token.text, token.line);
  }

  /** An identifier; a reserved word has to be quoted. */
  identifier(): string {
    const token = this.current;
    if (token.kind === 'quoted' || (token.kind === 'word' && !reserved.has(token.key))) {
      this.#at++;
      return token.text;
    }
    throw this.unexpected();
  }
  /** Any word or quoted name: where reserved words may stand too (option names, aliases after AS). */
  label(): string {
    const token = this.current;
    if (token.kind === 'quoted' || token.kind === 'word' || token.kind === 'string' || token.kind === 'national') {
      this.#at++;
      return token.text;
    }
    throw this.unexpected();
  }
  isIdentifier(): boolean {
    const token = this.current;
    return token.kind === 'quoted' || (token.kind === 'word' && !reserved.has(token.key));
  }
  /** `a`, `a.b`, `a.b.c`, `a..c`: up to four parts; a part left out is empty. */
  name(): Name {
    // Left out in front: `..object` is one of the database at hand.
    const parts = [this.is('.') ? '' : this.identifier()];
    while (this.accept('.')) {
      if (this.is('.')) parts.push('');
      else parts.push(this.current.kind === 'word' ? this.take().text : this.identifier());
      if (parts.length > 4)
        throw new SqlError(
          117,
          `The object name '${parts.join('.')}' contains more than the maximum number of prefixes. The maximum is 3.`,
          { severity: 15, line: this.line },
        );
    }
    return parts;
  }
  stringLiteral(): string {
    const token = this.current;
    if (token.kind !== 'string' && token.kind !== 'national') throw this.unexpected();
    this.#at++;
    return token.text;
  }
  isString(): boolean {
    return this.current.kind === 'string' || this.current.kind === 'national';
  }
  integer(): number {
    const token = this.current;
    if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw this.unexpected();
    this.#at++;
    return Number(token.text);
  }
  variable(): string {
    const token = this.current;
    if (token.kind !== 'variable') throw this.unexpected();
    this.#at++;
    return token.text;
  }
  /** `item, item, …` */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.accept(',')) items.push(item());
    return items;
  }
  parenthesised<T>(item: () => T): T {
    this.expect('(');
    const value = item();
    this.expect(')');
    return value;
  }
  /** Guards against text that nests so deep that the stack would give out. */
  nested<T>(body: () => T): T {
    if (++this.#depth > 400)
      throw new SqlError(
        191,
        'Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.',
        { severity: 15, line: this.line },
      );
    try {
      return body();
    } finally {
      this.#depth--;
    }
  }
}
