import {
  type Cell,
  type CellOutcome,
  CrossviewError,
  type Json,
  type Language,
  type LanguageContext,
  type MagicOption,
} from '@crossview/contracts';
import type { PipelineRun } from '@crossview/copy';
import { type ReadOptions, readOptions, textOption } from '@crossview/kernel';
import { type CopyRequest, type CopySession, throwIfFailed } from './copy-session.js';
import { readParameters } from './parameters.js';

/** Cells of `%%copy`. Documents of earlier cells stay: a linked service is written once and used below. */
export class CopyCells implements Language {
  readonly name = 'copy';

  constructor(
    readonly context: LanguageContext,
    readonly session: CopySession,
    readonly declared: readonly MagicOption[],
  ) {}

  async execute(cell: Cell): Promise<CellOutcome> {
    const options = readOptions(this.name, cell.argumentLine, this.declared);
    const file = options.rest.replace(/^(["'])(.*)\1$/, '$2');
    if (file === '' && cell.code.trim() === '' && !options.values.has('pipeline')) return { status: 'ok' };
    const request: CopyRequest = {
      file,
      text: cell.code,
      pipeline: textOption(options, 'pipeline'),
      view: textOption(options, 'o'),
      parameters: readParameters(await this.#pairs(options, cell)),
    };
    const { defined, pipelines } = await this.session.read(request);
    if (pipelines.length === 0 && !cell.silent) cell.output.stream('stdout', `${defined.join('\n')}\n`);
    for (const pipeline of pipelines) await this.#run(pipeline, request, options.values.has('q'), cell);
    return { status: 'ok' };
  }

  async isComplete(code: string): Promise<{ status: 'complete' } | { status: 'incomplete'; indent: string }> {
    const open = (code.match(/[[{]/g)?.length ?? 0) - (code.match(/[\]}]/g)?.length ?? 0);
    return open > 0 ? { status: 'incomplete', indent: '' } : { status: 'complete' };
  }

  async close(): Promise<void> {
    this.session.forget();
  }

  /** `-p day={day}` takes the value of a variable of the notebook's language. */
  async #pairs({ given }: ReadOptions, cell: Cell): Promise<string[]> {
    const pairs: string[] = [];
    for (const [name, pair] of given) {
      if (name !== 'p' || pair === true) continue;
      const [, parameter, variable] = /^([^=]+)=\{([\p{L}_][\p{L}\p{N}_]*)\}$/u.exec(pair) ?? [];
      if (variable === undefined) {
        pairs.push(pair);
        continue;
      }
      const value = await this.context.valueOf(variable, cell.signal);
      if (value === undefined)
        throw new CrossviewError('PARAMETER_UNKNOWN', `there is no variable ${variable}`, {
          hint: 'It has to be defined in the notebook’s default language before this cell runs.',
          facts: { name: variable },
        });
      pairs.push(`${parameter}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
    }
    return pairs;
  }

  async #run(pipeline: string, request: CopyRequest, quiet: boolean, cell: Cell): Promise<void> {
    const { describeRun, runReport } = await import('@crossview/copy');
    const run = await this.session.run(pipeline, request, { signal: cell.signal });
    if (!cell.silent) {
      cell.output.display({ 'text/plain': describeRun(run) });
      // What failed is the cell's error; its output says how far the others came.
      if (!quiet && run.activities.some(({ output }) => output !== undefined))
        cell.output.result({
          'text/plain': JSON.stringify(outputs(run), undefined, 2),
          'application/json': runReport(run),
        });
    }
    throwIfFailed(run);
  }
}

/** The outputs alone, for front ends that show text. */
const outputs = (run: PipelineRun): Json =>
  JSON.parse(JSON.stringify(Object.fromEntries(run.activities.map(({ name, output }) => [name, output])))) as Json;
