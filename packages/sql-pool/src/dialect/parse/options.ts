import { syntaxError } from '../../errors/sql-error.js';
import type { OptionMap, OptionValue } from '../ast.js';
import type { Cursor } from './cursor.js';

/** `(KEY = value, KEY = (KEY = value, …), KEY = (value, …))`; keys of several words are joined by a space. */
export function parseOptionMap(cursor: Cursor): OptionMap {
  return cursor.parenthesised(() => {
    const options: Record<string, OptionValue> = {};
    do {
      if (cursor.is(')')) break;
      const words = [cursor.label()];
      while (cursor.current.kind === 'word') words.push(cursor.take().text);
      if (!cursor.is('(')) cursor.expect('=');
      options[words.join(' ').toUpperCase()] = parseOptionValue(cursor);
    } while (cursor.accept(','));
    return options;
  });
}

function parseOptionValue(cursor: Cursor): OptionValue {
  if (cursor.is('(')) {
    if (cursor.ahead(2).key === '=') return parseOptionMap(cursor);
    return cursor.parenthesised(() => cursor.list(() => cursor.take().text));
  }
  const token = cursor.take();
  if (token.kind === 'symbol' || token.kind === 'end') throw syntaxError(token.text, token.line);
  return token.kind === 'binary' ? `0x${token.text}` : token.text;
}

/** `OPTION (LABEL = '…', HASH JOIN, …)`: the label; hints for the optimizer are read and left out. */
export function parseQueryOptions(cursor: Cursor): string | undefined {
  if (!cursor.is('OPTION', '(')) return undefined;
  cursor.take();
  return cursor.parenthesised(() => {
    let label: string | undefined;
    let depth = 0;
    while (!(depth === 0 && cursor.is(')'))) {
      if (cursor.atEnd) throw cursor.unexpected();
      if (depth === 0 && cursor.is('LABEL', '=')) {
        cursor.take();
        cursor.take();
        label = cursor.stringLiteral();
        continue;
      }
      const token = cursor.take();
      if (token.key === '(') depth++;
      if (token.key === ')') depth--;
    }
    return label;
  });
}
