import { CrossviewError } from '@crossview/contracts';

/** The only place where a name or a value becomes T-SQL text. */

const longestName = 128;

/** `[name]`, whatever is in the name. @throws CrossviewError `NAME_INVALID` for an empty or too long name. */
export function identifier(name: string): string {
  if (name === '' || name.length > longestName || name.includes('\0'))
    throw new CrossviewError('NAME_INVALID', `"${name.slice(0, 40)}" cannot be a name in a SQL pool.`, {
      hint: `A name has 1 to ${longestName} characters; this one has ${name.length}.`,
      facts: { name: name.slice(0, longestName), length: name.length },
    });
  return `[${name.replaceAll(']', ']]')}]`;
}

/** `N'text'`. */
export function literal(text: string): string {
  if (text.includes('\0'))
    throw new CrossviewError('TEXT_INVALID', 'A text with the character U+0000 cannot be sent to a SQL pool.');
  return `N'${text.replaceAll("'", "''")}'`;
}

/** `'text'`, for the places where the grammar takes no `N`: options of COPY, locations, labels. */
export function plainLiteral(text: string): string {
  return literal(text).slice(1);
}

export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** `[schema].[name]`. */
export function tableName({ schema, name }: TableName): string {
  return `${identifier(schema)}.${identifier(name)}`;
}

/** Text for a LIKE pattern, with `\` as its escape character: `LIKE N'…%' ESCAPE '\'`. */
export function likePattern(text: string): string {
  return text.replace(/[\\%_[\]^-]/g, (character) => `\\${character}`);
}
