import type { Cell, CellOutcome, Language, LanguageContext, LanguageModule } from '@crossview/contracts';
import { unlessStopped } from '../cell/unless-stopped.js';
import { renderFrame } from '../frames/render.js';
import { readSqlCell, sharedOptions } from '../sql/cell-options.js';
import { giveName, lastResult } from '../sql/given-names.js';
import { bindPlaceholders } from '../sql/parameters.js';
import { removeParts } from '../sql/remove-parts.js';
import { sparkLiteral } from '../sql/spark-literal.js';
import { SparkNames } from '../sql/spark-names.js';
import { completeSql, inspectSql, isSqlComplete, nameAt } from '../sql/sql-assist.js';

/** Spark SQL in the notebook's session; the result is shown as a table, and kept as a view when one is asked for. */
class SparkSql implements Language {
  readonly name = 'sql';

  readonly #names: SparkNames;

  constructor(readonly context: LanguageContext) {
    this.#names = new SparkNames(context);
  }

  async execute(cell: Cell): Promise<CellOutcome> {
    const { spark, views } = this.context;
    if (cell.silent && spark.state !== 'ready') return { status: 'ok' };
    const asked = readSqlCell(this.name, cell, sharedOptions);
    if (asked.text.trim() === '') return { status: 'ok' };
    const lookup = (name: string) => this.context.valueOf(name, cell.signal);
    const code = await bindPlaceholders(asked.text, lookup, sparkLiteral);
    await unlessStopped(
      spark.start().then(() => views.offerToSpark()),
      cell.signal,
    );
    const headRows = asked.quiet ? 0 : asked.maxRows;
    const { id, signal, output } = cell;
    const view = asked.output === undefined ? {} : { view: asked.output };
    const { outcome, head } = await spark.sql({ id, code, signal, output }, { headRows, ...view });
    if (outcome.status === 'ok') {
      if (asked.output !== undefined) giveName(views, asked.output);
      if (head) giveName(views, lastResult);
    }
    if (head && outcome.status === 'ok') {
      try {
        if (!asked.quiet) {
          const { data, metadata } = await renderFrame(head, { maxRows: asked.maxRows });
          output.result(data, metadata);
        }
      } finally {
        await removeParts(head);
      }
    }
    return outcome;
  }

  async complete(code: string, cursor: number, signal: AbortSignal) {
    return completeSql(await this.#names.names(code, signal), code, cursor);
  }

  async inspect(code: string, cursor: number, _detail: 0 | 1, signal: AbortSignal) {
    const found = inspectSql(await this.#names.names(code, signal), code, cursor);
    if (found) return found;
    const described = await this.#names.describeFunction(nameAt(code, cursor), signal);
    return described === undefined ? undefined : { 'text/plain': described };
  }

  async isComplete(code: string) {
    return isSqlComplete(code);
  }

  async close(): Promise<void> {}
}

const sql: LanguageModule = {
  name: 'sql',
  aliases: [],
  title: 'Spark SQL',
  summary: 'SQL over the views and tables of the Spark session; -o NAME keeps the result as a view',
  fileExtension: '.sql',
  mimeType: 'text/x-sql',
  info: { name: 'sql', version: '', codemirror_mode: 'text/x-sql', pygments_lexer: 'sql' },
  options: sharedOptions,
  create: (context) => new SparkSql(context),
};

export default sql;
