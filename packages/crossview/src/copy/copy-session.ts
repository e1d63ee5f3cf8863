import { resolve } from 'node:path';
import { CrossviewError, type Json } from '@crossview/contracts';
import type { CopyProgress, CopyServices, Factory, PipelineRun } from '@crossview/copy';
import { intoView } from './into-view.js';
import { throttled } from './progress-text.js';

export interface CopyRequest {
  /** A pipeline's file; relative ones start at the notebook's folder. */
  readonly file?: string | undefined;
  /** Documents as JSON text, one or several. */
  readonly text?: string | undefined;
  /** Names the pipeline, when it was defined before or when there are several. */
  readonly pipeline?: string | undefined;
  readonly parameters?: { readonly [name: string]: Json } | undefined;
  /** The rows of the one copy become this view, whatever its sink is. */
  readonly view?: string | undefined;
}

export interface CopyRequestOptions {
  readonly signal: AbortSignal;
  /** Called some times in a second. */
  readonly onProgress?: (progress: CopyProgress) => void;
}

/** The documents that a session knows, and runs of the pipelines among them. Documents stay for later cells of every language. */
export class CopySession {
  #factory: Factory | undefined;

  constructor(
    readonly services: () => CopyServices,
    readonly workingDirectory: string,
    /** The line about progress in the running cell; `undefined` takes it away. */
    readonly show: (line: string | undefined) => void,
  ) {}

  /**
   * Takes documents in. @returns what was defined, and the pipelines that were asked to run.
   * @throws CrossviewError `COPY_JSON_INVALID`, `COPY_FILE_NOT_FOUND`.
   */
  async read(request: CopyRequest): Promise<{ defined: readonly string[]; pipelines: readonly string[] }> {
    const { Factory, parseFactory, readFactory } = await import('@crossview/copy');
    this.#factory ??= new Factory();
    const factory = this.#factory;
    const defined: string[] = [];
    const pipelines: string[] = [];
    const take = (from: Factory, own: readonly string[]) => {
      for (const document of from.documents) {
        factory.add(document);
        defined.push(`${document.kind} ${document.name}`);
      }
      pipelines.push(...own);
    };
    if (request.text !== undefined && request.text.trim() !== '') {
      const own = parseFactory(request.text, 'the cell');
      take(own, own.names('pipeline'));
    }
    if (request.file !== undefined && request.file !== '') {
      const read = readFactory(resolve(this.workingDirectory, request.file));
      take(read.factory, read.pipelines);
    }
    return { defined, pipelines: request.pipeline === undefined ? pipelines : [request.pipeline] };
  }

  /** Runs one pipeline that was read. @throws CrossviewError as `runPipeline` does; a failed activity is in the run. */
  async run(
    pipeline: string,
    { parameters = {}, view }: CopyRequest,
    { signal, onProgress }: CopyRequestOptions,
  ): Promise<PipelineRun> {
    const { Factory, runPipeline } = await import('@crossview/copy');
    this.#factory ??= new Factory();
    const name = view === undefined ? pipeline : intoView(this.#factory, pipeline, view);
    try {
      return await runPipeline(this.#factory, name, {
        parameters,
        services: this.services(),
        signal,
        onProgress: throttled(250, (progress, text) => {
          this.show(`${progress.activity}: ${text}`);
          onProgress?.(progress);
        }),
      });
    } finally {
      this.show(undefined);
    }
  }

  forget(): void {
    this.#factory = undefined;
  }
}

/** @throws CrossviewError of the first activity that failed, when the run did. */
export function throwIfFailed(run: PipelineRun): void {
  if (run.status === 'Succeeded') return;
  const failed = run.activities.find(({ error }) => error !== undefined);
  throw failed?.error ?? new CrossviewError('COPY_CANCELLED', 'the copy was cancelled');
}
