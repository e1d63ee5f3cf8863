import { notSupported } from '../../errors/sql-error.js';
import { storageType } from '../../types/sql-type.js';
import { quoteText } from '../translate/quote.js';
import type { Translation } from '../translate/translation.js';
import type { Typed } from '../translate/typed.js';
import { type ScalarFunction, textOf } from './function.js';

const names = [
  'OBJECT_ID',
  'OBJECT_NAME',
  'OBJECT_SCHEMA_NAME',
  'SCHEMA_ID',
  'SCHEMA_NAME',
  'DB_NAME',
  'DB_ID',
  'ORIGINAL_DB_NAME',
  'USER_NAME',
  'USER_ID',
  'CURRENT_USER',
  'SESSION_USER',
  'USER',
  'SYSTEM_USER',
  'SUSER_SNAME',
  'SUSER_NAME',
  'ORIGINAL_LOGIN',
  'HOST_NAME',
  'APP_NAME',
  'ERROR_NUMBER',
  'ERROR_MESSAGE',
  'ERROR_SEVERITY',
  'ERROR_STATE',
  'ERROR_PROCEDURE',
  'XACT_STATE',
  'ROWCOUNT_BIG',
  'HAS_PERMS_BY_NAME',
  'IS_MEMBER',
  'IS_ROLEMEMBER',
  'IS_SRVROLEMEMBER',
  'SERVERPROPERTY',
  'DATABASEPROPERTYEX',
  'CONNECTIONPROPERTY',
  'SESSION_ID',
  'SESSIONPROPERTY',
  'HAS_DBACCESS',
  'DATABASE_PRINCIPAL_ID',
  'TYPE_NAME',
  'TYPE_ID',
  'COL_LENGTH',
  'COL_NAME',
  'COLUMNPROPERTY',
  'OBJECTPROPERTY',
  'OBJECTPROPERTYEX',
  'OBJECT_DEFINITION',
  'FULLTEXTSERVICEPROPERTY',
  'INDEXPROPERTY',
  'SESSION_CONTEXT',
  'STATS_DATE',
  'INDEX_COL',
  'DATABASEPROPERTY',
  'PERMISSIONS',
  'HOST_ID',
  'SUSER_ID',
  'SUSER_SID',
];

/** How many of the first arguments are the key of a fact; the rest have to be constants. */
const keyArguments: Readonly<Record<string, number>> = {
  COL_NAME: 2,
  COLUMNPROPERTY: 2,
  STATS_DATE: 2,
  INDEXPROPERTY: 2,
};

/** Functions whose answer is a fact of the session or the catalog. */
export const facts: Readonly<Record<string, ScalarFunction>> = Object.fromEntries(
  names.map((name): [string, ScalarFunction] => [
    name,
    ({ arguments: list, value, translation }) => {
      const constants = list.map((argument, index): string | number | null | undefined => {
        if (argument.kind === 'variable') {
          const known = translation.source.constant(argument.name);
          if (known !== undefined) return known;
        }
        return value(index).constant;
      });
      translation.momentary = true;
      const known = constants.filter((constant) => constant !== undefined);
      if (known.length === constants.length) {
        const found = translation.source.fact(name, known);
        if (found) return found;
      }
      return overColumns(name, list.length, constants, value, translation);
    },
  ]),
);

/** The answers for all keys stand in the text as a map, and the columns pick theirs. */
function overColumns(
  name: string,
  count: number,
  constants: readonly (string | number | null | undefined)[],
  value: (index: number) => Typed,
  translation: Translation,
): Typed {
  const keys = Math.min(count, keyArguments[name] ?? 1);
  const rest = constants.slice(keys);
  const table = rest.includes(undefined)
    ? undefined
    : translation.source.factTable(
        name === 'OBJECTPROPERTYEX' ? 'OBJECTPROPERTY' : name,
        rest as (string | number | null)[],
      );
  if (!table) throw notSupported(`${name}(${constants.map((item) => item ?? 'column').join(', ')})`);
  const storage = storageType(table.type);
  if (table.entries.length === 0) return { sql: `CAST(NULL AS ${storage})`, type: table.type };
  const parts = Array.from({ length: keys }, (_, index) => `lower(${textOf(value(index)).sql})`);
  const key = name === 'OBJECT_ID' ? `replace(replace(${parts[0]}, '[', ''), ']', '')` : parts.join(" || '/' || ");
  const quoted = (item: string | number) => (typeof item === 'number' ? String(item) : quoteText(item));
  const [first, second] = [0, 1].map((side) => table.entries.map((entry) => quoted(entry[side]!)).join(', '));
  return { sql: `CAST(map([${first}], [${second}])[${key}] AS ${storage})`, type: table.type };
}
