import { ExpressionSyntaxError } from './expression-errors.js';

/** An expression of Data Factory's language: what stands behind `@`. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'member'; readonly of: Expression; readonly key: Expression; readonly optional: boolean };

/** @throws ExpressionSyntaxError saying what was expected at which character. */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text);
  const expression = parser.expression();
  parser.end();
  return expression;
}

class Parser {
  #position = 0;

  constructor(readonly text: string) {}

  expression(): Expression {
    let expression = this.#primary();
    for (;;) {
      this.#space();
      const optional = this.text.startsWith('?.', this.#position) || this.text.startsWith('?[', this.#position);
      if (optional) this.#position += 1;
      const next = this.text[this.#position];
      if (next === '.') {
        this.#position += 1;
        expression = { kind: 'member', of: expression, key: { kind: 'literal', value: this.#name() }, optional };
      } else if (next === '[') {
        this.#position += 1;
        const key = this.expression();
        this.#expect(']');
        expression = { kind: 'member', of: expression, key, optional };
      } else return expression;
    }
  }

  end(): void {
    this.#space();
    if (this.#position < this.text.length) this.#fail('the end');
  }

  #primary(): Expression {
    this.#space();
    const character = this.text[this.#position];
    if (character === "'") return { kind: 'literal', value: this.#string() };
    const number = /^-?\d+(\.\d+)?([eE][+-]?\d+)?/.exec(this.text.slice(this.#position));
    if (number) {
      this.#position += number[0].length;
      return { kind: 'literal', value: Number(number[0]) };
    }
    const name = this.#name();
    this.#space();
    if (this.text[this.#position] === '(') {
      this.#position += 1;
      return { kind: 'call', name, arguments: this.#arguments() };
    }
    if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' };
    if (name === 'null') return { kind: 'literal', value: null };
    throw new ExpressionSyntaxError(`"${name}" is no function call; text stands in single quotes`);
  }

  #arguments(): Expression[] {
    const found: Expression[] = [];
    this.#space();
    if (this.text[this.#position] === ')') {
      this.#position += 1;
      return found;
    }
    for (;;) {
      found.push(this.expression());
      this.#space();
      if (this.text[this.#position] === ',') this.#position += 1;
      else {
        this.#expect(')');
        return found;
      }
    }
  }

  #string(): string {
    let value = '';
    for (this.#position += 1; this.#position < this.text.length; this.#position += 1) {
      if (this.text[this.#position] !== "'") value += this.text[this.#position];
      else if (this.text[this.#position + 1] === "'") {
        value += "'";
        this.#position += 1;
      } else {
        this.#position += 1;
        return value;
      }
    }
    return this.#fail("a closing '");
  }

  #name(): string {
    const name = /^[A-Za-z_][\w-]*/.exec(this.text.slice(this.#position))?.[0];
    if (name === undefined) return this.#fail('a name');
    this.#position += name.length;
    return name;
  }

  #space(): void {
    while (/\s/.test(this.text[this.#position] ?? '')) this.#position += 1;
  }

  #expect(character: string): void {
    this.#space();
    if (this.text[this.#position] !== character) this.#fail(`"${character}"`);
    this.#position += 1;
  }

  #fail(expected: string): never {
    const found = this.text[this.#position];
    throw new ExpressionSyntaxError(
      `expected ${expected} at character ${this.#position + 1}, found ${found === undefined ? 'the end' : `"${found}"`}`,
    );
  }
}
