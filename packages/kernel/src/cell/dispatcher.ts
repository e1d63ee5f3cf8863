import {
  type Cell,
  type CellOutcome,
  CrossviewError,
  type Magic,
  type MagicContext,
  type MagicOption,
} from '@crossview/contracts';
import type { History } from './history.js';
import { withLakehouse } from './lakehouse-paths.js';
import type { Languages } from './languages.js';
import { languageHelp, magicHelp } from './magic-help.js';
import { type MagicLine, parseHelp, parseMagicLine, parseSingleSign } from './magic-line.js';
import { nearest } from './nearest.js';
import { byName } from './registry.js';
import { cutSegments } from './segments.js';
import { withoutOutputs } from './without-outputs.js';

/** Takes a cell to its magic or its language. */
export class Dispatcher {
  readonly #magics: ReadonlyMap<string, Magic>;

  constructor(
    readonly languages: Languages,
    readonly magics: readonly Magic[],
    readonly history: History,
  ) {
    this.#magics = byName(magics);
  }

  /** @param language the one that text without a magic is in. */
  async run(language: string, code: string, cell: Cell): Promise<CellOutcome> {
    const asked = parseHelp(code);
    const help = asked === undefined ? undefined : this.help(asked);
    if (help !== undefined && /%/.test(code)) return page(help);
    const magic = this.magicOf(code);
    if (!magic) return this.#inLanguage(this.#ofParameters(language, code) ?? language, code, cell);
    const inner = { ...cell, argumentLine: magic.argumentLine, lineOffset: cell.lineOffset + magic.lineOffset };
    if (this.languages.has(magic.name)) return this.#inLanguage(magic.name, magic.body, inner);
    if (this.#isOwnMagic(language, magic)) return this.languages.get(language).execute({ ...cell, code });
    const found = this.#magics.get(magic.name);
    if (!found || found.kind === 'line') {
      if (await this.languages.get(language).hasMagic?.(magic.name))
        return this.languages.get(language).execute({ ...cell, code });
      throw this.#unknown(magic.name);
    }
    return found.execute({ ...inner, code: magic.body }, this.#context(language));
  }

  /** The magic over a cell, by the name it is known by: `%%PySpark` means `%%pyspark`, unless there is one of that very name. */
  magicOf(code: string): MagicLine | undefined {
    const known = (name: string) => this.languages.has(name) || this.#magics.has(name);
    const magic = parseMagicLine(code) ?? parseSingleSign(code, (name) => this.languages.has(name));
    const lower = magic?.name.toLowerCase() ?? '';
    return magic && !known(magic.name) && known(lower) ? { ...magic, name: lower } : magic;
  }

  /** Whether the text under a magic is nobody's code: HTML, a script, settings. */
  holdsText(name: string): boolean {
    const found = this.#magics.get(name);
    return found !== undefined && found.kind !== 'line' && !found.over;
  }

  /** The language that a cell is in, below magics such as `%%time`. */
  languageOf(language: string, code: string): string {
    const magic = this.magicOf(code);
    if (!magic) return language;
    return this.languages.has(magic.name) ? magic.name : this.languageOf(language, magic.body);
  }

  /** Help on a magic or a language, as plain text; `undefined` when there is none of that name. */
  help(name: string): string | undefined {
    const magic = this.#magics.get(name);
    if (magic) return magicHelp(magic);
    return this.languages.has(name) ? languageHelp(this.languages.module(name)) : undefined;
  }

  /** What may stand behind a `%%name`. */
  options(name: string): readonly MagicOption[] {
    const found = this.languages.has(name) ? this.languages.module(name) : this.#magics.get(name);
    return found?.options ?? [];
  }

  /** What may stand behind a magic besides its options. */
  async values(name: string): Promise<readonly string[]> {
    const found = this.languages.has(name) ? this.languages.module(name) : this.#magics.get(name);
    return (await found?.values?.(this.languages.context)) ?? [];
  }

  /** Whether a blank behind the magic means that options follow, and not a statement or a file. */
  takesOnlyOptions(name: string): boolean {
    return this.options(name).length > 0 && (this.languages.has(name) || ['configure', 'cleanup'].includes(name));
  }

  /** papermill knows no SQL: told `--language python`, it puts its cell of parameters into an SQL notebook all the same. */
  #ofParameters(language: string, code: string): string | undefined {
    return this.languages.module(language).name === 'sql' && /^# Parameters\n/.test(code) ? 'pyspark' : undefined;
  }

  /** A language does a magic itself when its text stands directly under it: `%%time` over Python, not over `%%sql`. */
  #isOwnMagic(language: string, magic: MagicLine): boolean {
    const nested = parseMagicLine(magic.body);
    return !nested && (this.languages.module(language).ownMagics?.includes(magic.name) ?? false);
  }

