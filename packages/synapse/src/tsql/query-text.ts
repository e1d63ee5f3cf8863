import { CrossviewError } from '@crossview/contracts';
import { identifier } from './quote.js';

interface Token {
  readonly text: string;
  /** Upper case for a word; `(`, `)`, `;` and other single characters; `''` for quoted things. */
  readonly word: string;
  readonly start: number;
}

function refuse(reason: string, hint: string): CrossviewError {
  return new CrossviewError('QUERY_INVALID', `The query cannot be read: ${reason}.`, { hint });
}

const oneSelect = 'Give one SELECT statement; run anything else in a %%tsql cell.';

/** Words and marks of a T-SQL text; comments and white space are left out, quoted things are one token. */
function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  const pattern =
    /(\s+|--[^\r\n]*)|(N?'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]|"(?:[^"]|"")*")|([\p{L}_@#$][\p{L}\p{N}_@#$]*)|([\s\S])/uy;
  while (at < text.length) {
    if (text.startsWith('/*', at)) {
      at = commentEnd(text, at);
      continue;
    }
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) break;
    const [whole, space, quoted, word, mark] = match;
    if (space === undefined) {
      if (mark !== undefined && /['"[]/.test(mark))
        throw refuse(`a ${mark} is not closed`, 'Close it, or double it inside of a text.');
      found.push({ text: whole, word: quoted === undefined ? (word?.toUpperCase() ?? whole) : '', start: at });
    }
    at += whole.length;
  }
  return found;
}

/** Comments nest in T-SQL. */
function commentEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; ) {
    if (text.startsWith('/*', at)) {
      depth++;
      at += 2;
    } else if (text.startsWith('*/', at)) {
      at += 2;
      if (--depth === 0) return at;
    } else at++;
  }
  throw refuse('a comment is not closed', 'Close it with */.');
}

/** Reserved words that begin or do something else than a SELECT does. */
const foreign = new Set([
  'INSERT',
  'UPDATE',
  'DELETE',
  'TRUNCATE',
  'DROP',
  'CREATE',
  'ALTER',
  'GRANT',
  'REVOKE',
  'DENY',
  'EXEC',
  'EXECUTE',
  'INTO',
  'DECLARE',
  'USE',
  'BACKUP',
  'RESTORE',
  'KILL',
  'DBCC',
  'SHUTDOWN',
  'WAITFOR',
]);

export interface QueryText {
  /** `WITH a AS (…)` without a trailing comma; empty when the query has none. */
  readonly definitions: string;
  readonly select: string;
}

/**
 * Takes a query apart and makes sure that it is one SELECT: nothing that follows it, and no parenthesis by which it could leave
 * the one it is put in.
 * @throws CrossviewError `QUERY_INVALID`.
 */
export function parseQuery(text: string): QueryText {
  const all = tokens(text);
  while (all.at(-1)?.word === ';') all.pop();
  const first = all[0];
  const last = all.at(-1);
  if (first === undefined || last === undefined) throw refuse('it is empty', oneSelect);
  if (first.word !== 'SELECT' && first.word !== 'WITH') throw refuse(`it begins with ${first.text}`, oneSelect);
  let depth = 0;
  let body = first.word === 'SELECT' ? first.start : -1;
  for (const token of all) {
    if (token.word === '(') depth++;
    if (token.word === ')') depth--;
    if (depth < 0) throw refuse('a ) has no (', 'Remove it.');
    if (token.word === ';') throw refuse('something follows the ;', oneSelect);
    if (foreign.has(token.word))
      throw refuse(`it has ${token.text} in it`, `${oneSelect} A column of this name stands in brackets.`);
    if (depth === 0 && body < 0 && token.word === 'SELECT') body = token.start;
  }
  if (depth > 0) throw refuse('a ( is not closed', 'Close it.');
  if (body < 0) throw refuse('it has no SELECT', oneSelect);
  const end = last.start + last.text.length;
  return { definitions: text.slice(first.start, body).trim(), select: text.slice(body, end) };
}

const queryName = identifier('crossview_query');

/** A statement that selects from the query: `wrap('TOP 0 *', '')`. The line breaks end a comment in the query's last line. */
export function selectFrom(query: QueryText, list: string, rest: string): string {
  if (query.definitions === '') return `SELECT ${list} FROM (\n${query.select}\n) AS ${queryName}${rest}`;
  return `${query.definitions},\n${queryName} AS (\n${query.select}\n)\nSELECT ${list} FROM ${queryName}${rest}`;
}
