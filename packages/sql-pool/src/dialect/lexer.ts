import { SqlError, syntaxError } from '../errors/sql-error.js';
import type { Token, TokenKind } from './tokens.js';

const wordStart = /[\p{L}_#]/u;
const wordRest = /[\p{L}\p{N}_#$@]*/uy;
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const hexadecimal = /0[xX][0-9a-fA-F]*/y;
const variable = /@@?[\p{L}\p{N}_#$@]+/uy;
const longSymbols = ['<>', '<=', '>=', '!=', '!<', '!>', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '::'];
const symbols = '()+-*/%=<>,.;&|^~:{}!$?';

/**
 * Cuts a batch into tokens; comments (nested ones too) are left out. The last token is `end`.
 * @throws SqlError 105 for an unclosed quote, 113 for an unclosed comment, 102 for a character that no token starts with.
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;

  const add = (kind: TokenKind, value: string, key: string, start: number, startLine: number) => {
    tokens.push({ kind, text: value, key, line: startLine, start, end: at });
  };
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  /** Reads to the closing delimiter; a doubled one stands for itself. */
  const delimited = (close: string): string => {
    const startLine = line;
    let value = '';
    at++;
    for (;;) {
      if (at >= text.length)
        throw new SqlError(105, `Unclosed quotation mark after the character string '${value.slice(0, 128)}'.`, {
          severity: 15,
          line: startLine,
        });
      const char = text[at]!;
      if (char === close) {
        if (text[at + 1] !== close) break;
        at++;
      }
      if (char === '\n') line++;
      value += char;
      at++;
    }
    at++;
    return value;
  };
  const skipComment = () => {
    const startLine = line;
    let depth = 0;
    do {
      if (at >= text.length)
        throw new SqlError(113, "Missing end comment mark '*/'.", { severity: 15, line: startLine });
      if (text.startsWith('/*', at)) {
        depth++;
        at += 2;
      } else if (text.startsWith('*/', at)) {
        depth--;
        at += 2;
      } else {
        if (text[at] === '\n') line++;
        at++;
      }
    } while (depth > 0);
  };

  while (at < text.length) {
    const char = text[at]!;
    const start = at;
    const startLine = line;
    if (char === '\n') {
      line++;
      at++;
    } else if (char <= ' ' || /[\s\u200b\ufeff]/u.test(char)) at++;
    else if (char === '-' && text[at + 1] === '-') while (at < text.length && text[at] !== '\n') at++;
    else if (char === '/' && text[at + 1] === '*') skipComment();
    else if (char === "'") {
      const value = delimited("'");
      add('string', value, '', start, startLine);
    } else if ((char === 'N' || char === 'n') && text[at + 1] === "'") {
      at++;
      const value = delimited("'");
      add('national', value, '', start, startLine);
    } else if (char === '[' || char === '"') {
      const value = delimited(char === '[' ? ']' : '"');
      add('quoted', value, '', start, startLine);
    } else if (char === '0' && /[xX]/.test(text[at + 1] ?? '')) {
      const value = match(hexadecimal);
      add('binary', value.slice(2), '', start, startLine);
    } else if (char === '$' && /[\d.]/.test(text[at + 1] ?? '')) {
      at++;
      add('number', `$${match(number)}`, '', start, startLine);
    } else if (/\d/.test(char) || (char === '.' && /\d/.test(text[at + 1] ?? ''))) {
      const value = match(number);
      add('number', value, '', start, startLine);
    } else if (char === '@') {
      const value = match(variable);
      if (value === '') throw syntaxError('@', line);
      add('variable', value, '', start, startLine);
    } else if (wordStart.test(char)) {
      const value = match(wordRest);
      add('word', value, value.toUpperCase(), start, startLine);
    } else {
      const two = text.slice(at, at + 2);
      const value = longSymbols.includes(two) ? two : char;
      if (value.length === 1 && !symbols.includes(value)) throw syntaxError(value, line);
      at += value.length;
      add('symbol', value, value, start, startLine);
    }
  }
  tokens.push({ kind: 'end', text: '', key: '', line, start: at, end: at });
  return tokens;
}
