import { notSupported } from '../../errors/sql-error.js';
import type { Cursor } from './cursor.js';

interface Refusal {
  readonly words: readonly string[];
  /** What the pool offers instead. */
  readonly instead: string;
}

const none = 'A dedicated SQL pool has none either';

/** Statements that a dedicated SQL pool refuses too, by their first words. */
export const refused: readonly Refusal[] = [
  { words: ['CREATE', 'TRIGGER'], instead: `${none}.` },
  { words: ['CREATE', 'SEQUENCE'], instead: `${none}: use an IDENTITY column.` },
  { words: ['CREATE', 'SYNONYM'], instead: `${none}: use a view.` },
  { words: ['CREATE', 'TYPE'], instead: `${none}: use the type it stands for.` },
  { words: ['CREATE', 'ASSEMBLY'], instead: `${none}.` },
  { words: ['CREATE', 'AGGREGATE'], instead: `${none}.` },
  { words: ['CREATE', 'SECURITY', 'POLICY'], instead: 'Grant on a view that has only the rows of the user.' },
  { words: ['ALTER', 'SECURITY', 'POLICY'], instead: 'There are no security policies here.' },
  { words: ['DROP', 'SECURITY', 'POLICY'], instead: 'There are no security policies here.' },
  { words: ['CREATE', 'RULE'], instead: `${none}.` },
  { words: ['CREATE', 'DEFAULT'], instead: `${none}: write DEFAULT with the column.` },
  { words: ['CREATE', 'XML'], instead: `${none}.` },
  { words: ['CREATE', 'SPATIAL'], instead: `${none}.` },
  { words: ['CREATE', 'FULLTEXT'], instead: `${none}.` },
  { words: ['CREATE', 'UNIQUE'], instead: `${none}: declare UNIQUE … NOT ENFORCED.` },
  { words: ['CREATE', 'PARTITION', 'FUNCTION'], instead: `${none}: write PARTITION (… RANGE …) with the table.` },
  { words: ['CREATE', 'PARTITION', 'SCHEME'], instead: `${none}: write PARTITION (… RANGE …) with the table.` },
  { words: ['CREATE', 'SERVICE'], instead: `${none}.` },
  { words: ['CREATE', 'QUEUE'], instead: `${none}.` },
  { words: ['CREATE', 'CONTRACT'], instead: `${none}.` },
  { words: ['CREATE', 'MESSAGE'], instead: `${none}.` },
  { words: ['CREATE', 'APPLICATION', 'ROLE'], instead: `${none}: use a database role.` },
  { words: ['CREATE', 'SERVER'], instead: `${none}.` },
  { words: ['CREATE', 'CERTIFICATE'], instead: 'There is nothing here to encrypt with it.' },
  { words: ['CREATE', 'SYMMETRIC'], instead: 'There is nothing here to encrypt with it.' },
  {
    words: ['CREATE', 'REMOTE'],
    instead: 'It is a statement of Analytics Platform System: use CREATE TABLE AS SELECT.',
  },
  { words: ['BULK', 'INSERT'], instead: `${none}: use COPY INTO.` },
  { words: ['ADD', 'SENSITIVITY'], instead: 'Nothing here classifies columns.' },
  { words: ['DROP', 'SENSITIVITY'], instead: 'Nothing here classifies columns.' },
  { words: ['BACKUP'], instead: 'Copy the directory of a pool that is not running.' },
  { words: ['RESTORE'], instead: 'Start a pool on the copy of the directory.' },
  { words: ['DISABLE', 'TRIGGER'], instead: `${none}.` },
  { words: ['ENABLE', 'TRIGGER'], instead: `${none}.` },
  { words: ['GOTO'], instead: `${none}: use IF and WHILE.` },
  { words: ['OPEN'], instead: 'A dedicated SQL pool has no cursors: use WHILE over a temporary table.' },
  { words: ['FETCH'], instead: 'A dedicated SQL pool has no cursors: use WHILE over a temporary table.' },
  { words: ['CLOSE'], instead: 'A dedicated SQL pool has no cursors: use WHILE over a temporary table.' },
  { words: ['DEALLOCATE'], instead: 'A dedicated SQL pool has no cursors: use WHILE over a temporary table.' },
  { words: ['READTEXT'], instead: `${none}.` },
  { words: ['WRITETEXT'], instead: `${none}.` },
  { words: ['UPDATETEXT'], instead: `${none}.` },
  { words: ['SHUTDOWN'], instead: 'End the process of the pool.' },
  { words: ['RECONFIGURE'], instead: `${none}.` },
  { words: ['SETUSER'], instead: `${none}.` },
];

/** @throws SqlError 40517 for a statement that is refused by name */
export function refuse(cursor: Cursor): void {
  const found = refused.find(({ words }) => cursor.is(...words));
  // A word alone may also be the name of a procedure that starts the batch.
  if (!found || (found.words.length === 1 && cursor.ahead(1).key === '.')) return;
  throw notSupported(found.words.join(' '), cursor.line, found.instead);
}
