import {
  type ArrowParts,
  type Cell,
  type CellOutcome,
  CrossviewError,
  type Language,
  type LanguageContext,
  type LanguageModule,
  type MagicOption,
  type SqlConnection,
  type SqlResultSet,
} from '@crossview/contracts';
import { renderFrame } from '../frames/render.js';
import { rowCount } from '../frames/row-count.js';
import { splitBatches } from '../sql/batches.js';
import { readSqlCell, type SqlCell, sharedOptions } from '../sql/cell-options.js';
import { giveName } from '../sql/given-names.js';
import { textOption } from '../sql/options.js';
import { PoolConnections } from '../sql/pool-connections.js';
import { PoolNames } from '../sql/pool-names.js';
import { removeParts } from '../sql/remove-parts.js';
import { completeSql, inspectSql, isSqlComplete } from '../sql/sql-assist.js';
import { bindTsql } from '../sql/tsql-parameters.js';

const options: readonly MagicOption[] = [
  ...sharedOptions,
  {
    flags: ['-server', '--server'],
    value: 'HOST',
    description: 'Server, NAME.database.windows.net; else the profile’s',
  },
  { flags: ['-database', '--database'], value: 'NAME', description: 'Database; else the profile’s' },
  { flags: ['-artifact', '--artifact'], value: 'NAME', description: 'Fabric’s word for the database' },
  { flags: ['-type', '--type'], value: 'KIND', description: 'Fabric’s kind of artifact; has no effect' },
  { flags: ['-workspace', '--workspace'], value: 'ID', description: 'Fabric’s workspace; has no effect' },
  { flags: ['-session', '--session'], description: 'Has no effect: the connection always lasts for the session' },
  { flags: ['-bind', '--bind'], value: 'NAME', description: 'Fabric’s word for -o' },
];

/** T-SQL in a dedicated SQL pool. */
class Tsql implements Language {
  readonly name = 'tsql';
  readonly #connections: PoolConnections;
  readonly #names: PoolNames;

  constructor(readonly context: LanguageContext) {
    this.#connections = new PoolConnections(context.pools, context.sql);
    this.#names = new PoolNames(context, this.#connections);
  }

  async execute(cell: Cell): Promise<CellOutcome> {
    const asked = readSqlCell(this.name, cell, options);
    if (asked.text.trim() === '') return { status: 'ok' };
    const server = textOption(asked.options, 'server');
    const database = textOption(asked.options, 'database') ?? textOption(asked.options, 'artifact');
    const target = await this.#connections.resolve(server, database);
    if (target.standIn !== undefined && !cell.silent) sayStandIn(cell, target.standIn);
    const connection = await this.#connections.connect(target, cell.signal);
    this.#names.changed(connection);
    let last: ArrowParts | undefined;
    for (const text of splitBatches(asked.text)) {
      const results = await this.#query(connection, text, cell);
      for (const result of results) {
        if (last) await removeParts(last);
        last = await this.#show(result, asked, cell);
      }
    }
    await this.#keep(last, asked.output ?? textOption(asked.options, 'bind'), cell);
    return { status: 'ok' };
  }

  async complete(code: string, cursor: number, signal: AbortSignal) {
    return completeSql(await this.#names.names(signal), code, cursor);
  }

  async inspect(code: string, cursor: number, _detail: 0 | 1, signal: AbortSignal) {
    return inspectSql(await this.#names.names(signal), code, cursor);
  }

  async isComplete(code: string) {
    return isSqlComplete(code);
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  async #query(connection: SqlConnection, text: string, cell: Cell): Promise<readonly SqlResultSet[]> {
    const bound = await bindTsql(text, (name) => this.context.valueOf(name, cell.signal));
    const directory = await this.context.views.allocate();
    try {
      return await connection.query(bound.text, {
        directory,
        parameters: bound.parameters,
        signal: cell.signal,
        onMessage: (message) => cell.output.stream('stdout', `${message.text}\n`),
      });
    } catch (error) {
      // A failed statement leaves the connection as it was; anything else may have broken it.
      const kept = error instanceof CrossviewError && ['SQL_FAILED', 'SQL_CANCELLED'].includes(error.code);
      if (!kept) await this.#connections.forget(connection).catch(() => {});
      throw error;
    }
  }

  /** Shows a result set and gives its rows back; a statement without rows says how many it changed. */
  async #show({ rows, rowsAffected }: SqlResultSet, asked: SqlCell, cell: Cell): Promise<ArrowParts | undefined> {
    if (!rows) {
      if (rowsAffected !== undefined && rowsAffected >= 0)
        cell.output.stream('stdout', `(${rowsAffected.toLocaleString('en-US')} rows affected)\n`);
      return undefined;
    }
    if (!asked.quiet) {
      const { data, metadata } = await renderFrame(rows, { maxRows: asked.maxRows });
      cell.output.display(data, { metadata });
    }
    return rows;
  }

  async #keep(rows: ArrowParts | undefined, view: string | undefined, cell: Cell): Promise<void> {
    if (view === undefined) {
      if (rows) await removeParts(rows);
      return;
    }
    if (!rows)
      throw new CrossviewError('VIEW_WITHOUT_ROWS', `${view} was not made: the statement gave no rows`, {
        hint: 'The last statement of the cell has to be a SELECT.',
        facts: { view },
      });
    await this.context.views.publish(view, rows, this.name);
    giveName(this.context.views, view);
    cell.output.stream('stdout', `${view}: ${rowCount(rows.rows, rows.rows)}\n`);
  }
}

function sayStandIn(cell: Cell, standIn: string): void {
  cell.output.display({
    'text/plain': `→ ${standIn}`,
    'text/html': `<span style="opacity:0.6">→ ${standIn}</span>`,
  });
}

const tsql: LanguageModule = {
  name: 'tsql',
  aliases: [],
  title: 'T-SQL',
  summary: 'T-SQL in a dedicated SQL pool; -o NAME brings the result back as a view',
  fileExtension: '.sql',
  mimeType: 'text/x-mssql',
  info: { name: 'sql', version: '', codemirror_mode: 'text/x-mssql', pygments_lexer: 'tsql' },
  options,
  create: (context) => new Tsql(context),
};

export default tsql;
