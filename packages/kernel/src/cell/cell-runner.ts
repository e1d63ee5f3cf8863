import { randomUUID } from 'node:crypto';
import type { Cell, CellError, CellOutcome, CellOutput, CommMessage, Json, Redactor } from '@crossview/contracts';
import type { CommContent, ExecuteReply, ExecuteRequest, JsonObject, Message } from '@crossview/jupyter-wire';
import type { Publisher } from '../front/publisher.js';
import type { InputRequests } from '../front/stdin.js';
import { type Exits, exitMime } from '../notebook/exits.js';
import { viewsTarget } from '../view-comm/view-comm.js';
import { closedServiceOf } from './closed-services.js';
import type { Comms } from './comms.js';
import type { Dispatcher } from './dispatcher.js';
import { FrontViews } from './front-views.js';
import type { HistoryEntry } from './history.js';
import { MessageOutput } from './message-output.js';
import { ProgressLine } from './progress-line.js';
import { RecordingOutput } from './recording-output.js';
import { redactJson } from './redact-json.js';
import { interrupted, toCellError } from './to-jupyter-error.js';
import { evaluateExpressions } from './user-expressions.js';

export interface CellRunnerParts {
  readonly publisher: Publisher;
  readonly inputs: InputRequests;
  readonly dispatcher: Dispatcher;
  readonly comms: Comms;
  readonly defaultLanguage: string;
  readonly redactor: Redactor | undefined;
  readonly exits: Exits;
}

const exitName = 'NotebookExit';

/** Runs the cells of a session, one at a time. */
export class CellRunner {
  readonly #parts: CellRunnerParts;
  #count = 0;
  #running: AbortController | undefined;
  /** What a cell asked to be ended when it is over. */
  #toStop: 'all' | 'python' | undefined;
  /** A notebook that was run as a whole has ended by itself: its other cells are not run. */
  #exited = false;
  #shown: CellOutput | undefined;
  #progress: ProgressLine | undefined;
  readonly #views: FrontViews;

  constructor(parts: CellRunnerParts) {
    this.#parts = parts;
    this.#views = new FrontViews(parts.dispatcher.languages.context.views, parts.publisher);
  }

  get executionCount(): number {
    return this.#count;
  }

  /** Stops the running cell, as often as the user says so; does nothing between cells. */
  interrupt(): void {
    const running = this.#running;
    if (running?.signal.aborted) running.signal.dispatchEvent(new Event('again'));
    else running?.abort();
  }

  /** Shows a text in the running cell; false when none runs. */
  say(text: string): boolean {
    this.#shown?.stream('stderr', text.endsWith('\n') ? text : `${text}\n`);
    return this.#shown !== undefined;
  }

  progress(line: string | undefined): void {
    this.#progress?.note(line);
  }

  /** @param stopped Stop came before the cell could begin. */
  async execute(content: ExecuteRequest, request: Message, stopped = false): Promise<ExecuteReply> {
    const { publisher, dispatcher, redactor } = this.#parts;
    const storeHistory = content.store_history && !content.silent;
    if (storeHistory) this.#count += 1;
    const executionCount = this.#count;
    if (!content.silent)
      publisher.publish('execute_input', { code: content.code, execution_count: executionCount }, request.header);
    const entry =
      storeHistory && content.code.trim() !== '' ? dispatcher.history.add(executionCount, content.code) : undefined;
    if (this.#exited && !content.silent && !content.allow_stdin)
      return { status: 'aborted', execution_count: executionCount };
    const running = new AbortController();
    if (stopped) running.abort();
    this.#running = running;
    try {
      const output = this.#output(request, executionCount, content.allow_stdin, running.signal, entry);
      const ended = explained(await this.#watched(content, request, output, executionCount, running.signal));
      const outcome = redactJson(ended, redactor);
      if (outcome.status === 'error' && outcome.name !== exitName) this.#publishError(outcome, request);
      return reply(outcome, executionCount);
    } finally {
      this.#running = undefined;
      this.#shown = undefined;
      void this.#views.cellEnded();
    }
  }

  /** A comm message from the front end, for the language that has the comm. */
  async comm(message: Message): Promise<void> {
    const { comms, dispatcher, defaultLanguage, publisher } = this.#parts;
    const type = message.header.msg_type as CommMessage['type'];
    const content = message.content as CommContent;
    const passed: CommMessage = { type, content, metadata: message.metadata, buffers: message.buffers };
    if (await this.#views.took(passed, message)) {
      comms.saw(passed, viewsTarget);
      return;
    }
    const owner = comms.owner(content.comm_id) ?? (type === 'comm_open' ? defaultLanguage : undefined);
    const language = owner === undefined ? undefined : dispatcher.languages.get(owner);
    if (owner === undefined || !language?.comm) {
      if (type === 'comm_open') publisher.publish('comm_close', { comm_id: content.comm_id, data: {} }, message.header);
      return;
    }
    comms.saw(passed, owner);
    const output = this.#output(message, this.#count, false, new AbortController().signal, undefined);
    await language.comm(passed, output);
  }

  async #run(cell: Cell): Promise<CellOutcome> {
    const { dispatcher, defaultLanguage } = this.#parts;
    if (cell.code.trim() === '') return { status: 'ok' };
    if (cell.signal.aborted) return interrupted;
    try {
      const outcome = await dispatcher.run(defaultLanguage, cell.code, cell);
      const value = this.#parts.exits.take(cell.id);
      if (value !== undefined) return this.#exit(value, cell);
      const evaluated = outcome.status !== 'ok' || outcome.userExpressions !== undefined;
      if (evaluated || Object.keys(cell.userExpressions).length === 0) return outcome;
      const language = dispatcher.languageOf(defaultLanguage, cell.code);
      return { ...outcome, userExpressions: await evaluateExpressions(dispatcher, language, cell) };
    } catch (error) {
      return cell.signal.aborted ? interrupted : toCellError(error);
    } finally {
      await this.#stopAsked();
    }
  }

  /** Ends engines when the running cell is over, which may be one of theirs. */
  stopAfterCell(what: 'all' | 'python'): void {
    this.#toStop = what;
  }

  async #stopAsked(): Promise<void> {
    const what = this.#toStop;
    if (what === undefined) return;
    this.#toStop = undefined;
    const { languages } = this.#parts.dispatcher;
    if (what === 'python') {
      await languages.stop('pyspark');
      await languages.stop('python');
    } else {
      await languages.stop();
      await languages.context.spark.stop();
    }
  }

