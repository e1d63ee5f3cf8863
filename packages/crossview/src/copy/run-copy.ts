import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { createRedactor } from '@crossview/notebook-utils';
import { loadProfile } from '../config/load-config.js';
import { places as defaultPlaces } from '../places.js';
import { localServices } from '../services/client.js';
import { makeSessionDirectories, removeSessionDirectories } from '../session/directories.js';
import { sessionLog } from '../session/log.js';
import { type Progress, silentProgress } from '../system/progress.js';
import { copyServices } from './copy-services.js';
import { readParameters } from './parameters.js';
import { throttled } from './progress-text.js';

export interface RunCopyOptions {
  /** `name=value` each. */
  readonly parameter?: readonly string[];
  readonly pipeline?: string;
  readonly output?: string;
  readonly quiet?: boolean;
  /** Whether the progress line can be overwritten; else it is told every ten seconds. */
  readonly live?: boolean;
}

/**
 * Runs the pipeline of a JSON file; the run goes to standard output, or to a file, as JSON.
 * @returns the exit code: 0 when it succeeded, 1 when an activity failed, 130 after Ctrl+C, 143 after SIGTERM.
 * @throws CrossviewError as reading the documents and the configuration does.
 */
export async function runCopy(file: string, options: RunCopyOptions, terminal: Progress): Promise<number> {
  const { describeRun, readFactory, runPipeline, runReport } = await import('@crossview/copy');
  const { factory, pipelines } = readFactory(resolve(file));
  const pipeline = choosePipeline(pipelines, options.pipeline, file);
  const parameters = readParameters(options.parameter ?? []);
  const workingDirectory = process.cwd();
  const profile = loadProfile(workingDirectory);
  const places = defaultPlaces();
  const directories = makeSessionDirectories(places);
  const leave = () => removeSessionDirectories(directories);
  process.once('exit', leave);
  const services = localServices(places);
  const stop = stopSignal();
  const progress = options.quiet ? silentProgress : terminal;
  try {
    const redactor = createRedactor();
    const log = sessionLog(directories, redactor);
    const addSecret = (secret: string) => redactor.add(secret);
    let activity = '';
    const run = await runPipeline(factory, pipeline, {
      parameters,
      services: await copyServices({ profile, services, directories, workingDirectory, log, addSecret }),
      signal: stop.signal,
      onProgress: throttled(options.live ? 200 : 10_000, (at, text) => {
        if (at.activity !== activity) progress.step(at.activity);
        activity = at.activity;
        if (at.step !== 'done') progress.update(text);
      }),
      onActivity: () => {
        activity = '';
      },
    });
    progress.end();
    if (!options.quiet) console.error(redactor.redact(describeRun(run)));
    else
      for (const { name, error } of run.activities)
        if (error) console.error(redactor.redact(`crossview: ${name}: ${error.message} [${error.code}]`));
    const text = redactor.redact(JSON.stringify(runReport(run), undefined, 2));
    if (options.output === undefined) console.log(text);
    else writeFileSync(resolve(options.output), `${text}\n`);
    if (run.status === 'Cancelled') return stop.exitCode();
    return run.status === 'Succeeded' ? 0 : 1;
  } finally {
    progress.end();
    stop.end();
    services.close();
    leave();
    process.off('exit', leave);
  }
}

function choosePipeline(found: readonly string[], wanted: string | undefined, file: string): string {
  const chosen = wanted ?? (found.length === 1 ? found[0] : undefined);
  if (chosen !== undefined) return chosen;
  throw new CrossviewError(
    'COPY_PIPELINE_NOT_FOUND',
    found.length === 0 ? `${file} holds no pipeline` : `${file} holds ${found.length} pipelines`,
    {
      hint:
        found.length === 0
          ? 'A pipeline has "properties": {"activities": [...]}.'
          : `Choose one: --pipeline ${found.join(', --pipeline ')}.`,
      facts: { file, count: found.length },
    },
  );
}

/** The first Ctrl+C or SIGTERM cancels, and the query ends on the server; the second ends this process at once. */
function stopSignal() {
  const controller = new AbortController();
  let code = 130;
  const stop = (exitCode: number) => () => {
    if (controller.signal.aborted) process.exit(exitCode);
    code = exitCode;
    controller.abort();
  };
  const [onInterrupt, onTerminate] = [stop(130), stop(143)];
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  process.on('SIGHUP', onTerminate);
  return {
    signal: controller.signal,
    exitCode: () => code,
    end() {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
      process.off('SIGHUP', onTerminate);
    },
  };
}
