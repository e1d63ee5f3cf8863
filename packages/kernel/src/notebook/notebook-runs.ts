import { randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';
import {
  type CellOutcome,
  type CellOutput,
  CrossviewError,
  type Json,
  type LanguageContext,
  type LanguageModule,
  type Magic,
} from '@crossview/contracts';
import { Dispatcher } from '../cell/dispatcher.js';
import { History } from '../cell/history.js';
import { Languages } from '../cell/languages.js';
import { toCellError } from '../cell/to-jupyter-error.js';
import { discard } from '../sub-kernels/discard-output.js';
import { type Activity, type Dag, readDag } from './dag.js';
import type { Exits } from './exits.js';
import { assignments } from './parameters.js';
import { type Notebook, readNotebook } from './read-notebook.js';

export interface NotebookRunsParts {
  readonly context: Omit<LanguageContext, 'valueOf'>;
  readonly modules: readonly LanguageModule[];
  readonly magics: readonly Magic[];
  readonly defaultLanguage: string;
  readonly exits: Exits;
}

export interface RunRequest {
  readonly path: string;
  readonly args: { readonly [name: string]: Json };
  /** Seconds for each cell. */
  readonly timeoutPerCell: number;
  readonly signal: AbortSignal;
}

export interface RunResult {
  readonly name: string;
  readonly cells: number;
  readonly seconds: number;
  readonly exitValue: string;
}

/** Notebooks that run side by side: each has a Python of its own. */
const mostAtOnce = 8;

/**
 * Notebooks run by `mssparkutils.notebook.run`: in languages of their own, so that variables of one are not those of the
 * other, over the session's one Spark, whose temp views and tables they share.
 */
export class NotebookRuns {
  #depth = 0;

  constructor(readonly parts: NotebookRunsParts) {}

  /** @throws CrossviewError `NOTEBOOK_RUN_FAILED` naming notebook, cell and cause; `FILE_NOT_FOUND`, `NOTEBOOK_RUN_DEEP`. */
  async run(request: RunRequest): Promise<RunResult> {
    const { context } = this.parts;
    const root = context.workspace ?? context.workingDirectory;
    const notebook = await readNotebook({ folders: [context.workingDirectory], root }, request.path);
    if (this.#depth >= 16)
      throw new CrossviewError('NOTEBOOK_RUN_DEEP', `${request.path}: ${this.#depth} notebooks run already`, {
        hint: 'Notebooks that run one another without an end look like this.',
      });
    this.#depth += 1;
    const started = Date.now();
    const language = notebook.language ?? this.parts.defaultLanguage;
    const languages = new Languages(
      this.parts.modules,
      { ...context, workingDirectory: dirname(notebook.path) },
      language,
    );
    try {
      const exitValue = await this.#cells(notebook, languages, request);
      const seconds = (Date.now() - started) / 1000;
      return { name: basename(request.path), cells: notebook.cells.length, seconds, exitValue };
    } finally {
      this.#depth -= 1;
      await languages.stop();
    }
  }

  /** Runs a DAG; what depends on a failed notebook is not run. Never rejects for a notebook that failed. */
  async runMultiple(
    value: Json,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, { exitVal: string; exception: string | null }>>> {
    const dag = readDag(value);
    const limited = AbortSignal.any([signal, AbortSignal.timeout(Math.min(dag.timeout * 1000, 2 ** 31 - 1))]);
    const results: Record<string, { exitVal: string; exception: string | null }> = {};
    const waiting = new Set(dag.activities);
    const running = new Set<Promise<void>>();
    const atOnce = Math.min(dag.concurrency, mostAtOnce);
    while (waiting.size > 0 || running.size > 0) {
      for (const activity of waiting) {
        const broken = activity.dependencies.find((name) => results[name] && results[name].exception !== null);
        if (broken !== undefined) {
          waiting.delete(activity);
          results[activity.name] = { exitVal: '', exception: `not run, because ${broken} failed` };
        } else if (running.size < atOnce && activity.dependencies.every((name) => name in results)) {
          waiting.delete(activity);
          const one: Promise<void> = this.#activity(activity, limited, dag).then((result) => {
            results[activity.name] = result;
            running.delete(one);
          });
          running.add(one);
        }
      }
      if (running.size > 0) await Promise.race(running);
    }
    return results;
  }

  async #activity(
    activity: Activity,
    signal: AbortSignal,
    dag: Dag,
  ): Promise<{ exitVal: string; exception: string | null }> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        if (signal.aborted) throw new CrossviewError('NOTEBOOK_RUN_STOPPED', `not run within ${dag.timeout} s`);
        const { path, args, timeoutPerCell } = activity;
        return { exitVal: (await this.run({ path, args, timeoutPerCell, signal })).exitValue, exception: null };
      } catch (error) {
        const { name, value } = toCellError(error);
        if (attempt >= activity.retry || signal.aborted) return { exitVal: '', exception: `${name}: ${value}` };
        await new Promise((resolve) => setTimeout(resolve, activity.retryInterval * 1000));
      }
    }
  }

  async #cells(notebook: Notebook, languages: Languages, request: RunRequest): Promise<string> {
    const dispatcher = new Dispatcher(languages, this.parts.magics, new History());
    const given = Object.keys(request.args).length > 0 ? assignments(languages.defaultName, request.args) : undefined;
    const marked = notebook.cells.findIndex(({ isParameters }) => isParameters);
    const steps = notebook.cells.map(({ source }) => ({ language: languages.defaultName, code: source }));
    if (given) steps.splice(marked + 1, 0, given);
    for (const [at, { language, code }] of steps.entries()) {
      // Settings of a session that runs already are not a called notebook's to change.
      if (/^\s*%%configure\b/.test(code)) continue;
      const id = randomUUID();
      const outcome = await this.#cell(dispatcher, language, code, id, request);
      const exit = this.parts.exits.take(id);
      if (exit !== undefined) return exit;
      if (outcome.status === 'ok') continue;
      const number = given && at > marked ? at : at + 1;
      const [name, value] = outcome.status === 'error' ? [outcome.name, outcome.value] : ['aborted', 'it was stopped'];
      const first = code.trim().split('\n')[0] ?? '';
      throw new CrossviewError(
        'NOTEBOOK_RUN_FAILED',
        `${request.path}, cell ${number} (${first.slice(0, 60)}): ${name}: ${value}`,
        {
          facts: { notebook: request.path, cell: number, error: name },
        },
      );
    }
    return '';
  }

  async #cell(
    dispatcher: Dispatcher,
    language: string,
    code: string,
    id: string,
    request: RunRequest,
  ): Promise<CellOutcome> {
    const late = AbortSignal.timeout(Math.min(Math.max(1, request.timeoutPerCell) * 1000, 2 ** 31 - 1));
    const output: CellOutput = discard;
    const cell = {
      ...{ id, code, argumentLine: '', lineOffset: 0, executionCount: 0, silent: false, storeHistory: true },
      ...{ allowStdin: false, stopOnError: true, userExpressions: {}, output },
      signal: AbortSignal.any([request.signal, late]),
    };
    const outcome = await dispatcher
      .run(language, code, cell)
      .catch((error: unknown): CellOutcome => toCellError(error));
    if (outcome.status === 'error' && outcome.name === 'SCALA_BUSY')
      return toCellError(
        new CrossviewError(
          'SCALA_BUSY',
          'a Scala cell cannot run a notebook with Scala cells of its own (use %run for that)',
        ),
      );
    if (late.aborted && outcome.status !== 'ok')
      return toCellError(new CrossviewError('NOTEBOOK_RUN_TIMEOUT', `it took longer than ${request.timeoutPerCell} s`));
    return outcome;
  }
}