  /**
   * A notebook that ends itself shows its value in place of the cell's output. Where someone sits at it, cells that wait are
   * left out, as after a failure; where nobody does, the run is over and that is no failure.
   */
  #exit(value: string, cell: Cell): CellOutcome {
    cell.output.clear(false);
    cell.output.display({ 'text/plain': `ExitValue: ${value}`, [exitMime]: { value } });
    if (cell.allowStdin) return { status: 'error', name: exitName, value, traceback: [`ExitValue: ${value}`] };
    this.#exited = true;
    return { status: 'ok' };
  }

  /** Runs a cell with a line about its Spark jobs, where somebody sits who sees it go again. */
  async #watched(
    content: ExecuteRequest,
    request: Message,
    output: MessageOutput,
    executionCount: number,
    signal: AbortSignal,
  ): Promise<CellOutcome> {
    const id = randomUUID();
    const make = (shown: CellOutput): Cell => ({
      id,
      code: content.code,
      argumentLine: '',
      lineOffset: 0,
      executionCount,
      silent: content.silent,
      storeHistory: content.store_history && !content.silent,
      allowStdin: content.allow_stdin,
      stopOnError: content.stop_on_error,
      userExpressions: content.user_expressions,
      signal,
      output: shown,
    });
    if (!content.silent) this.#shown = output;
    if (content.silent || !content.allow_stdin || !isNotebookCell(request)) return this.#run(make(output));
    const recording = new RecordingOutput(output);
    this.#shown = recording;
    const { spark } = this.#parts.dispatcher.languages.context;
    const progress = new ProgressLine(spark, id, output, recording);
    this.#progress = progress;
    try {
      return await this.#run(make(recording));
    } finally {
      this.#progress = undefined;
      progress.end();
    }
  }

  #output(
    request: Message,
    executionCount: number,
    allowStdin: boolean,
    signal: AbortSignal,
    entry: HistoryEntry | undefined,
  ): MessageOutput {
    const { publisher, inputs, comms, redactor } = this.#parts;
    return new MessageOutput({
      publisher,
      request,
      executionCount,
      allowStdin,
      inputs,
      signal,
      redact: (value) => redactJson(value, redactor),
      onResult(data) {
        if (entry) entry.output = data['text/plain'] ?? null;
      },
      onComm: (message, language) => comms.saw(message, language),
    });
  }

  #publishError({ name, value, traceback }: CellError, request: Message): void {
    this.#parts.publisher.publish('error', { ename: name, evalue: value, traceback }, request.header);
  }
}

/**
 * Notebooks name the cell that a request runs (JupyterLab, Notebook, VS Code). A terminal names none, and could not take
 * back a line that it has printed.
 */
const isNotebookCell = (request: Message): boolean =>
  typeof (request.metadata as { cellId?: unknown } | undefined)?.cellId === 'string';
/** An error for want of a service that is not here says so, and what to do. */
function explained(outcome: CellOutcome): CellOutcome {
  if (outcome.status !== 'error') return outcome;
  const service = closedServiceOf(`${outcome.name}: ${outcome.value}`);
  if (service === undefined) return outcome;
  const words = `${service.name} is not here. ${service.instead}`;
  return { ...outcome, value: `${outcome.value} (${words})`, traceback: [...outcome.traceback, words] };
}

const asObject = (value: Json | undefined): JsonObject => (value ?? {}) as JsonObject;

function reply(outcome: CellOutcome, executionCount: number): ExecuteReply {
  if (outcome.status === 'aborted') return { status: 'aborted', execution_count: executionCount };
  if (outcome.status === 'error') {
    const { name, value, traceback } = outcome;
    return {
      status: 'error',
      execution_count: executionCount,
      ename: name,
      evalue: value,
      traceback,
      user_expressions: {},
      payload: [],
    };
  }
  return {
    status: 'ok',
    execution_count: executionCount,
    user_expressions: asObject(outcome.userExpressions),
    payload: (outcome.payload ?? []) as readonly JsonObject[],
  };
}
