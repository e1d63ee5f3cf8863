import { notSupported } from '../../errors/sql-error.js';
import type { Query } from '../ast.js';
import type { TranslatedQuery } from './query.js';
import type { Translation } from './translation.js';

/** FOR JSON is not built; its text would have to match SQL Server's letter for letter. */
export function translateForJson(
  options: NonNullable<Query['forJson']>,
  _query: TranslatedQuery,
  _translation: Translation,
): TranslatedQuery {
  throw notSupported(`FOR JSON ${options.mode}`, 0, 'Build the text with STRING_AGG.');
}