  async #inLanguage(name: string, code: string, cell: Cell): Promise<CellOutcome> {
    const { ownMagics = [] } = this.languages.module(name);
    const assigns = this.languages.module(name).assignment !== undefined;
    const isOurs = (magic: string, assigned: boolean) => {
      if (assigned) return assigns && this.#isQuery(magic) && !ownMagics.includes(magic);
      if (this.languages.has(magic)) return true;
      const found = this.#magics.get(magic);
      return found !== undefined && found.kind !== 'cell' && !ownMagics.includes(magic);
    };
    let outcome: CellOutcome = { status: 'ok' };
    for (const segment of cutSegments(code, isOurs)) {
      const inner = { ...cell, lineOffset: cell.lineOffset + segment.line };
      if (segment.kind === 'code') {
        if (ownMagics.length === 0) this.#refuseUnknown(segment.code);
        outcome = await this.languages.get(name).execute({ ...inner, code: this.#located(name, segment.code) });
        outcome = this.#withNearest(outcome, segment.code, ownMagics);
      } else {
        outcome = await this.#line(name, segment.name, segment.argumentLine, segment.assignTo, inner);
      }
      if (outcome.status !== 'ok') return outcome;
    }
    return outcome;
  }

  /** Python does it by itself, where it does not move what a traceback points at; a pool has no lakehouse. */
  #located(name: string, code: string): string {
    if (name === 'pyspark' || name === 'python' || name === 'tsql') return code;
    return withLakehouse(code, this.languages.context.lake?.lakehouse);
  }

  /** A line magic, or one line of another language; the rows of a query may go to a variable. */
  async #line(
    language: string,
    name: string,
    argumentLine: string,
    assignTo: string | undefined,
    cell: Cell,
  ): Promise<CellOutcome> {
    const magic = this.#magics.get(name);
    if (magic && magic.kind !== 'cell' && assignTo === undefined)
      return magic.execute({ ...cell, code: '', argumentLine }, this.#context(language));
    const { assignment } = this.languages.module(language);
    if (assignTo === undefined || !assignment)
      // Languages of queries read options off their line, others have code there.
      return this.#isQuery(name)
        ? this.languages.get(name).execute({ ...cell, code: '', argumentLine })
        : this.languages.get(name).execute({ ...cell, code: argumentLine, argumentLine: '' });
    const asked = { ...cell, code: '', argumentLine: `-q -o ${assignTo} ${argumentLine}` };
    const outcome = await this.languages.get(name).execute({ ...asked, output: withoutOutputs(cell.output) });
    if (outcome.status !== 'ok') return outcome;
    return this.languages.get(language).execute({ ...cell, code: assignment(assignTo), argumentLine: '' });
  }

  /** Whether a language's `-o NAME` makes its result a view. */
  #isQuery(name: string): boolean {
    return ['sql', 'tsql'].includes(this.languages.has(name) ? this.languages.module(name).name : '');
  }

  /** A language that does not know a magic names no other; IPython's error for it is a `UsageError`. */
  #withNearest(outcome: CellOutcome, code: string, ownMagics: readonly string[]): CellOutcome {
    if (outcome.status !== 'error' || outcome.name !== 'UsageError') return outcome;
    const ours = this.magics.filter(({ kind }) => kind !== 'cell').flatMap((it) => [it.name, ...(it.aliases ?? [])]);
    const known = [...ours, ...this.languages.names, ...ownMagics];
    const used = [...code.matchAll(/^(?:\w+[^\S\n]*=[^\S\n]*)?%([A-Za-z_]\w*)/gm)].map(([, name = '']) => name);
    const unknown = used.find((name) => !known.includes(name));
    if (unknown === undefined) return outcome;
    const hint = `Did you mean %${nearest(unknown, known)}? %lsmagic lists them all.`;
    return { ...outcome, traceback: [...outcome.traceback, hint] };
  }

  /** In languages without magics of their own a line that starts with `%name` can only be a mistyped one. */
  #refuseUnknown(code: string): void {
    const name = /^\s*%([A-Za-z_]\w*)/.exec(code)?.[1];
    if (name === undefined) return;
    const known = this.magics.filter(({ kind }) => kind !== 'cell').flatMap((it) => [it.name, ...(it.aliases ?? [])]);
    throw new CrossviewError('MAGIC_UNKNOWN', `There is no magic called %${name}`, {
      hint: `Did you mean %${nearest(name, [...known, ...this.languages.names])}? %lsmagic lists them all.`,
      facts: { magic: name },
    });
  }

  #context(language: string): MagicContext {
    return {
      magics: this.magics,
      languages: this.languages.modules,
      language,
      history: this.history.entries,
      session: this.languages.context,
      run: (other, code, cell) => this.run(other ?? language, code, { ...cell, argumentLine: '' }),
      stop: (other) => this.languages.stop(other),
    };
  }

  #unknown(name: string): CrossviewError {
    const cellMagics = this.magics
      .filter(({ kind }) => kind !== 'line')
      .flatMap((it) => [it.name, ...(it.aliases ?? [])]);
    return new CrossviewError('MAGIC_UNKNOWN', `There is no magic called %%${name}`, {
      hint: `Did you mean %%${nearest(name, [...this.languages.names, ...cellMagics])}? %lsmagic lists them all.`,
      facts: { magic: name },
    });
  }
}

function page(text: string): CellOutcome {
  return { status: 'ok', payload: [{ source: 'page', data: { 'text/plain': text }, start: 0 }] };
}
