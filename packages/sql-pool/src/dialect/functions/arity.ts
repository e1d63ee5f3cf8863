/** How many arguments built-in functions take, `least-most`; those that are not here check for themselves. */
const counts: Readonly<Record<string, readonly [least: number, most: number]>> = Object.fromEntries(
  [
    [
      0,
      0,
      'GETDATE GETUTCDATE SYSDATETIME SYSUTCDATETIME SYSDATETIMEOFFSET PI NEWID XACT_STATE ERROR_NUMBER ERROR_MESSAGE',
    ],
    [
      1,
      1,
      `LEN DATALENGTH UPPER LOWER REVERSE SPACE CHAR NCHAR ASCII UNICODE SOUNDEX YEAR MONTH DAY ISDATE ABS CEILING FLOOR SIGN SQRT SQUARE
      EXP LOG10 SIN COS TAN COT ASIN ACOS ATAN DEGREES RADIANS ISNUMERIC`,
    ],
    [1, 2, 'LTRIM RTRIM TRIM QUOTENAME EOMONTH ISJSON JSON_QUERY LOG'],
    [0, 1, 'RAND'],
    [
      2,
      2,
      'LEFT RIGHT REPLICATE PATINDEX DIFFERENCE POWER ATN2 ISNULL NULLIF JSON_VALUE HASHBYTES DATEPART DATENAME DATETRUNC STRING_ESCAPE',
    ],
    [2, 3, 'SUBSTRING CHARINDEX ROUND FORMAT'],
    [3, 3, 'REPLACE TRANSLATE DATEADD DATEDIFF DATEDIFF_BIG DATEFROMPARTS IIF JSON_MODIFY'],
    [1, 3, 'STR'],
    [4, 4, 'STUFF'],
    [5, 5, 'TIMEFROMPARTS SMALLDATETIMEFROMPARTS'],
    [7, 7, 'DATETIMEFROMPARTS'],
    [8, 8, 'DATETIME2FROMPARTS'],
    [10, 10, 'DATETIMEOFFSETFROMPARTS'],
  ].flatMap(([least, most, names]) =>
    String(names)
      .split(/\s+/)
      .map((name): [string, readonly [number, number]] => [name, [Number(least), Number(most)]]),
  ),
);

/** What is wrong with the number of arguments, if anything. */
export function wrongCount(name: string, given: number): string | undefined {
  const found = counts[name];
  if (!found || (given >= found[0] && given <= found[1])) return undefined;
  const [least, most] = found;
  return `The ${name.toLowerCase()} function requires ${least === most ? least : `${least} to ${most}`} argument(s).`;
}
