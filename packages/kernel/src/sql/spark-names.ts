import { randomUUID } from 'node:crypto';
import type { Json, LanguageContext } from '@crossview/contracts';
import { discard } from '../sub-kernels/discard-output.js';
import { sparkKeywords } from './keywords.js';
import { removeParts } from './remove-parts.js';
import { type SqlNames, type SqlTable, viewTables } from './sql-names.js';

const mostTables = 2000;
const quote = (name: string) => `\`${name.replaceAll('`', '``')}\``;

/** Views of the session; tables and functions of Spark when it runs. Never starts it. */
export class SparkNames {
  #functions: readonly string[] | undefined;

  constructor(readonly context: LanguageContext) {}

  /** @param code the statement: columns are looked up for the tables it names. */
  async names(code: string, signal: AbortSignal): Promise<SqlNames> {
    const views = await viewTables(this.context.views);
    const running = this.context.spark.state === 'ready';
    const tables = running ? await this.#tables(views, code, signal) : [];
    if (running) this.#functions ??= (await this.#column('SHOW FUNCTIONS', 0, signal)).filter((it) => /^\w+$/.test(it));
    return { tables: [...views, ...tables], functions: this.#functions ?? [], keywords: sparkKeywords, quote };
  }

  /** What Spark itself says about a function; `undefined` when there is none, or Spark does not run. */
  async describeFunction(name: string, signal: AbortSignal): Promise<string | undefined> {
    if (this.context.spark.state !== 'ready' || !/^\w+$/.test(name)) return undefined;
    const lines = await this.#column(`DESCRIBE FUNCTION EXTENDED ${name}`, 0, signal);
    return lines.length === 0 || /not found/.test(lines[0] ?? '') ? undefined : lines.join('\n').trim();
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
