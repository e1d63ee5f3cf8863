import type { Json } from '@crossview/contracts';
import type { KernelCalls } from './kernel-calls.js';

/** A document or several, as JSON values or as text. */
export type Documents = string | object | readonly object[];

export interface CopyProgress {
  readonly activity: string;
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly step: 'connecting' | 'reading' | 'loading' | 'done';
}

export interface CopyOptions {
  /** Linked services and datasets that the activity needs, if the session does not know them yet. */
  readonly documents?: Documents;
  readonly onProgress?: (progress: CopyProgress) => void;
}

export interface PipelineOptions extends CopyOptions {
  readonly parameters?: Readonly<Record<string, Json>>;
  /** Give the report of a run that failed, instead of throwing its first error. */
  readonly allowFailure?: boolean;
}

export interface ActivityReport {
  readonly activityName: string;
  readonly activityType: string;
  readonly status: 'Succeeded' | 'Failed' | 'Skipped' | 'Cancelled';
  readonly durationInMs: number;
  readonly output?: Readonly<Record<string, Json>>;
  readonly error?: { readonly errorCode: string; readonly message: string; readonly hint?: string };
}

export interface PipelineReport {
  readonly runId: string;
  readonly pipelineName: string;
  readonly status: 'Succeeded' | 'Failed' | 'Cancelled';
  readonly durationInMs: number;
  readonly activities: readonly ActivityReport[];
}

/** Fields of a copy's output; there are more, with Data Factory's names. */
export interface CopyOutput {
  readonly rowsRead: number;
  readonly rowsCopied: number;
  /** Bytes. */
  readonly dataRead: number;
  readonly dataWritten: number;
  /** Seconds. */
  readonly copyDuration: number;
  /** KB per second. */
  readonly throughput: number;
  readonly [further: string]: Json;
}

export interface LookupOutput {
  readonly firstRow?: Readonly<Record<string, Json>>;
  readonly count?: number;
  readonly value?: readonly Readonly<Record<string, Json>>[];
}

/** Copies from Spark by activities and pipelines in JSON; Stop cancels the query on the server. */
export interface Copy {
  /** Keeps documents for later calls and `%%copy` cells; gives what they are: `dataset SparkDataset`. */
  define(documents: Documents): Promise<string[]>;
  /**
   * Runs a pipeline: the path of its JSON file, its document, or the name of one that was defined.
   * @throws CrossviewError `COPY_*` of the first activity that failed.
   */
  pipeline(pipeline: string | object, options?: PipelineOptions): Promise<PipelineReport>;
  /** Runs one Copy activity. @throws CrossviewError `COPY_*` */
  activity(activity: object, options?: CopyOptions): Promise<CopyOutput>;
  /** Runs one Lookup activity. @throws CrossviewError `COPY_*` */
  lookup(activity: object, options?: CopyOptions): Promise<LookupOutput>;
  /** Runs one Copy activity whose rows become a view; its outputs and its sink may be left out. */
  view(name: string, activity: object, options?: CopyOptions): Promise<CopyOutput>;
}

export function createCopy(calls: KernelCalls): Copy {
  const run = async (
    params: { readonly [key: string]: Json },
    { documents, onProgress }: CopyOptions,
  ): Promise<PipelineReport> => {
    if (documents !== undefined) await calls.call('copy.define', { text: textOf(documents) });
    const listen = onProgress && ((value: Json) => onProgress(value as unknown as CopyProgress));
    const { runs } = (await calls.call('copy.run', params, listen)) as unknown as { runs: PipelineReport[] };
    const [report] = runs;
    if (report === undefined) throw new TypeError('this is no pipeline and no activity');
    return report;
  };
  const alone = async (activity: object, options: CopyOptions, more: { readonly [key: string]: Json } = {}) => {
    const report = await run({ text: textOf(activity), ...more }, options);
    return report.activities[0]?.output ?? {};
  };
  return {
    async define(documents) {
      return ((await calls.call('copy.define', { text: textOf(documents) })) as { defined: string[] }).defined;
    },
    pipeline(pipeline, { parameters = {}, allowFailure = false, ...options } = {}) {
      const what =
        typeof pipeline !== 'string'
          ? { text: textOf(pipeline) }
          : /\.json$/i.test(pipeline)
            ? { file: pipeline }
            : { pipeline };
      return run({ ...what, parameters, allowFailure }, options);
    },
    activity: async (activity, options = {}) => (await alone(activity, options)) as CopyOutput,
    lookup: async (activity, options = {}) => (await alone(activity, options)) as LookupOutput,
    view: async (name, activity, options = {}) => (await alone(activity, options, { view: name })) as CopyOutput,
  };
}

function textOf(documents: Documents): string {
  if (typeof documents === 'string') return documents;
  return (Array.isArray(documents) ? documents : [documents]).map((document) => JSON.stringify(document)).join('\n');
}
