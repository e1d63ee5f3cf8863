import { notSupported } from '../../errors/sql-error.js';
import type { DatabaseSetting, Statement } from '../ast.js';
import type { Cursor } from './cursor.js';
import { parseOptionMap } from './options.js';

const kept: readonly DatabaseSetting[] = [
  'AUTO_CREATE_STATISTICS',
  'QUERY_STORE',
  'READ_COMMITTED_SNAPSHOT',
  'RESULT_SET_CACHING',
];

/** What a pool has and the local one refuses, with the reason. */
const refused: Readonly<Record<string, string>> = {
  ENCRYPTION: 'Files of the local pool are not encrypted: keep its data directory on an encrypted disk.',
};

/** `ALTER DATABASE name | CURRENT`, of a dedicated SQL pool: `MODIFY NAME = x`, `MODIFY (…)`, `SET option …`. */
export function parseAlterDatabase(cursor: Cursor, line: number): Statement {
  cursor.expect('DATABASE');
  const database = cursor.accept('CURRENT') ? undefined : cursor.identifier();
  if (cursor.accept('MODIFY')) {
    if (cursor.accept('NAME')) {
      cursor.expect('=');
      return {
        kind: 'renameObject',
        class: 'DATABASE',
        from: database === undefined ? [] : [database],
        to: cursor.identifier(),
        line,
      };
    }
    // Size and price of the service.
    parseOptionMap(cursor);
    return { kind: 'nothing', line };
  }
  cursor.expect('SET');
  const settings = Object.fromEntries(cursor.list(() => parseSetting(cursor)));
  if (cursor.accept('WITH')) skipTermination(cursor);
  return { kind: 'alterDatabase', database, settings, line };
}

function parseSetting(cursor: Cursor): [DatabaseSetting, boolean] {
  const { line } = cursor;
  const word = cursor.label().toUpperCase();
  const name = kept.find((known) => known === word);
  if (!name) throw notSupported(`ALTER DATABASE … SET ${word}`, line, refused[word]);
  cursor.accept('=');
  const on = cursor.accept('ON');
  if (!on) cursor.expect('OFF');
  // How much the query store keeps.
  if (name === 'QUERY_STORE' && cursor.is('(')) parseOptionMap(cursor);
  return [name, on];
}

/** `NO_WAIT`, `ROLLBACK IMMEDIATE`, `ROLLBACK AFTER 10 SECONDS`: nobody has to be waited for. */
function skipTermination(cursor: Cursor): void {
  if (cursor.accept('NO_WAIT')) return;
  cursor.expect('ROLLBACK');
  if (cursor.accept('IMMEDIATE')) return;
  cursor.expect('AFTER');
  cursor.integer();
  cursor.accept('SECONDS');
}
