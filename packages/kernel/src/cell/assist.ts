import { type Completeness, type Completion, CrossviewError } from '@crossview/contracts';
import {
  type CompleteReply,
  type CompleteRequest,
  type InspectReply,
  type InspectRequest,
  type JsonObject,
  pointsFromUnits,
  unitsFromPoints,
} from '@crossview/jupyter-wire';
import type { Dispatcher } from './dispatcher.js';
import { guessCompleteness } from './guess-completeness.js';
import { parseHelp } from './magic-line.js';

/** How long a front end waits for a completion or an inspection before it is answered that there is none. */
const patience = 14_000;
/** `jupyter console` waits one second for this one, and never asks again when it got no answer. */
const completenessPatience = 650;

interface Place {
  /** `undefined` where the text is no code. */
  readonly language: string | undefined;
  readonly code: string;
  /** Offset of `code` in the cell. */
  readonly offset: number;
}

/** Completion, inspection and completeness, in the language that the cell is in. */
export class Assist {
  constructor(
    readonly dispatcher: Dispatcher,
    readonly defaultLanguage: string,
  ) {}

  async complete({ code, cursor_pos }: CompleteRequest): Promise<CompleteReply> {
    const cursor = unitsFromPoints(code, cursor_pos);
    const magic = this.#completeMagic(code, cursor) ?? (await this.#completeValue(code, cursor));
    const found = magic ?? (await this.#completeInLanguage(code, cursor));
    return {
      status: 'ok',
      matches: found.matches,
      cursor_start: pointsFromUnits(code, found.start),
      cursor_end: pointsFromUnits(code, found.end),
      metadata: (found.metadata ?? {}) as JsonObject,
    };
  }

  async inspect({ code, cursor_pos, detail_level }: InspectRequest): Promise<InspectReply> {
    const cursor = unitsFromPoints(code, cursor_pos);
    const line = code.slice(code.lastIndexOf('\n', cursor - 1) + 1).split('\n')[0] ?? '';
    const name = /^\s*%{1,2}(\w+)/.exec(line)?.[1] ?? parseHelp(line);
    const help = name !== undefined && /^\s*%/.test(line) ? this.dispatcher.help(name) : undefined;
    if (help !== undefined) return { status: 'ok', found: true, data: { 'text/plain': help }, metadata: {} };
    const { language, code: body, offset } = this.#place(code);
    if (language === undefined) return { status: 'ok', found: false, data: {}, metadata: {} };
    const data = await bounded((signal) =>
      this.dispatcher.languages
        .get(language)
        .inspect?.(body, Math.max(0, cursor - offset), detail_level === 1 ? 1 : 0, signal),
    );
    return { status: 'ok', found: data !== undefined, data: data ?? {}, metadata: {} };
  }

  async isComplete(code: string): Promise<Completeness> {
    const { language, code: body } = this.#place(code);
    // As IPython has it for its own: a blank line ends what is typed.
    if (language === undefined)
      return /\n\s*$/.test(body) ? { status: 'complete' } : { status: 'incomplete', indent: '' };
    const answer = await bounded(
      () => this.dispatcher.languages.get(language).isComplete?.(body),
      completenessPatience,
    );
    return answer ?? guessCompleteness(body);
  }

  #place(code: string): Place {
    const magic = this.dispatcher.magicOf(code);
    if (!magic) return { language: this.defaultLanguage, code, offset: 0 };
    const { languages } = this.dispatcher;
    if (languages.has(magic.name)) return { language: magic.name, code: magic.body, offset: magic.bodyOffset };
    if (this.dispatcher.holdsText(magic.name))
      return { language: undefined, code: magic.body, offset: magic.bodyOffset };
    const inner = this.#place(magic.body);
    return { ...inner, offset: inner.offset + magic.bodyOffset };
  }

  async #completeInLanguage(code: string, cursor: number): Promise<Completion> {
    const { language, code: body, offset } = this.#place(code);
    const none = { matches: [], start: cursor, end: cursor, metadata: {} };
    if (language === undefined || cursor < offset) return none;
    const found = await bounded((signal) =>
      this.dispatcher.languages.get(language).complete?.(body, cursor - offset, signal),
    );
    return found ? { ...found, start: found.start + offset, end: found.end + offset } : none;
  }

  /** Files, kernels, views: what stands behind a magic. */
  async #completeValue(code: string, cursor: number): Promise<Completion | undefined> {
    const line = code.slice(code.lastIndexOf('\n', cursor - 1) + 1, cursor);
    const [, name, typed = ''] = /^%{1,2}(\w+)\s+(?:.*\s)?([^\s{]*)$/.exec(line) ?? [];
    if (name === undefined) return undefined;
    const values = (await bounded(() => this.dispatcher.values(name))) ?? [];
    const matches = values.filter((value) => value.toLowerCase().startsWith(typed.toLowerCase()));
    return matches.length > 0 ? { matches, start: cursor - typed.length, end: cursor } : undefined;
  }

  /** Names of magics after `%` at the start of a line, and a magic's options behind its name. */
  #completeMagic(code: string, cursor: number): Completion | undefined {
    const start = code.lastIndexOf('\n', cursor - 1) + 1;
    const line = code.slice(start, cursor);
    const option = /^(%{1,2})(\w+)(?:\s.*)?\s(-[\w-]*)?$/.exec(line);
    if (option) {
      const [, , name = '', typed = ''] = option;
      if (typed === '' && !this.dispatcher.takesOnlyOptions(name)) return undefined;
      const matches = this.dispatcher
        .options(name)
        .flatMap(({ flags }) => flags)
        .filter((flag) => flag.startsWith(typed));
      return matches.length > 0 ? { matches, start: cursor - typed.length, end: cursor } : undefined;
    }
    const [, signs = '', typed = ''] = /^(%{1,2})(\w*)$/.exec(line) ?? [];
    if (signs === '') return undefined;
    const kinds = signs === '%' ? ['line', 'both'] : ['cell', 'both'];
    const magics = this.dispatcher.magics.filter(({ kind }) => kinds.includes(kind));
    const names = magics.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    const { languages } = this.dispatcher;
    const { ownMagics = [] } = languages.module(this.#place(code).language ?? this.defaultLanguage);
    const all = new Set([...names, ...languages.names, ...ownMagics]);
    const matches = [...all].filter((name) => name.startsWith(typed)).map((name) => signs + name);
    return matches.length > 0 ? { matches: matches.sort(), start, end: cursor } : undefined;
  }
}

/** A language that cannot answer in time, or fails at it, has nothing to say. */
async function bounded<Value>(
  ask: (signal: AbortSignal) => Promise<Value> | undefined,
  limit = patience,
): Promise<Value | undefined> {
  const signal = AbortSignal.timeout(limit);
  const late = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
  try {
    return await Promise.race([ask(signal), late]);
  } catch (error) {
    if (error instanceof CrossviewError || signal.aborted) return undefined;
    throw error;
  }
}
