import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { CrossviewError, type Json } from '@crossview/contracts';
import { z } from 'zod';
import type { Activity } from '../documents/activities.js';
import { ignored } from '../documents/common.js';
import type { Factory } from '../documents/factory.js';
import { Problems, readBy } from '../documents/problems.js';
import { Resolver } from '../documents/resolver.js';
import { ExpressionValueError } from '../expressions/expression-errors.js';
import type { Scope } from '../expressions/resolve.js';
import { cancelled } from '../thrift/session.js';
import type { CopyOutput } from './copy-activity.js';
import type { LookupOutput } from './lookup-activity.js';
import { type ActivityPlan, planActivity, runPlan } from './run-activity.js';
import type { RunOptions } from './services.js';

export type ActivityStatus = 'Succeeded' | 'Failed' | 'Skipped' | 'Cancelled';

export interface ActivityRun {
  readonly name: string;
  readonly type: string;
  readonly status: ActivityStatus;
  readonly output?: CopyOutput | LookupOutput;
  readonly error?: CrossviewError;
  readonly durationMilliseconds: number;
}

export interface PipelineRun {
  readonly runId: string;
  readonly pipeline: string;
  /** Failed when an activity failed and no other was there to go on after it; cancelled by the caller's signal. */
  readonly status: 'Succeeded' | 'Failed' | 'Cancelled';
  /** With defaults filled in. */
  readonly parameters: { readonly [name: string]: Json };
  readonly startedAt: Date;
  readonly durationMilliseconds: number;
  readonly activities: readonly ActivityRun[];
}

export interface PipelineOptions extends RunOptions {
  readonly parameters?: Readonly<Record<string, Json>>;
  readonly globalParameters?: Readonly<Record<string, Json>>;
  readonly onActivity?: (run: ActivityRun) => void;
}

const pipelineSchema = z.strictObject({
  activities: z.array(z.looseObject({ name: z.string(), type: z.string() })),
  parameters: z.record(z.string(), z.looseObject({ type: z.string().optional() })).optional(),
  variables: ignored,
  description: ignored,
  annotations: ignored,
  folder: ignored,
  concurrency: ignored,
  policy: ignored,
  lastPublishTime: ignored,
});

interface Step {
  readonly name: string;
  readonly type: string;
  readonly json: Json;
  readonly path: string;
  readonly dependsOn: readonly { activity: string; dependencyConditions: readonly string[] }[];
  readonly planned: ActivityPlan | undefined;
}

/**
 * Runs a pipeline's activities one after the other, in the order that `dependsOn` wants.
 * Everything that can be checked before is checked before, and all that is wrong is said at once.
 * @throws CrossviewError `COPY_PIPELINE_NOT_FOUND`, `COPY_DEFINITION_INVALID`; an activity's failure is in its run.
 */
export async function runPipeline(factory: Factory, name: string, options: PipelineOptions): Promise<PipelineRun> {
  const document = factory.find('pipeline', name);
  if (document === undefined)
    throw new CrossviewError('COPY_PIPELINE_NOT_FOUND', `there is no pipeline ${name}`, {
      hint: `There are ${factory.names('pipeline').join(', ') || 'none'}.`,
      facts: { name },
    });
  const problems = new Problems();
  const resolver = new Resolver(factory, problems);
  const title = `pipeline "${document.name}"`;
  const runId = randomUUID();
  const properties = readBy(pipelineSchema, document.properties, problems, title, 'properties');
  const parameters = resolver.parameters(document.properties.parameters, options.parameters ?? {}, title, 'the call');
  const done = new Map<string, ActivityRun>();
  const scope = scopeOf(document.name, runId, parameters, options.globalParameters ?? {}, done);
  const steps = (properties?.activities ?? []).map((activity, index): Step => {
    const json = activity as unknown as Json;
    const path = `properties.activities[${index}]`;
    // An activity that uses another's output can only be read once that one has run.
    const later = /activity\(/i.test(JSON.stringify(json));
    return {
      name: activity.name,
      type: activity.type,
      json,
      path,
      dependsOn: ((activity as Partial<Activity>).dependsOn ?? []) as Step['dependsOn'],
      planned: later ? undefined : planActivity(json, resolver, scope, title, path),
    };
  });
  checkOrder(steps, problems, title);
  problems.throwIfAny();

  const startedAt = new Date();
  const waiting = [...steps];
  while (waiting.length > 0 && !options.signal?.aborted) {
    const at = waiting.findIndex(({ dependsOn }) => dependsOn.every(({ activity }) => done.has(activity)));
    const [step] = waiting.splice(at, 1);
    const run = await runStep(step!, resolver, scope, title, done, options);
    done.set(run.name, run);
    options.onActivity?.(run);
  }
  const handled = new Set(
    steps.flatMap(({ dependsOn }) =>
      dependsOn
        .filter(({ dependencyConditions: wanted }) => wanted.includes('Failed') || wanted.includes('Completed'))
        .map(({ activity }) => activity),
    ),
  );
  const activities = [...done.values()];
  const failed = activities.some((run) => run.status === 'Failed' && !handled.has(run.name));
  const status = options.signal?.aborted ? 'Cancelled' : failed ? 'Failed' : 'Succeeded';
  const durationMilliseconds = Date.now() - startedAt.getTime();
  return { runId, pipeline: document.name, status, parameters, startedAt, durationMilliseconds, activities };
}

function scopeOf(
  pipeline: string,
  runId: string,
  parameters: { [key: string]: Json },
  globalParameters: Readonly<Record<string, Json>>,
  done: ReadonlyMap<string, ActivityRun>,
): Scope {
  return {
    pipeline: {
      Pipeline: pipeline,
      PipelineName: pipeline,
      RunId: runId,
      GroupId: runId,
      DataFactory: 'crossview',
      TriggerName: 'manual',
      TriggerType: 'Manual',
      TriggerTime: new Date().toISOString(),
      parameters,
      globalParameters,
    },
    activity: (name) => {
      const run = [...done.values()].find((candidate) => candidate.name === name);
      if (run === undefined)
        throw new ExpressionValueError(`activity ${name} has not run before: put it into dependsOn`);
      return JSON.parse(
        JSON.stringify({
          output: run.output ?? {},
          error: run.error ? { message: run.error.message } : {},
          status: run.status,
        }),
      ) as Json;
    },
  };
}

/** Names that do not exist, names used twice, circles. */
function checkOrder(steps: readonly Step[], problems: Problems, title: string): void {
  const names = new Set(steps.map(({ name }) => name));
  for (const [index, step] of steps.entries()) {
    if (steps.findIndex(({ name }) => name === step.name) !== index)
      problems.add(title, `${step.path}.name`, `${step.name} is the name of two activities`);
    for (const [at, { activity }] of step.dependsOn.entries())
      if (!names.has(activity))
        problems.add(title, `${step.path}.dependsOn[${at}].activity`, `there is no activity ${activity}`);
  }
  const placed = new Set<string>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const { name, dependsOn } of steps)
      if (!placed.has(name) && dependsOn.every(({ activity }) => placed.has(activity) || !names.has(activity))) {
        placed.add(name);
        grown = true;
      }
  }
  for (const step of steps)
    if (!placed.has(step.name)) problems.add(title, `${step.path}.dependsOn`, 'goes in a circle');
}

