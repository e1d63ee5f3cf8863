import { isString, varchar } from '../../types/sql-type.js';
import { castTo } from './cast.js';
import { macro, quoteText } from './quote.js';
import type { Typed } from './typed.js';

/** LIKE of the pool's collation: case-insensitive, with `%`, `_`, `[set]`, `[^set]` and ESCAPE. */
export function likePattern(value: Typed, pattern: Typed, escapeBy: Typed | undefined): string {
  const subject = isString(value.type) || !value.type ? value.sql : castTo(value, varchar(9999)).sql;
  if (typeof pattern.constant === 'string' && (!escapeBy || typeof escapeBy.constant === 'string')) {
    const text = pattern.constant;
    const exact = binaryCollation(value) || binaryCollation(pattern);
    // Blanks at the end of the text do not count; only a pattern that ends in a wildcard is blind to that anyway.
    const blind = text.endsWith('%');
    const given = blind ? subject : macro('unpadded_unless', subject, quoteText(text));
    if (!escapeBy && !/[[\\]/.test(text)) return `${given} ${exact ? 'LIKE' : 'ILIKE'} ${quoteText(text)}`;
    return `regexp_full_match(${given}, ${quoteText(toRegularExpression(text, escapeBy?.constant as string | undefined))}, '${exact ? 's' : 'is'}')`;
  }
  const other = isString(pattern.type) || !pattern.type ? pattern.sql : castTo(pattern, varchar(9999)).sql;
  return macro('like_pattern', subject, other, escapeBy ? escapeBy.sql : "''");
}

/** COLLATE with a binary or case-sensitive collation marks its operand; see translate/expression.ts. */
function binaryCollation(value: Typed): boolean {
  return value.sql.endsWith(' COLLATE "binary")');
}

/** The pattern in RE2's tongue. */
export function toRegularExpression(pattern: string, escapeBy: string | undefined): string {
  let out = '';
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index]!;
    if (escapeBy !== undefined && char === escapeBy && index + 1 < pattern.length) {
      index++;
      out += quoteRegular(pattern[index]!);
    } else if (char === '%') out += '.*';
    else if (char === '_') out += '.';
    else if (char === '[') {
      const end = pattern.indexOf(']', index + 1);
      if (end < 0) return '[^\\s\\S]';
      let set = pattern.slice(index + 1, end);
      const negated = set.startsWith('^');
      if (negated) set = set.slice(1);
      index = end;
      if (set === '') out += negated ? '.' : '[^\\s\\S]';
      else out += `[${negated ? '^' : ''}${set.replaceAll(/[\\\][^]/g, '\\$&')}]`;
    } else out += quoteRegular(char);
  }
  return out;
}

function quoteRegular(char: string): string {
  return /[\\^$.*+?()[\]{}|]/.test(char) ? `\\${char}` : char;
}
