import type { OptionMap } from '../../dialect/ast.js';
import { errors } from '../../errors/catalogue.js';
import { SqlError } from '../../errors/sql-error.js';
import { type Handler, next } from './handler.js';

/** Groups that every pool has; they cannot be changed. */
export const systemGroups: readonly string[] = [
  'smallrc',
  'mediumrc',
  'largerc',
  'xlargerc',
  ...[10, 20, 30, 40, 50, 60, 70, 80].map((size) => `staticrc${size}`),
];

function shares(options: OptionMap, name: string): number {
  const value = Number(options[name] ?? 0);
  if (!(value >= 0 && value <= 100))
    throw new SqlError(104102, `${name} has to be from 0 to 100, not ${String(options[name])}.`);
  return value;
}

/** Workload groups and classifiers are kept for those who read the catalog; all requests here share one machine. */
export const workload: Handler<'workload'> = async ({ session, output }, statement) => {
  const { what, action, name, options } = statement;
  session.demand('CONTROL');
  const kind = what === 'GROUP' ? 'workloadGroup' : 'workloadClassifier';
  const { database } = session;
  const known = database.find(kind, name);
  const system = what === 'GROUP' && systemGroups.includes(name.toLowerCase());
  if (action === 'create') {
    if (known || system) throw errors.alreadyThere(name);
    if (what === 'CLASSIFIER') {
      const group = String(options.WORKLOAD_GROUP ?? '');
      if (!systemGroups.includes(group.toLowerCase()) && !database.find('workloadGroup', group))
        throw errors.notFound('workload group', group);
    }
  } else if (!known) throw errors.notFound(`workload ${what.toLowerCase()}`, name);
  if (action === 'drop') {
    const user = database
      .all('workloadClassifier')
      .find((entry) => String(entry.options.WORKLOAD_GROUP).toLowerCase() === name.toLowerCase());
    if (what === 'GROUP' && user)
      throw new SqlError(104103, `The workload group '${name}' is used by the classifier '${user.name}'.`);
    await database.remove(kind, name);
  } else {
    const merged = { ...known?.options, ...options };
    if (
      what === 'GROUP' &&
      shares(merged, 'MIN_PERCENTAGE_RESOURCE') > (Number(merged.CAP_PERCENTAGE_RESOURCE ?? 100) || 100)
    )
      throw new SqlError(104104, 'MIN_PERCENTAGE_RESOURCE may not be more than CAP_PERCENTAGE_RESOURCE.');
    await database.put(kind, [name], { name, options: merged });
  }
  output.done('none', undefined);
  return next;
};