async function runStep(
  step: Step,
  resolver: Resolver,
  scope: Scope,
  title: string,
  done: ReadonlyMap<string, ActivityRun>,
  options: PipelineOptions,
): Promise<ActivityRun> {
  const began = Date.now();
  const { name, type } = step;
  const ended = (status: ActivityStatus, rest: Partial<ActivityRun> = {}): ActivityRun => ({
    name,
    type,
    status,
    ...rest,
    durationMilliseconds: Date.now() - began,
  });
  const allowed = step.dependsOn.every(({ activity, dependencyConditions: wanted }) => {
    const status = done.get(activity)?.status ?? 'Skipped';
    return wanted.includes(status) || (wanted.includes('Completed') && status !== 'Skipped');
  });
  if (!allowed) return ended('Skipped');
  try {
    let planned = step.planned;
    let ownResolver = resolver;
    if (planned === undefined) {
      const problems = new Problems();
      ownResolver = new Resolver(resolver.factory, problems);
      planned = planActivity(step.json, ownResolver, scope, title, step.path);
      problems.throwIfAny();
    }
    const { activity } = planned!;
    if (activity.state === 'Inactive') return ended(activity.onInactiveMarkAs ?? 'Succeeded');
    return ended('Succeeded', { output: await runWithPolicy(planned!, ownResolver, options) });
  } catch (error) {
    if (error instanceof CrossviewError) return ended(options.signal?.aborted ? 'Cancelled' : 'Failed', { error });
    throw error;
  }
}

/** Retries and time limit of the activity's policy; a cancel is not retried, and neither is a wrong definition. */
async function runWithPolicy(planned: ActivityPlan, resolver: Resolver, options: PipelineOptions) {
  const { policy } = planned.activity;
  const limit = policy?.timeout === undefined ? undefined : timeSpan(policy.timeout);
  for (let attempt = 0; ; attempt += 1) {
    const timeout = limit === undefined ? undefined : AbortSignal.timeout(limit);
    const signals = [options.signal, timeout].filter((signal) => signal !== undefined);
    try {
      return await runPlan(planned, resolver, { ...options, signal: AbortSignal.any(signals) });
    } catch (error) {
      if (options.signal?.aborted) throw cancelled();
      if (timeout?.aborted)
        throw new CrossviewError(
          'COPY_TIMED_OUT',
          `${planned.activity.name} took longer than its policy's timeout ${policy?.timeout}`,
          {
            hint: 'The query was cancelled on the server. Give policy.timeout more time.',
            cause: error,
          },
        );
      const temporary =
        error instanceof CrossviewError && !/_(INVALID|UNAVAILABLE|UNSUPPORTED|REFUSED)$/.test(error.code);
      if (!temporary || attempt >= (policy?.retry ?? 0)) throw error;
      const seconds = policy?.retryIntervalInSeconds ?? 30;
      await pause(seconds * 1_000, undefined, options.signal ? { signal: options.signal } : {}).catch(() => {
        throw cancelled();
      });
    }
  }
}

/** `[d.]hh:mm:ss` → milliseconds, at most what a timer can wait. */
function timeSpan(text: string): number | undefined {
  const match = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})$/.exec(text);
  if (!match) return undefined;
  const [, days = '0', hours, minutes, seconds] = match;
  const milliseconds = (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
  return Math.min(milliseconds, 2_147_483_647);
}
