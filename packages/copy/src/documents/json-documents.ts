import { CrossviewError, type Json } from '@crossview/contracts';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';

/**
 * The JSON values of a text, one after the other with or without commas between, as people paste several documents into one cell.
 * Comments and trailing commas are taken. The documentation's fragment `"activities": [...]` counts as `{"activities": [...]}`.
 * @param origin names the text in errors.
 * @throws CrossviewError `COPY_JSON_INVALID` with line and column.
 */
export function readJsonDocuments(text: string, origin: string): Json[] {
  const plain = text.replace(/^\uFEFF/, '');
  return pieces(plain, origin).map(({ start, end, isFragment }) => {
    const errors: ParseError[] = [];
    const piece = isFragment ? `{${plain.slice(start, end)}}` : plain.slice(start, end);
    const json = parse(piece, errors, { allowTrailingComma: true }) as Json;
    const [first] = errors;
    if (first)
      throw invalidJson(origin, plain, start + first.offset - (isFragment ? 1 : 0), printParseErrorCode(first.error));
    return json;
  });
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly isFragment: boolean;
}

/** What is of one kind in JSON: comments, texts, brackets, blanks and commas, anything else. */
const tokens = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\.)*"?|[[{]|[\]}]|[\s,]+|:|[^\s,:[\]{}"/]+|\//g;

function pieces(text: string, origin: string): Piece[] {
  const found: Piece[] = [];
  let start: number | undefined;
  let depth = 0;
  // `"name":` outside of everything: a property whose object was left out.
  let isFragment = false;
  const close = (end: number) => {
    found.push({ start: start!, end, isFragment });
    start = undefined;
    isFragment = false;
  };
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (/^(?:\/[/*]|[\s,])/.test(token)) continue;
    if (token === '{' || token === '[') {
      start ??= index;
      depth += 1;
    } else if (token === '}' || token === ']') {
      depth -= 1;
      if (depth < 0) throw invalidJson(origin, text, index, 'a bracket closes nothing');
      if (depth === 0) close(index + 1);
    } else if (depth > 0) continue;
    else if (start === undefined && token.startsWith('"')) start = index;
    else if (start !== undefined && token === ':') isFragment = true;
    else if (start !== undefined && isFragment) close(index + token.length);
    else throw invalidJson(origin, text, start ?? index, 'an object is expected, {"name": ..., "properties": ...}');
  }
  // What was not closed is for the parser to say.
  if (start !== undefined) close(text.length);
  return found;
}

/** The parser's names of mistakes in words. */
const words: Readonly<Record<string, string>> = {
  CommaExpected: 'a comma is expected',
  ColonExpected: 'a colon is expected',
  ValueExpected: 'a value is expected',
  PropertyNameExpected: 'the name of a property is expected, in double quotes',
  CloseBraceExpected: 'a closing } is expected',
  CloseBracketExpected: 'a closing ] is expected',
  InvalidSymbol: 'this is no JSON: text stands in double quotes',
  UnexpectedEndOfString: 'a text has no closing quote',
};

function invalidJson(origin: string, text: string, offset: number, problem: string): CrossviewError {
  const before = text.slice(0, offset).split('\n');
  const [line, column] = [before.length, before.at(-1)!.length + 1];
  return new CrossviewError(
    'COPY_JSON_INVALID',
    `${origin}, line ${line}, column ${column}: ${words[problem] ?? problem}`,
    {
      hint: 'Give the JSON of a linked service, a dataset or a pipeline as Data Factory shows it.',
      facts: { origin, line, column },
    },
  );
}
