import { SqlError } from './sql-error.js';

/** Errors by what went wrong, with SQL Server's own numbers and words where they are documented. */
export const errors = {
  invalidObject: (name: string) => new SqlError(208, `Invalid object name '${name}'.`),
  invalidColumn: (name: string, line = 0) => new SqlError(207, `Invalid column name '${name}'.`, { line }),
  ambiguousColumn: (name: string) => new SqlError(209, `Ambiguous column name '${name}'.`),
  unboundIdentifier: (name: string) => new SqlError(4104, `The multi-part identifier "${name}" could not be bound.`),
  exposedTwice: (name: string, alias: boolean) =>
    alias
      ? new SqlError(1011, `The correlation name '${name}' is specified multiple times in a FROM clause.`)
      : new SqlError(
          1013,
          `The objects "${name}" and "${name}" in the FROM clause have the same exposed names. Use correlation names to distinguish them.`,
        ),
  undeclaredVariable: (name: string, line = 0) =>
    new SqlError(137, `Must declare the scalar variable "${name}".`, { severity: 15, state: 2, line }),
  declaredTwice: (name: string) =>
    new SqlError(
      134,
      `The variable name '${name}' has already been declared. Variable names must be unique within a query batch or stored procedure.`,
      { severity: 15, state: 2 },
    ),
  alreadyThere: (name: string) =>
    new SqlError(2714, `There is already an object named '${name}' in the database.`, { state: 6 }),
  cannotDrop: (kind: string, name: string) =>
    new SqlError(3701, `Cannot drop the ${kind} '${name}', because it does not exist or you do not have permission.`, {
      severity: 11,
      state: 5,
    }),
  noSchema: (name: string) =>
    new SqlError(
      2760,
      `The specified schema name "${name}" either does not exist or you do not have permission to use it.`,
    ),
  noProcedure: (name: string) => new SqlError(2812, `Could not find stored procedure '${name}'.`, { state: 62 }),
  unknownFunction: (name: string) =>
    new SqlError(195, `'${name}' is not a recognized built-in function name.`, { severity: 15, state: 10 }),
  unknownType: (name: string, line = 0) => new SqlError(243, `Type ${name} is not a defined system type.`, { line }),
  noImplicitConversion: (from: string, to: string) =>
    new SqlError(
      257,
      `Implicit conversion from data type ${from} to ${to} is not allowed. Use the CONVERT function to run this query.`,
      { state: 3 },
    ),
  loginFailed: (user: string) => new SqlError(18456, `Login failed for user '${user}'.`, { severity: 14 }),
  integratedLogin: () =>
    new SqlError(
      18452,
      'Login failed. The login is from an untrusted domain and cannot be used with Integrated authentication.',
      { severity: 14 },
    ),
  cannotOpenDatabase: (name: string) =>
    new SqlError(4060, `Cannot open database "${name}" requested by the login. The login failed.`, { severity: 11 }),
  noDatabase: (name: string) =>
    new SqlError(911, `Database '${name}' does not exist. Make sure that the name is entered correctly.`),
  denied: (permission: string, kind: string, name: string, database: string, schema: string) =>
    new SqlError(
      229,
      `The ${permission} permission was denied on the object '${name}', database '${database}', schema '${schema}'.`,
      {
        severity: 14,
        state: 5,
        hint:
          `${kind === '' ? '' : ''}` ||
          `An administrator can run GRANT ${permission} ON ${schema}.${name} TO the user.`,
      },
    ),
  deniedInDatabase: (statement: string, database: string) =>
    new SqlError(262, `${statement} permission denied in database '${database}'.`, { severity: 14 }),
  deniedOnDatabase: (permission: string) =>
    new SqlError(
      105208,
      `${permission} permission is missing: the user does not have permission to perform this action.`,
      { severity: 14 },
    ),
  noPrincipal: (name: string) =>
    new SqlError(15151, `Cannot find the user '${name}', because it does not exist or you do not have permission.`),
  notFound: (kind: string, name: string) =>
    new SqlError(15151, `Cannot find the ${kind} '${name}', because it does not exist or you do not have permission.`),
  divideByZero: () => new SqlError(8134, 'Divide by zero error encountered.'),
  overflow: (type: string) =>
    new SqlError(8115, `Arithmetic overflow error converting expression to data type ${type}.`, { state: 2 }),
  truncated: (table: string, column: string, value: string) =>
    new SqlError(
      2628,
      `String or binary data would be truncated in table '${table}', column '${column}'. Truncated value: '${value}'.`,
    ),
  externalLoad: (text: string, facts = '') =>
    new SqlError(
      106000,
      `HdfsBridge::recordReaderFillBuffer - Unexpected error encountered filling record reader buffer: ${text}${facts}`,
    ),
  externalPath: (path: string) =>
    new SqlError(105209, `External file access failed: the path '${path}' cannot be read with the credential given.`),
};
