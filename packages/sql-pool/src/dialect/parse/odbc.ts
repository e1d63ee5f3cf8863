import type { Expression } from '../ast.js';

/** Scalar functions of ODBC's `{fn …}` that Transact-SQL has under another name. */
const names: Readonly<Record<string, string>> = {
  UCASE: 'UPPER',
  LCASE: 'LOWER',
  LENGTH: 'LEN',
  LOCATE: 'CHARINDEX',
  NOW: 'GETDATE',
  IFNULL: 'ISNULL',
  DATABASE: 'DB_NAME',
  DAYOFMONTH: 'DAY',
  CURDATE: 'CURRENT_DATE',
  REPEAT: 'REPLICATE',
};

/** The call with the name that Transact-SQL knows. */
export function odbcFunction(value: Expression): Expression {
  if (value.kind !== 'call' || value.name.length !== 1) return value;
  const name = names[value.name[0]!.toUpperCase()];
  return name === undefined ? value : { ...value, name: [name] };
}
