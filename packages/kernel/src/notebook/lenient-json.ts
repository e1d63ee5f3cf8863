import { CrossviewError, type Json } from '@crossview/contracts';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';

/**
 * JSON as notebooks have it: with comments, trailing commas and forgotten ones, as in the samples of Synapse and Fabric.
 * @throws CrossviewError `JSON_INVALID` with line and reason.
 */
export function parseLenientJson(what: string, text: string): Json {
  const errors: ParseError[] = [];
  const value = parse(text, errors, { allowTrailingComma: true, disallowComments: false }) as Json | undefined;
  const [serious] = errors.filter(({ error }) => printParseErrorCode(error) !== 'CommaExpected');
  if (serious === undefined && value !== undefined) return value;
  const line = text.slice(0, serious?.offset ?? 0).split('\n').length;
  const reason = serious ? printParseErrorCode(serious.error) : 'nothing there';
  throw new CrossviewError('JSON_INVALID', `${what}: line ${line} is not JSON (${reason})`, {
    hint: 'Comments and trailing commas are fine; names and texts stand in double quotes.',
    facts: { what, line, reason },
  });
}

export function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
