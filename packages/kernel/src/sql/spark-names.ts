import { randomUUID } from 'node:crypto';
import type { Json, LanguageContext } from '@crossview/contracts';
import { discard } from '../sub-kernels/discard-output.js';
import { sparkKeywords } from './keywords.js';
import { removeParts } from './remove-parts.js';
import { type SqlNames, type SqlTable, viewTables } from './sql-names.js';

const mostTables = 2000;
/** How long one who types waits for Spark; keywords and views are there at once. */
const patience = 3_000;
/** Spark's first look into its catalog takes longer than anybody waits; the next key finds the answer. */
const firstLook = 60_000;
const quote = (name: string) => `\`${name.replaceAll('`', '``')}\``;

/** Views of the session; tables and functions of Spark when it runs. Never starts it. */
export class SparkNames {
  #functions: Promise<readonly string[]> | undefined;

  constructor(readonly context: LanguageContext) {}

  /** @param code the statement: columns are looked up for the tables it names. */
  async names(code: string, signal: AbortSignal): Promise<SqlNames> {
    const views = await viewTables(this.context.views);
    const running = this.context.spark.state === 'ready';
    if (running) this.#functions ??= this.#allFunctions();
    const [tables, functions] = running
      ? await Promise.all([soon(this.#tables(views, code, signal)), soon(this.#functions!)])
      : [[], []];
    return { tables: [...views, ...tables], functions, keywords: sparkKeywords, quote };
  }

  /** What Spark itself says about a function; `undefined` when there is none, or Spark does not run. */
  async describeFunction(name: string, signal: AbortSignal): Promise<string | undefined> {
    if (this.context.spark.state !== 'ready' || !/^\w+$/.test(name)) return undefined;
    const lines = await this.#column(`DESCRIBE FUNCTION EXTENDED ${name}`, 0, signal);
    return lines.length === 0 || /not found/.test(lines[0] ?? '') ? undefined : lines.join('\n').trim();
  }

  async #allFunctions(): Promise<readonly string[]> {
    const names = await this.#column('SHOW FUNCTIONS', 0, AbortSignal.timeout(firstLook)).catch(() => []);
    // Nothing is no answer: it is asked again.
    if (names.length === 0) this.#functions = undefined;
    return names.filter((name) => /^\w+$/.test(name));
  }

  async #tables(views: readonly SqlTable[], code: string, signal: AbortSignal): Promise<readonly SqlTable[]> {
    const rows = await this.#rows('SHOW TABLES', signal);
    const known = new Set(views.map(({ name }) => name.toLowerCase()));
    const found = rows
      .map(([schema, name]) => ({ schema: String(schema), name: String(name) }))
      .filter(({ schema, name }) => schema !== '' && !known.has(name.toLowerCase()));
    return Promise.all(
      found.map(async ({ schema, name }) => {
        const named = code.toLowerCase().includes(name.toLowerCase());
        const whole = `${quote(schema)}.${quote(name)}`;
        const columns = named ? await this.context.spark.describe(whole).catch(() => undefined) : undefined;
        return { schema, name, what: 'Table of Spark', columns };
      }),
    );
  }

  async #column(statement: string, at: number, signal: AbortSignal): Promise<readonly string[]> {
    return (await this.#rows(statement, signal)).map((row) => String(row[at] ?? ''));
  }

  async #rows(statement: string, signal: AbortSignal): Promise<readonly (readonly Json[])[]> {
    const cell = { id: `names-${randomUUID()}`, code: statement, signal, output: discard };
    const { outcome, head } = await this.context.spark.sql(cell, { headRows: mostTables });
    if (outcome.status !== 'ok' || !head) return [];
    try {
      const { batches } = await (await import('../frames/arrow-rows.js')).readHead(head, mostTables);
      return batches.flatMap((batch) => [...batch].map((row) => [...row].map(([, value]) => value as Json)));
    } finally {
      await removeParts(head);
    }
  }
}

/** What is there in time; none otherwise. */
function soon<Value>(asked: Promise<readonly Value[]>): Promise<readonly Value[]> {
  const late = new Promise<readonly Value[]>((resolve) => setTimeout(() => resolve([]), patience).unref());
  return Promise.race([asked.catch(() => []), late]);
}
