import type { RpcCall } from '@crossview/tds-wire';
import type { TableDefinition } from '../catalog/objects.js';
import type { Expression, StatementOf } from '../dialect/ast.js';
import { BulkTable } from '../duckdb/bulk-table.js';
import { runStatements } from '../interpreter/batch.js';
import { Context } from '../interpreter/context.js';
import type { Output } from '../interpreter/output.js';
import type { Session } from '../interpreter/session.js';
import type { Insertion } from './insert-batch.js';

let next = 1;

/** Parameters of calls that insert one row each, collected in a temporary table until one statement inserts them all. */
export class CollectedRows {
  readonly #session: Session;
  readonly #insertion: Insertion;
  readonly #name: string;
  readonly #table: BulkTable;
  #count = 0;

  private constructor(session: Session, insertion: Insertion, name: string, table: BulkTable) {
    this.#session = session;
    this.#insertion = insertion;
    this.#name = name;
    this.#table = table;
  }

  static async begin(session: Session, insertion: Insertion): Promise<CollectedRows> {
    const name = `#crossview_batch_${next++}`;
    const types = insertion.parameters.map(({ type }) => type);
    const columns = types.map((_, index) => `p${index}`);
    const table = await BulkTable.create(session.connection, types, { table: name, columns });
    return new CollectedRows(session, insertion, name, table);
  }

  get count(): number {
    return this.#count;
  }

  /** @param call one of the insertion's, with a value for each parameter */
  add(call: RpcCall): void {
    this.#table.append(this.#insertion.values(call).map(({ value }) => value));
    this.#count++;
  }

  /** @throws SqlError of the first row that does not go in; then none has */
  async insert(output: Output): Promise<void> {
    this.#table.finish();
    const session = this.#session;
    const definition: TableDefinition = {
      schema: 'main',
      name: this.#name,
      columns: this.#insertion.parameters.map(({ type }, index) => ({ name: `p${index}`, type, nullable: true })),
      distribution: 'ROUND_ROBIN',
      distributionColumns: [],
      index: 'HEAP',
    };
    session.temporary.set(this.#name, definition);
    try {
      // The statement's own count is told call by call.
      const quiet: Output = Object.create(output, { done: { value: () => undefined } });
      const context = new Context(session, quiet);
      context.inTry = true;
      context.batch = this.#insertion.text;
      await runStatements(context, [this.#statement()], { inTry: true });
    } finally {
      session.temporary.delete(this.#name);
    }
  }

  /** `INSERT … SELECT p0, p1 … FROM` the collected rows. */
  #statement(): StatementOf<'insert'> {
    const { statement, parameters } = this.#insertion;
    const positions = new Map(parameters.map((parameter, index) => [parameter.name.toLowerCase(), index]));
    const source = statement.source as Extract<typeof statement.source, { kind: 'values' }>;
    const items = source.rows[0]!.map((value) => ({
      value:
        value.kind === 'variable'
          ? ({
              kind: 'column',
              name: [`p${positions.get(value.name.toLowerCase())}`],
              line: value.line,
            } satisfies Expression)
          : value,
      alias: undefined,
      assign: undefined,
      assignOperator: undefined,
    }));
    return {
      ...statement,
      source: {
        kind: 'query',
        query: {
          with: [],
          body: {
            kind: 'select',
            distinct: false,
            top: undefined,
            items,
            into: undefined,
            from: [{ kind: 'table', name: [this.#name], alias: undefined, line: statement.line }],
            where: undefined,
            groupBy: [],
            having: undefined,
            line: statement.line,
          },
          orderBy: [],
          offset: undefined,
          fetch: undefined,
          forJson: undefined,
        },
      },
    };
  }

  /** Forgets the rows that were not inserted. May be called twice. */
  async drop(): Promise<void> {
    await this.#table.drop();
  }
}
