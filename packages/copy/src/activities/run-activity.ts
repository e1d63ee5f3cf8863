import type { Json } from '@crossview/contracts';
import { type Activity, activitySchemas } from '../documents/activities.js';
import type { Factory } from '../documents/factory.js';
import { Problems, readBy } from '../documents/problems.js';
import { Resolver } from '../documents/resolver.js';
import type { Scope } from '../expressions/resolve.js';
import { type CopyOutput, type CopyPlan, planCopy, runCopy } from './copy-activity.js';
import { type LookupOutput, type LookupPlan, planLookup, runLookup } from './lookup-activity.js';
import type { RunOptions } from './services.js';

/** An activity that was read and whose references were followed. */
export type ActivityPlan = { readonly activity: Activity } & (
  | { readonly kind: 'Copy'; readonly plan: CopyPlan }
  | { readonly kind: 'Lookup'; readonly plan: LookupPlan }
);

/** Reads one activity; what is wrong is in the resolver's `problems`, and `undefined` is given. */
export function planActivity(
  json: Json,
  resolver: Resolver,
  scope: Scope,
  document: string,
  path: string,
): ActivityPlan | undefined {
  const { problems } = resolver;
  const before = problems.found.length;
  const resolved = resolver.resolve(json, scope, document, path) as { readonly [key: string]: Json } | null;
  if (problems.found.length > before) return undefined;
  const type = resolved !== null && typeof resolved === 'object' ? resolved.type : undefined;
  const schema = activitySchemas[type as keyof typeof activitySchemas];
  if (schema === undefined) {
    problems.add(
      document,
      `${path}.type`,
      type === undefined ? 'is missing' : `is ${JSON.stringify(type)}; Copy and Lookup are run here`,
    );
    return undefined;
  }
  const activity = readBy<Activity>(schema, resolved, problems, document, path);
  const properties = resolved?.typeProperties ?? null;
  const name = String(resolved?.name ?? '');
  if (type === 'Lookup') {
    const plan = planLookup(name, properties, resolver, document, path);
    return activity && plan && problems.found.length === before ? { activity, kind: 'Lookup', plan } : undefined;
  }
  const { inputs, outputs } = resolved as { inputs?: unknown; outputs?: unknown };
  const hasDatasets = Array.isArray(inputs) && inputs.length === 1 && Array.isArray(outputs) && outputs.length === 1;
  if (!hasDatasets || (activity !== undefined && activity.type !== 'Copy')) return undefined;
  const plan = planCopy({ name, inputs, outputs }, properties, resolver, document, path);
  return activity && plan && problems.found.length === before ? { activity, kind: 'Copy', plan } : undefined;
}

export const runPlan = (
  planned: ActivityPlan,
  resolver: Resolver,
  options: RunOptions,
): Promise<CopyOutput | LookupOutput> =>
  planned.kind === 'Copy' ? runCopy(planned.plan, resolver, options) : runLookup(planned.plan, resolver, options);

/**
 * Runs one Copy activity outside of a pipeline.
 * @param activity its JSON, as it stands in a pipeline.
 * @throws CrossviewError `COPY_DEFINITION_INVALID` listing all that is wrong, `COPY_*` when it fails.
 */
export async function copyActivity(activity: Json, factory: Factory, options: RunOptions): Promise<CopyOutput> {
  return (await runAlone(activity, 'Copy', factory, options)) as CopyOutput;
}

/** Runs one Lookup activity outside of a pipeline; throws as `copyActivity` does. */
export async function lookupActivity(activity: Json, factory: Factory, options: RunOptions): Promise<LookupOutput> {
  return (await runAlone(activity, 'Lookup', factory, options)) as LookupOutput;
}

async function runAlone(json: Json, type: string, factory: Factory, options: RunOptions) {
  const problems = new Problems();
  const resolver = new Resolver(factory, problems);
  const planned = planActivity(json, resolver, {}, `${type} activity`, 'activity');
  if (planned !== undefined && planned.kind !== type)
    problems.add(`${type} activity`, 'activity.type', `must be ${type}; it is ${planned.kind}`);
  problems.throwIfAny();
  return runPlan(planned!, resolver, options);
}
