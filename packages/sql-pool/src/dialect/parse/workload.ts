import type { Statement } from '../ast.js';
import type { Cursor } from './cursor.js';
import { parseOptionMap } from './options.js';

/** CREATE, ALTER and DROP of WORKLOAD GROUP and WORKLOAD CLASSIFIER, from WORKLOAD on. */
export function parseWorkload(cursor: Cursor, line: number, action: 'create' | 'alter' | 'drop'): Statement {
  cursor.expect('WORKLOAD');
  const what = cursor.accept('CLASSIFIER') ? 'CLASSIFIER' : 'GROUP';
  if (what === 'GROUP') cursor.expect('GROUP');
  const name = cursor.identifier();
  if (action === 'drop') return { kind: 'workload', what, action, name, options: {}, line };
  cursor.expect('WITH');
  return { kind: 'workload', what, action, name, options: parseOptionMap(cursor), line };
}
