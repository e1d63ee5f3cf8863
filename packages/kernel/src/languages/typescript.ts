import {
  type Cell,
  type CellError,
  type CellOutcome,
  type CellOutput,
  type Completeness,
  type Completion,
  CrossviewError,
  type Json,
  type Language,
  type LanguageContext,
  type LanguageModule,
  type MimeBundle,
} from '@crossview/contracts';
import { type CellOutputs, cellOutputs } from './typescript/cell-outputs.js';
import type { ExecuteResult } from './typescript/protocol.js';
import { TypeScriptProcess } from './typescript/typescript-process.js';

/** The name of a view that is being written: a text, so that the language service knows nothing of it. */
const viewName = /\bviews\s*\.\s*(?:get|stream|drop|set)\s*\(\s*['"`]([^'"`]*)$/;

class TypeScript implements Language {
  readonly name = 'typescript';
  readonly #outputs: CellOutputs;
  #process: TypeScriptProcess | undefined;
  #last: CellOutput | undefined;

  constructor(private readonly context: LanguageContext) {
    this.#outputs = cellOutputs(context.session);
  }

  async execute(cell: Cell): Promise<CellOutcome> {
    if (cell.signal.aborted) return stopped();
    if (cell.code.trim() === '') return { status: 'ok' };
    this.#last = cell.output;
    this.#outputs.add(cell.id, cell.output);
    const engine = this.#engine();
    const stop = () => void this.#interrupt(engine, cell.id);
    try {
      const peer = await engine.peer();
      if (cell.signal.aborted) return stopped();
      cell.signal.addEventListener('abort', stop, { once: true });
      // Empty lines stand for the magic's line, so that a traceback counts as the user does.
      const code = '\n'.repeat(cell.lineOffset) + cell.code;
      const fileName = `cell-${cell.executionCount}.ts`;
      const result = await peer.call('typescript.execute', { cell: cell.id, code, fileName });
      return result as unknown as ExecuteResult;
    } catch (error) {
      return failed(error instanceof CrossviewError && error.code === 'PEER_GONE' ? await engine.death() : error);
    } finally {
      cell.signal.removeEventListener('abort', stop);
    }
  }

  async complete(code: string, cursor: number, signal: AbortSignal): Promise<Completion> {
    const [, typed] = viewName.exec(code.slice(0, cursor)) ?? [];
    if (typed !== undefined) {
      const names = (await this.context.views.list()).map(({ name }) => name);
      const matches = names.filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()));
      return { matches, start: cursor - typed.length, end: cursor };
    }
    const nothing = { matches: [], start: cursor, end: cursor };
    return ((await this.#ask('typescript.complete', { code, cursor }, signal)) as Completion | null) ?? nothing;
  }

  async inspect(code: string, cursor: number, _detail: 0 | 1, signal: AbortSignal): Promise<MimeBundle | undefined> {
    return ((await this.#ask('typescript.inspect', { code, cursor }, signal)) as MimeBundle | null) ?? undefined;
  }

  async isComplete(code: string): Promise<Completeness> {
    return (await this.#ask('typescript.isComplete', { code })) as unknown as Completeness;
  }

  async readValue(name: string, signal: AbortSignal): Promise<Json | undefined> {
    if (!this.#process?.running) return undefined;
    const peer = await this.#process.peer();
    const { found, value } = (await peer.call('typescript.value', { name }, { signal })) as {
      found: boolean;
      value: Json;
    };
    return found ? value : undefined;
  }

  async warm(): Promise<void> {
    await this.#engine()
      .peer()
      .catch(() => {});
  }

  async close(): Promise<void> {
    const engine = this.#process;
    this.#process = undefined;
    await engine?.close();
  }

  async #ask(method: string, params: Json, signal?: AbortSignal): Promise<Json> {
    const peer = await this.#engine().peer();
    return peer.call(method, params, signal ? { signal } : {});
  }

  #engine(): TypeScriptProcess {
    if (!this.#process?.running) {
      const { session, workingDirectory } = this.context;
      const onOutput = (name: 'stdout' | 'stderr', text: string) => this.#last?.stream(name, text);
      this.#process = new TypeScriptProcess({ session, workingDirectory, onOutput });
    }
    return this.#process;
  }

  async #interrupt(engine: TypeScriptProcess, cell: string): Promise<void> {
    try {
      await (await engine.peer()).call('typescript.interrupt', { cell });
    } catch {
      // The process is gone, and the cell that waits for it says so.
    }
  }
}

function stopped(): CellError {
  const value = 'The cell was stopped.';
  return { status: 'error', name: 'KeyboardInterrupt', value, traceback: [`KeyboardInterrupt: ${value}`] };
}

function failed(error: unknown): CellError {
  const name = error instanceof CrossviewError ? error.code : error instanceof Error ? error.name : 'Error';
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof CrossviewError && error.hint ? `\n${error.hint}` : '';
  return { status: 'error', name, value: `${message}${hint}`, traceback: `${name}: ${message}${hint}`.split('\n') };
}

const typescript: LanguageModule = {
  name: 'typescript',
  aliases: ['ts', 'javascript', 'js'],
  title: 'TypeScript',
  summary: 'TypeScript in a Node process of its own, with views as Apache Arrow tables',
  fileExtension: '.ts',
  mimeType: 'text/x-typescript',
  info: { name: 'typescript', version: '5.9', codemirror_mode: 'text/typescript', pygments_lexer: 'typescript' },
  create: (context) => new TypeScript(context),
};

export default typescript;
