import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Cell,
  type CellError,
  type CellOutcome,
  type CellOutput,
  type CommMessage,
  type Completeness,
  type Completion,
  CrossviewError,
  type Json,
  type Language,
  type LanguageContext,
  type MimeBundle,
} from '@crossview/contracts';
import { type JsonObject, pointsFromUnits, unitsFromPoints } from '@crossview/jupyter-wire';
import { unlessStopped } from '../cell/unless-stopped.js';
import { readFrameOutput, refuseArguments } from '../sql/frame-output.js';
import { givenNames } from '../sql/given-names.js';
import { discard } from './discard-output.js';
import { SubKernel } from './sub-kernel.js';

export interface PythonOptions {
  /** Role in the session, and the name after `%%`. */
  readonly name: 'pyspark' | 'python';
  readonly context: LanguageContext;
  /** Called before a cell that the user asked to run; what it gives goes to the Python side with the cell. */
  beforeCell?(cell: Cell): Promise<JsonObject>;
  /** Called when the user stops a cell, besides the signal to Python. */
  onStop?(cell: Cell): Promise<void>;
  /** Called with the error of a cell: something behind Python may be the reason for it. */
  explain?(error: CellError): Promise<CellError>;
  /** Called when the Python process is a new one. */
  onStart?(): void;
}

const ownPython = fileURLToPath(new URL('../../python', import.meta.url));

/** Python in an ipykernel of its own (`crossview_kernel`). */
export class PythonLanguage implements Language {
  readonly name: string;
  #kernel: Promise<SubKernel> | undefined;
  #commsGone: (ids: readonly string[]) => void = () => {};

  constructor(readonly options: PythonOptions) {
    this.name = options.name;
  }

  async execute(cell: Cell): Promise<CellOutcome> {
    const view = this.name === 'pyspark' ? readFrameOutput(this.name, cell) : undefined;
    if (this.name !== 'pyspark') refuseArguments(this.name, cell.argumentLine);
    const starting = this.#start();
    const preparing = cell.silent ? undefined : this.options.beforeCell?.(cell);
    const [kernel, extra] = await unlessStopped(Promise.all([starting, preparing]), cell.signal);
    const stop = () => void this.options.onStop?.(cell).catch(() => {});
    cell.signal.addEventListener('abort', stop, { once: true });
    try {
      const { id, executionCount } = cell;
      const sql = givenNames(this.options.context.views);
      const lakehouse = this.options.context.lake?.lakehouse ?? null;
      const metadata = { crossview: { cell: id, count: executionCount, sql, lakehouse, ...extra } };
      const outcome = await kernel.execute({ ...cell, metadata });
      if (outcome.status === 'error') return (await this.options.explain?.(outcome)) ?? outcome;
      if (view === undefined || outcome.status !== 'ok') return outcome;
      const code = `${view}.createOrReplaceTempView(${JSON.stringify(view)})`;
      const made = await kernel.execute({ ...cell, code, storeHistory: false, userExpressions: {}, metadata });
      return made.status === 'ok' ? outcome : made;
    } finally {
      cell.signal.removeEventListener('abort', stop);
    }
  }

  async complete(code: string, cursor: number): Promise<Completion> {
    const kernel = await this.#start();
    const reply = await kernel.request('complete_request', { code, cursor_pos: pointsFromUnits(code, cursor) });
    return {
      matches: (reply.matches ?? []) as readonly string[],
      start: unitsFromPoints(code, Number(reply.cursor_start)),
      end: unitsFromPoints(code, Number(reply.cursor_end)),
      metadata: reply.metadata ?? {},
    };
  }

  async inspect(code: string, cursor: number, detail: 0 | 1): Promise<MimeBundle | undefined> {
    const kernel = await this.#start();
    const position = { code, cursor_pos: pointsFromUnits(code, cursor), detail_level: detail };
    const reply = await kernel.request('inspect_request', position);
    return reply.found === true ? (reply.data as MimeBundle) : undefined;
  }

  async isComplete(code: string): Promise<Completeness> {
    const kernel = await this.#start();
    const reply = await kernel.request('is_complete_request', { code });
    return reply as unknown as Completeness;
  }

