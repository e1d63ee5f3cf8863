import { CrossviewError } from '@crossview/contracts';
import type { TableName } from './quote.js';

export interface ThreePartName extends TableName {
  readonly database: string;
}

function invalid(text: string, reason: string): CrossviewError {
  return new CrossviewError('TABLE_NAME_INVALID', `"${text}" is not a table name: ${reason}.`, {
    hint: 'Write database.schema.table; a part with dots or spaces stands in brackets, [my.table].',
    facts: { name: text },
  });
}

/** The parts of a name; a part may stand in brackets (`]` doubled) or in double quotes (doubled). */
function parts(text: string): string[] {
  const found: string[] = [];
  let rest = text.trim();
  for (;;) {
    const match = /^\s*(?:\[((?:[^\]]|\]\])*)\]|"((?:[^"]|"")*)"|([^.[\]"]+))\s*(\.|$)/.exec(rest);
    if (match === null)
      throw invalid(text, found.length === 0 ? 'it cannot be read' : `it cannot be read behind "${found.join('.')}"`);
    const [whole, bracketed, quoted, plain, end] = match;
    found.push((bracketed?.replaceAll(']]', ']') ?? quoted?.replaceAll('""', '"') ?? plain ?? '').trim());
    rest = rest.slice(whole.length);
    if (end !== '.') return found;
  }
}

/**
 * `database.schema.table`.
 * @throws CrossviewError `TABLE_NAME_INVALID` for another number of parts.
 */
export function parseThreePartName(text: string): ThreePartName {
  const [database, schema, name, ...more] = parts(text);
  if (!database || !schema || !name || more.length > 0)
    throw invalid(text, `it has ${parts(text).filter((part) => part !== '').length} parts of three`);
  return { database, schema, name };
}

/** True for what `parseThreePartName` takes. */
export function isThreePartName(text: string): boolean {
  try {
    parseThreePartName(text);
    return true;
  } catch {
    return false;
  }
}
