import { errors } from './catalogue.js';
import { notSupported, SqlError } from './sql-error.js';

interface Rule {
  readonly pattern: RegExp;
  readonly make: (match: RegExpExecArray) => SqlError;
}

const typeNames: Readonly<Record<string, string>> = {
  INT8: 'smallint',
  INT16: 'smallint',
  INT32: 'int',
  INT64: 'bigint',
  UINT8: 'tinyint',
  INT128: 'bigint',
  DOUBLE: 'float',
  FLOAT: 'real',
  DECIMAL: 'numeric',
  INTEGER: 'int',
  BIGINT: 'bigint',
  SMALLINT: 'smallint',
  UTINYINT: 'tinyint',
  HUGEINT: 'numeric',
};

function typeName(text: string): string {
  return typeNames[text.toUpperCase()] ?? text.toLowerCase();
}

/** DuckDB's messages that mean an error SQL Server has a number for. The first that fits counts. */
const rules: readonly Rule[] = [
  {
    pattern: /§(\d+)§([\s\S]*)/,
    make: (match) => new SqlError(Number(match[1]), match[2]!.trim(), Number(match[1]) === 40517 ? {} : {}),
  },
  {
    pattern: /Overflow in \w+ of (\w+)|overflow in \w+ of (\w+)/i,
    make: (match) => errors.overflow(typeName(match[1] ?? match[2] ?? 'int')),
  },
  {
    // Arithmetic goes through INT64, so this is a conversion.
    pattern:
      /Type INT(?:16|32) with value (\S+) can't be cast because the value is out of range for the destination type (UINT8|INT16)/,
    make: (match) =>
      new SqlError(220, `Arithmetic overflow error for data type ${typeName(match[2]!)}, value = ${match[1]}.`, {
        state: 2,
      }),
  },
  {
    pattern:
      /[Cc]annot (?:take (?:square root|logarithm) of|take the logarithm)|logarithm of (?:zero|a negative)|square root of a negative/,
    make: () => new SqlError(3623, 'An invalid floating point operation occurred.'),
  },
  {
    pattern: /Malformed JSON/i,
    make: () => new SqlError(13609, 'JSON text is not properly formatted.'),
  },
  {
    pattern: /Failed to cast decimal value .* to type (\w+)/i,
    make: (match) => errors.overflow(typeName(match[1]!)),
  },
  {
    pattern:
      /Type (\w+) with value (\S+) can't be cast because the value is out of range for the destination type (\w+)/,
    make: (match) => errors.overflow(typeName(match[3]!)),
  },
  { pattern: /value is out of range|out of range/i, make: () => errors.overflow('numeric') },
  { pattern: /Could not cast value .* to DECIMAL/i, make: () => errors.overflow('numeric') },
  {
    pattern: /Could not convert string '([\s\S]*)' to (\w+)/,
    make: (match) =>
      new SqlError(
        245,
        `Conversion failed when converting the varchar value '${match[1]}' to data type ${typeName(match[2]!)}.`,
      ),
  },
  {
    pattern: /Could not parse string/,
    make: () => new SqlError(241, 'Conversion failed when converting date and/or time from character string.'),
  },
  {
    pattern: /invalid (?:date|timestamp|time) field format/i,
    make: () => new SqlError(241, 'Conversion failed when converting date and/or time from character string.'),
  },
  {
    pattern: /NOT NULL constraint failed: ([^\s]+)\.([^\s.]+)/,
    make: (match) =>
      new SqlError(
        515,
        `Cannot insert the value NULL into column '${match[2]}', table '${match[1]}'; column does not allow nulls. INSERT fails.`,
        { state: 2 },
      ),
  },
  {
    pattern: /More than one row returned by a subquery|Scalar subquery can only return a single row/i,
    make: () =>
      new SqlError(
        512,
        'Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >, >= or when the subquery is used as an expression.',
      ),
  },
  {
    pattern: /must appear in the GROUP BY clause|column "?([^"\s]+)"? must appear/i,
    make: (match) =>
      new SqlError(
        8120,
        `Column '${match[1] ?? /column "([^"]+)"/.exec(match.input)?.[1] ?? ''}' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.`,
      ),
  },
  {
    pattern: /WHERE clause cannot contain aggregates/i,
    make: () =>
      new SqlError(
        147,
        'An aggregate may not appear in the WHERE clause unless it is in a subquery contained in a HAVING clause or a select list, and the column being aggregated is an outer reference.',
        { severity: 15 },
      ),
  },
  {
    pattern: /Transaction conflict|Conflict on (?:tuple|update)|write-write conflict/i,
    make: () =>
      new SqlError(
        1205,
        'Transaction was deadlocked on resources with another process and has been chosen as the deadlock victim. Rerun the transaction.',
        { severity: 13, state: 45 },
      ),
  },
  {
    pattern: /current transaction is aborted/i,
    make: () =>
      new SqlError(
        3930,
        'The current transaction cannot be committed and cannot support operations that write to the log file. Roll back the transaction.',
      ),
  },
  {
    pattern: /Out of Memory Error/i,
    make: (match) =>
      new SqlError(701, 'There is insufficient system memory in the local pool to run this query.', {
        severity: 17,
        cause: match.input,
      }),
  },
];

/** Whatever was thrown, as an error the client gets. The text of DuckDB is kept where no number fits. */
export function toSqlError(thrown: unknown): SqlError {
  if (thrown instanceof SqlError) return thrown;
  if (thrown instanceof Error && 'code' in thrown && 'hint' in thrown)
    return new SqlError(105209, thrown.message, { cause: thrown });
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  for (const { pattern, make } of rules) {
    const match = pattern.exec(text);
    if (match) return make(match);
  }
  if (/^(Binder|Catalog|Parser|Not implemented) Error/i.test(text)) return notSupported(firstLine(text));
  return new SqlError(50000, firstLine(text), { cause: thrown });
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}

export function isConflict(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    /Transaction conflict|Conflict on (?:tuple|update)|write-write conflict/i.test(thrown.message)
  );
}