  async readValue(name: string, signal: AbortSignal): Promise<Json | undefined> {
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) return undefined;
    const kernel = await this.#start();
    const question = `__import__('crossview_kernel.values').values.parameter(${JSON.stringify(name)})`;
    const outcome = await kernel.execute({ ...this.#question(signal), userExpressions: { value: question } });
    const expressions = outcome.status === 'ok' ? (outcome.userExpressions as JsonObject | undefined) : undefined;
    const answer = expressions?.value as JsonObject | undefined;
    if (answer?.status !== 'ok')
      throw new CrossviewError('PARAMETER_TYPE', `{${name}}: ${answer?.evalue ?? 'its value cannot be read'}`, {
        hint: 'A parameter is a number, a text, a truth value, a date, a decimal or None.',
        facts: { name },
      });
    const { found, value } = (answer.data as JsonObject)['application/vnd.crossview.value+json'] as JsonObject;
    return found === true ? (value as Json) : undefined;
  }

  /** Asks the running Python only: magics that cells defined or loaded are gone with it. */
  async hasMagic(name: string): Promise<boolean> {
    const kernel = await this.#kernel?.catch(() => undefined);
    if (!kernel?.running || !/^\w+$/.test(name)) return false;
    const value = `get_ipython().find_cell_magic(${JSON.stringify(name)}) is not None`;
    const outcome = await kernel.execute({ ...this.#question(), userExpressions: { value } });
    if (outcome.status !== 'ok') return false;
    const { value: answer } = outcome.userExpressions as { value?: { data?: JsonObject } };
    return answer?.data?.['text/plain'] === 'True';
  }

  async comm(message: CommMessage, output: CellOutput): Promise<void> {
    const kernel = await this.#kernel;
    await kernel?.comm(message, output);
  }

  onCommsGone(listener: (ids: readonly string[]) => void): void {
    this.#commsGone = listener;
  }

  async warm(): Promise<void> {
    await this.#start();
  }

  async close(): Promise<void> {
    const kernel = this.#kernel;
    this.#kernel = undefined;
    await (await kernel?.catch(() => undefined))?.close();
  }

  /** An execution that runs nothing and is seen by nobody: its expressions are the question. */
  #question(signal = new AbortController().signal) {
    const metadata = { crossview: { cell: randomUUID() } };
    return { code: '', silent: true, storeHistory: false, allowStdin: false, metadata, output: discard, signal };
  }

  async #start(): Promise<SubKernel> {
    const before = this.#kernel;
    const running = await before?.catch(() => undefined);
    if (running?.running) return running;
    // Two that ask at once start one.
    if (this.#kernel === before || this.#kernel === undefined) {
      this.#kernel = this.#launch();
      this.options.onStart?.();
    }
    return this.#kernel;
  }

  async #launch(): Promise<SubKernel> {
    const { context, name } = this.options;
    const { python, pythonPath, sparkHome } = await context.toolchain();
    const { host, port, token } = context.session.address;
    const packages = join(context.directories.root, 'packages');
    const path = [...new Set([packages, ownPython, ...pythonPath]), process.env.PYTHONPATH ?? ''].filter(
      (it) => it !== '',
    );
    const kernel = await SubKernel.start(name, {
      name,
      argv: [python, '-m', 'crossview_kernel', '-f', '{connection_file}'],
      workingDirectory: context.workingDirectory,
      interruptMode: 'signal',
      runtimeDirectory: context.directories.arrow,
      environment: {
        PYTHONPATH: path.join(process.platform === 'win32' ? ';' : ':'),
        SPARK_HOME: sparkHome,
        // What cells write to temporary files goes with the session.
        TMPDIR: join(context.directories.root, 'tmp'),
        CROSSVIEW_SESSION: `${host}:${port}`,
        CROSSVIEW_SESSION_TOKEN: token,
        CROSSVIEW_SESSION_ROLE: name,
        // Where %pip installs: for this session only.
        CROSSVIEW_PACKAGES: packages,
      },
    });
    kernel.onCommsGone = (ids) => this.#commsGone(ids);
    return kernel;
  }
}
