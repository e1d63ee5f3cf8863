import { notSupported } from '../../errors/sql-error.js';
import type { ScalarFunction } from './function.js';

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
  'ERROR_LINE',
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
  'SCOPE_IDENTITY',
  'FULLTEXTSERVICEPROPERTY',
  'INDEXPROPERTY',
];

/** Functions whose answer is a fact of the session or the catalog; the arguments have to be constants or variables. */
export const facts: Readonly<Record<string, ScalarFunction>> = Object.fromEntries(
  names.map((name): [string, ScalarFunction] => [
    name,
    ({ arguments: list, value, translation }) => {
      const values = list.map((argument, index): string | number | null => {
        if (argument.kind === 'variable') {
          const known = translation.source.constant(argument.name);
          if (known !== undefined) return known;
        }
        const { constant } = value(index);
        if (constant === undefined)
          throw notSupported(`${name} over a column`, 0, 'Join with sys.objects, sys.schemas or sys.types.');
        return constant;
      });
      translation.momentary = true;
      const found = translation.source.fact(name, values);
      if (!found) throw notSupported(`${name}(${values.map((item) => String(item)).join(', ')})`);
      return found;
    },
  ]),
);
