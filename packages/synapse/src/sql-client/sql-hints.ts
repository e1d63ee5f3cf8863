/**
 * What a user can do about an error of the pool, by its number. Only numbers where something helpful can be said:
 * everything else speaks for itself.
 */
const hints: Readonly<Record<number, string>> = {
  102: 'Look at the line that is named, and at the words before the one that is quoted.',
  156: 'Look at the line that is named, and at the words before the one that is quoted.',
  207: "List the columns: SELECT TABLE_NAME, COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = '…'.",
  208: 'List what there is: SELECT TABLE_SCHEMA, TABLE_NAME FROM INFORMATION_SCHEMA.TABLES. Another database is named on the magic line: %%tsql -database NAME.',
  229: 'Ask an administrator of the pool for a GRANT, or use a login that has it.',
  262: 'Ask an administrator of the pool for a GRANT, or use a login that has it.',
  297: 'Ask an administrator of the pool for a GRANT, or use a login that has it.',
  2627: 'A row with this key is there already.',
  2714: 'Choose another name, or drop the object first.',
  2812: 'If it was meant as a statement, its first word is not T-SQL; if as a procedure, look for it in sys.procedures.',
  8134: 'Guard the divisor: x / NULLIF(y, 0).',
  8152: 'Widen the column, or cut the text: LEFT(text, n).',
  2628: 'Widen the column, or cut the text: LEFT(text, n).',
  15151: 'Check the name, and that this login may see it.',
};

/** `undefined` when there is nothing to say. */
export function hintFor(number: number | undefined): string | undefined {
  return number === undefined ? undefined : hints[number];
}
