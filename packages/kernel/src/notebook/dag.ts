import { CrossviewError, type Json } from '@crossview/contracts';
import { isObject } from './lenient-json.js';

export interface Activity {
  readonly name: string;
  readonly path: string;
  /** Seconds. */
  readonly timeoutPerCell: number;
  readonly args: { readonly [name: string]: Json };
  readonly retry: number;
  /** Seconds. */
  readonly retryInterval: number;
  readonly dependencies: readonly string[];
}

export interface Dag {
  readonly activities: readonly Activity[];
  /** Seconds for all of them. */
  readonly timeout: number;
  readonly concurrency: number;
}

/** Values that `runMultiple` takes when a DAG says nothing. */
const defaults = { timeoutPerCell: 90, retry: 0, retryInterval: 0, timeout: 43_200, concurrency: 50 };
const activityKeys = [
  'name',
  'path',
  'timeoutPerCellInSeconds',
  'args',
  'retry',
  'retryIntervalInSeconds',
  'dependencies',
  'workspace',
];

/**
 * Reads what `runMultiple` is given: a list of paths, or activities with dependencies.
 * @throws CrossviewError `DAG_INVALID` with every problem.
 */
export function readDag(value: Json): Dag {
  const problems: string[] = [];
  const number = (what: string, given: Json | undefined, otherwise: number): number => {
    if (given === undefined || given === null) return otherwise;
    if (typeof given === 'number' && given >= 0) return given;
    problems.push(`${what} is no number: ${JSON.stringify(given)}`);
    return otherwise;
  };
  const plain = { ...defaults, args: {}, dependencies: [] };
  if (Array.isArray(value)) {
    const seen = new Map<string, number>();
    const activities = value.map((path): Activity => {
      if (typeof path !== 'string') problems.push(`${JSON.stringify(path)} is no path`);
      const count = (seen.get(String(path)) ?? 0) + 1;
      seen.set(String(path), count);
      return { ...plain, name: count > 1 ? `${path} (${count})` : String(path), path: String(path) };
    });
    return finish({ activities, timeout: defaults.timeout, concurrency: defaults.concurrency }, problems);
  }
  if (!isObject(value) || !Array.isArray(value.activities))
    throw dagError(['it is neither a list of paths nor an object with "activities"']);
  const activities = value.activities.map((item, at): Activity => {
    const what = isObject(item) && typeof item.name === 'string' ? item.name : `activity ${at + 1}`;
    if (!isObject(item)) {
      problems.push(`${what} is no object`);
      return { ...plain, name: what, path: '' };
    }
    if (typeof item.name !== 'string' || item.name === '') problems.push(`${what} has no name`);
    if (typeof item.path !== 'string' || item.path === '') problems.push(`${what} has no path`);
    for (const key of Object.keys(item))
      if (!activityKeys.includes(key)) problems.push(`${what} has an unknown key ${key}`);
    if (item.args !== undefined && !isObject(item.args)) problems.push(`args of ${what} is no object`);
    if (item.dependencies !== undefined && !Array.isArray(item.dependencies))
      problems.push(`dependencies of ${what} is no list`);
    return {
      name: what,
      path: String(item.path ?? ''),
      timeoutPerCell: number(
        `timeoutPerCellInSeconds of ${what}`,
        item.timeoutPerCellInSeconds,
        defaults.timeoutPerCell,
      ),
      args: isObject(item.args) ? item.args : {},
      retry: number(`retry of ${what}`, item.retry, defaults.retry),
      retryInterval: number(`retryIntervalInSeconds of ${what}`, item.retryIntervalInSeconds, defaults.retryInterval),
      dependencies: Array.isArray(item.dependencies) ? item.dependencies.map(String) : [],
    };
  });
  const timeout = number('timeoutInSeconds', value.timeoutInSeconds, defaults.timeout);
  const concurrency = number('concurrency', value.concurrency, defaults.concurrency);
  return finish({ activities, timeout, concurrency: Math.max(1, concurrency) }, problems);
}

function finish(dag: Dag, problems: string[]): Dag {
  const names = dag.activities.map(({ name }) => name);
  if (names.length === 0) problems.push('it has no activities');
  for (const name of new Set(names.filter((it, at) => names.indexOf(it) !== at)))
    problems.push(`two activities are called ${name}`);
  for (const { name, dependencies } of dag.activities)
    for (const other of dependencies)
      if (!names.includes(other)) problems.push(`${name} depends on ${other}, which is not there`);
  const circle = findCircle(dag);
  if (circle) problems.push(`they depend on each other in a circle: ${circle.join(' → ')}`);
  if (problems.length > 0) throw dagError(problems);
  return dag;
}

function findCircle({ activities }: Dag): string[] | undefined {
  const byName = new Map(activities.map((it) => [it.name, it]));
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const other of byName.get(name)?.dependencies ?? []) {
      const found = visit(other, [...way, name]);
      if (found) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const { name } of activities) {
    const found = visit(name, []);
    if (found) return found;
  }
  return undefined;
}

function dagError(problems: readonly string[]): CrossviewError {
  return new CrossviewError('DAG_INVALID', 'runMultiple: the DAG cannot be run', {
    hint: problems.map((problem) => `- ${problem}`).join('\n'),
    facts: { problems: problems.length },
  });
}
