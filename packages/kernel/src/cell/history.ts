import type { HistoryItem, HistoryRequest } from '@crossview/jupyter-wire';

export interface HistoryEntry {
  readonly line: number;
  /** The cell as it was sent, magic line included. */
  readonly source: string;
  /** `text/plain` of the cell's result. */
  output: string | null;
}

/** `*` and `?` as in a shell, over the whole text (messaging protocol, "History"). */
export function glob(pattern: string): RegExp {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${escaped}$`, 's');
}

const mostCharacters = 1_000_000;

/** A cell with a file in it is not kept for ever. */
const kept = (source: string): string =>
  source.length <= mostCharacters ? source : `${source.slice(0, mostCharacters)}… (${source.length} characters)`;

/** The cells of this session, in all languages. */
export class History {
  readonly session = 1;
  readonly #entries: HistoryEntry[] = [];

  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  add(line: number, source: string): HistoryEntry {
    const entry = { line, source: kept(source), output: null };
    this.#entries.push(entry);
    return entry;
  }

  answer(request: HistoryRequest): readonly HistoryItem[] {
    return this.#select(request).map(({ line, source, output }) => [
      this.session,
      line,
      request.output ? [source, output] : source,
    ]);
  }

  #select(request: HistoryRequest): readonly HistoryEntry[] {
    const { hist_access_type, session, start, stop = Number.POSITIVE_INFINITY, n, pattern, unique } = request;
    const last = <Item>(items: readonly Item[]) => (n === undefined ? items : n <= 0 ? [] : items.slice(-n));
    if (hist_access_type === 'range')
      return session === 0 || session === this.session
        ? this.#entries.filter(({ line }) => line >= start && line < stop)
        : [];
    if (hist_access_type !== 'search') return last(this.#entries);
    const matcher = glob(pattern);
    const found = this.#entries.filter(({ source }) => matcher.test(source));
    return last(
      unique ? found.filter(({ source }, at) => found.findLastIndex((it) => it.source === source) === at) : found,
    );
  }
}
