import type { Json } from '@crossview/contracts';
import type { ActivityRun, PipelineRun } from './run-pipeline.js';

/** A run as JSON, with the names that Data Factory's monitoring has for pipeline and activity runs; durations in milliseconds. */
export function runReport(run: PipelineRun): Json {
  return {
    runId: run.runId,
    pipelineName: run.pipeline,
    status: run.status,
    parameters: run.parameters,
    runStart: run.startedAt.toISOString(),
    runEnd: new Date(run.startedAt.getTime() + run.durationMilliseconds).toISOString(),
    durationInMs: run.durationMilliseconds,
    activities: run.activities.map(activityReport),
  };
}

function activityReport({ name, type, status, output, error, durationMilliseconds }: ActivityRun): Json {
  return {
    activityName: name,
    activityType: type,
    status,
    durationInMs: durationMilliseconds,
    ...(output === undefined ? {} : { output: JSON.parse(JSON.stringify(output)) as Json }),
    ...(error === undefined
      ? {}
      : {
          error: {
            errorCode: error.code,
            message: error.message,
            failureType: /_(INVALID|UNSUPPORTED|REFUSED|INCOMPATIBLE|NOT_FOUND)$/.test(error.code)
              ? 'UserError'
              : 'SystemError',
            target: name,
            ...(error.hint === undefined ? {} : { hint: error.hint }),
          },
        }),
  };
}
