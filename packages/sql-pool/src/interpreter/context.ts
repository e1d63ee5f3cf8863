import type { TdsValue } from '@crossview/tds-wire';
import { isDecimal } from '@crossview/tds-wire';
import type { Expression, Query } from '../dialect/ast.js';
import { castTo } from '../dialect/translate/cast.js';
import { translateCondition } from '../dialect/translate/condition.js';
import { translateValue } from '../dialect/translate/expression.js';
import { type TranslatedQuery, translateQuery } from '../dialect/translate/query.js';
import { Scope } from '../dialect/translate/scope.js';
import { Translation } from '../dialect/translate/translation.js';
import { type Bound, readRows } from '../duckdb/run.js';
import { errors } from '../errors/catalogue.js';
import { notSupported, type SqlError } from '../errors/sql-error.js';
import type { ExternalFiles } from '../external/fetch.js';
import type { SqlType } from '../types/sql-type.js';
import { factTables } from './fact-tables.js';
import { fact, systemVariable } from './facts.js';
import { resolveName } from './names.js';
import type { Output } from './output.js';
import { relationOf } from './relations.js';
import { scalarFunctionOf, tableFunctionOf } from './routines.js';
import type { Session, Variable } from './session.js';

/** Variables of one batch, procedure or function, and the way out. */
export class Context {
  readonly session: Session;
  readonly output: Output;
  readonly variables: Map<string, Variable>;
  /** Procedures inside procedures; SQL Server stops at 32. */
  readonly depth: number;
  readonly procedure: string;
  /** The text the client sent. */
  batch = '';
  /** Inside of BEGIN TRY: errors go to CATCH. */
  inTry = false;
  /** The last error that did not end the batch, if any. */
  reported: SqlError | undefined;
  /** What the last procedure returned. */
  returnStatus = 0;
  /** DECLAREs that already ran: one inside a loop runs again. */
  readonly redeclarable = new WeakSet<object>();

  constructor(session: Session, output: Output, variables = new Map<string, Variable>(), depth = 0, procedure = '') {
    this.session = session;
    this.output = output;
    this.variables = variables;
    this.depth = depth;
    this.procedure = procedure;
  }

  newTranslation(): Translation {
    const { session } = this;
    return new Translation({
      relation: (name) => relationOf(session, name),
      variable: (name) => this.variables.get(name.toLowerCase())?.type,
      systemVariable: (name) => systemVariable(session, name),
      fact: (name, values) => fact(session, name, values),
      factTable: (name, constants) => factTables[name]?.(session, constants),
      constant: (name) => {
        const value = this.variables.get(name.toLowerCase())?.value;
        if (value === undefined) return undefined;
        if (value === null || typeof value === 'string' || typeof value === 'number') return value;
        return typeof value === 'bigint'
          ? Number(value)
          : typeof value === 'boolean'
            ? Number(value)
            : isDecimal(value)
              ? Number(value.unscaled) / 10 ** value.scale
              : undefined;
      },
      scalarFunction: (name) => scalarFunctionOf(session, name),
      tableFunction: (name) => tableFunctionOf(session, name),
    });
  }

  bound(translation: Translation): readonly Bound[] {
    return translation.parameters.map((name) => {
      const { type, value } = this.variables.get(name)!;
      return { type, value };
    });
  }

  /** Every object that is read needs SELECT. */
  demandReads(translation: Translation): void {
    if (this.session.isAdministrator) return;
    for (const name of translation.reads) {
      const resolved = resolveName(this.session, name);
      if (!resolved.temporary) this.session.demandColumns(resolved, translation.columnsRead.get(name) ?? new Set());
    }
  }

  /**
   * Brings external files here and puts them into the text.
   * The files are there until `body` has run.
   */
  async withExternals<T>(translation: Translation, sql: string, body: (sql: string) => Promise<T>): Promise<T> {
    if (translation.externals.length === 0) return body(sql);
    let files: ExternalFiles | undefined;
    try {
      const { fetchExternals } = await import('../external/fetch.js');
      files = await fetchExternals(this.session, translation.externals);
      let text = sql;
      for (const [placeholder, source] of files.sources) text = text.replaceAll(placeholder, source);
      return await body(text);
    } finally {
      await files?.remove();
    }
  }

  translate(query: Query): { readonly query: TranslatedQuery; readonly translation: Translation } {
    const translation = this.newTranslation();
    return { query: translateQuery(query, undefined, translation), translation };
  }

  /** The value of an expression, converted to a type. */
  async evaluate(
    expression: Expression,
    type?: SqlType,
  ): Promise<{ readonly value: TdsValue; readonly type: SqlType }> {
    const translation = this.newTranslation();
    let typed = translateValue(expression, new Scope(), translation);
    if (type) typed = castTo(typed, type, { explicit: true });
    this.demandReads(translation);
    return this.withExternals(translation, `SELECT ${typed.sql}`, async (sql) => {
      const bound = this.bound(translation);
      const { rows, types } = await readRows(await this.session.evaluator(), sql, bound, [type ?? typed.type]);
      return { value: rows[0]![0]!, type: type ?? typed.type ?? types[0]! };
    });
  }

  async holds(condition: Expression): Promise<boolean> {
    const translation = this.newTranslation();
    const text = translateCondition(condition, new Scope(), translation);
    this.demandReads(translation);
    return this.withExternals(translation, `SELECT ${text}`, async (sql) => {
      const { rows } = await readRows(await this.session.evaluator(), sql, this.bound(translation));
      return rows[0]![0] === true;
    });
  }

  async text(expression: Expression): Promise<string | null> {
    const { value } = await this.evaluate(expression, { name: 'nvarchar', length: -1 });
    return value as string | null;
  }

  async number(expression: Expression): Promise<number> {
    const { value } = await this.evaluate(expression, { name: 'int' });
    return Number(value);
  }

  variable(name: string): Variable {
    const found = this.variables.get(name.toLowerCase());
    if (!found) throw errors.undeclaredVariable(name);
    return found;
  }

  nested(variables: Map<string, Variable>, procedure: string): Context {
    if (this.depth >= 31) throw notSupported('procedures nested deeper than 32');
    const inner = new Context(this.session, this.output, variables, this.depth + 1, procedure);
    inner.batch = this.batch;
    inner.inTry = this.inTry;
    return inner;
  }

  /** The text for sys.dm_pdw_exec_requests, secrets taken out. */
  commandText(): string {
    return this.batch.replaceAll(/((?:SECRET|PASSWORD)\s*=\s*)N?'(?:[^']|'')*'/gi, "$1'***'").slice(0, 4000);
  }

  /** Tells the client of an error; the batch goes on. */
  report(error: SqlError): void {
    this.reported = error;
    this.output.message({
      number: error.number,
      state: error.state,
      severity: error.severity,
      text: error.message,
      procedure: this.procedure,
      line: error.line,
    });
    this.output.failed();
  }

  say(text: string): void {
    this.output.message({ number: 0, state: 1, severity: 0, text, procedure: this.procedure, line: 1 });
  }
}
