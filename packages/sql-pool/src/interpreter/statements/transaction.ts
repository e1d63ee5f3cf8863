import { SqlError } from '../../errors/sql-error.js';
import type { Output } from '../output.js';
import type { Session } from '../session.js';

let lastTransaction = 0n;

/** @throws SqlError when one is open: a dedicated SQL pool has no nested transactions */
export async function beginTransaction(session: Session, output: Output): Promise<void> {
  if (session.transaction !== 'none')
    throw new SqlError(111214, 'An attempt to begin a transaction has failed. Nested transactions are not supported.');
  await session.connection.run('BEGIN TRANSACTION');
  session.temporary.save();
  session.transaction = 'open';
  session.transactionId = ++lastTransaction;
  output.transaction('begin', session.transactionId);
}

export async function commitTransaction(session: Session, output: Output): Promise<void> {
  if (session.transaction === 'none')
    throw new SqlError(3902, 'The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.');
  if (session.transaction === 'failed')
    throw new SqlError(
      3930,
      'The current transaction cannot be committed and cannot support operations that write to the log file. Roll back the transaction.',
    );
  try {
    await session.connection.run('COMMIT');
  } catch (error) {
    await session.connection.run('ROLLBACK').catch(() => undefined);
    session.temporary.restore();
    session.transaction = 'none';
    output.transaction('rollback', session.transactionId);
    throw error;
  }
  session.transaction = 'none';
  output.transaction('commit', session.transactionId);
}

export async function rollbackTransaction(session: Session, output: Output): Promise<void> {
  if (session.transaction === 'none')
    throw new SqlError(3903, 'The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.');
  await session.connection.run('ROLLBACK').catch(() => undefined);
  session.temporary.restore();
  session.transaction = 'none';
  output.transaction('rollback', session.transactionId);
}
