import { isDecimal, isMoment, type RpcCall, type TdsValue } from '@crossview/tds-wire';
import type { TableColumn } from '../catalog/objects.js';
import { shownName } from '../interpreter/names.js';
import type { Output } from '../interpreter/output.js';
import { tableOf } from '../interpreter/relations.js';
import type { Session } from '../interpreter/session.js';
import { decimalShape, familyOf, max, type SqlType } from '../types/sql-type.js';
import { type Insertion, insertionOf, insertTogether, isAlike, isPlainCall } from './insert-batch.js';

/** Rows that are kept before they are inserted. */
const most = 1000;

type Check = (value: TdsValue) => boolean;

/**
 * Single-row INSERTs of an open transaction, kept back until something else is asked for and then run as one statement. Only
 * rows that cannot fail are taken: each value is of its column's type and fits into it. Nobody else sees the rows of an open
 * transaction, and the session's own next statement comes after them.
 */
export class DeferredInserts {
  #calls: RpcCall[] = [];
  #insertion: Insertion | undefined;
  #checks: readonly Check[] = [];

  /** @returns whether the call was taken; it is then to be answered as an INSERT of one row */
  async take(session: Session, output: Output, calls: readonly RpcCall[]): Promise<boolean> {
    const [call] = calls;
    if (calls.length !== 1 || !call || session.transaction !== 'open' || session.formatOnly || session.noExecute)
      return false;
    const first = this.#calls[0];
    if (!first || !isAlike(call, first)) {
      await this.flush(session, output);
      if (!this.#plan(session, call)) return false;
    }
    const insertion = this.#insertion!;
    if (!isPlainCall(insertion, call)) return false;
    const values = insertion.values(call);
    if (!this.#checks.every((check, index) => check(values[index]!.value))) return false;
    this.#calls.push(call);
    if (this.#calls.length >= most) await this.flush(session, output);
    session.rowCount = 1;
    session.lastError = 0;
    return true;
  }

  /** Inserts what was kept. @throws SqlError when the table is no longer what it was */
  async flush(session: Session, output: Output): Promise<void> {
    const calls = this.#calls;
    if (calls.length === 0) return;
    this.#calls = [];
    this.#insertion = undefined;
    const { rowCount } = session;
    await insertTogether(session, output, calls);
    session.rowCount = rowCount;
  }

  /** For the end of a transaction that never was committed. */
  forget(): void {
    this.#calls = [];
    this.#insertion = undefined;
  }

  #plan(session: Session, call: RpcCall): boolean {
    const insertion = insertionOf(session, call);
    if (!insertion) return false;
    const { statement, parameters } = insertion;
    const { resolved, table } = tableOf(session, statement.table);
    if (!resolved.temporary && !session.may('INSERT', resolved)) return false;
    const row = statement.source.kind === 'values' ? statement.source.rows[0]! : [];
    const named = statement.columns.map((name) =>
      table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase()),
    );
    const columns: readonly (TableColumn | undefined)[] = named.length > 0 ? named : table.columns;
    if (columns.length !== row.length || columns.length !== parameters.length) return false;
    if (new Set(columns.map((column) => column?.name)).size !== columns.length) return false;
    const absent = table.columns.some(
      (column) => !columns.includes(column) && !column.nullable && !column.hasDefault && !column.identity,
    );
    if (absent || session.identityInsert === shownName(resolved)) return false;
    const checks: Check[] = [];
    for (const [index, value] of row.entries()) {
      const column = columns[index];
      if (!column || column.identity || value.kind !== 'variable') return false;
      const parameter = parameters.findIndex(({ name }) => name.toLowerCase() === value.name.toLowerCase());
      const check = parameter < 0 ? undefined : fits(parameters[parameter]!.type, column.type);
      if (!check || checks[parameter]) return false;
      checks[parameter] = (given) => (given === null ? column.nullable : check(given));
    }
    this.#insertion = insertion;
    this.#checks = checks;
    return true;
  }
}

const integers: Partial<Record<SqlType['name'], readonly [number, number]>> = {
  tinyint: [0, 255],
  smallint: [-32_768, 32_767],
  int: [-2_147_483_648, 2_147_483_647],
};

/** Says of a value of the type `from` whether it goes into a column without a change or an error; `undefined` when that needs more to tell. */
function fits(from: SqlType, to: SqlType): Check | undefined {
  switch (familyOf(to)) {
    case 'integer': {
      if (familyOf(from) !== 'integer') return undefined;
      const range = integers[to.name];
      return range ? (value) => Number(value) >= range[0] && Number(value) <= range[1] : () => true;
    }
    case 'decimal': {
      if (from.name !== to.name || decimalShape(from).scale > decimalShape(to).scale) return undefined;
      const whole = decimalShape(to).precision - decimalShape(to).scale;
      return (value) => {
        if (!isDecimal(value)) return false;
        const limit = 10n ** BigInt(whole + value.scale);
        return value.unscaled < limit && value.unscaled > -limit;
      };
    }
    case 'float':
      return from.name === to.name ? (value) => Number.isFinite(value) : undefined;
    case 'string': {
      if (familyOf(from) !== 'string') return undefined;
      const length = to.length === undefined || to.length === max ? Number.POSITIVE_INFINITY : to.length;
      const wide = to.name.startsWith('n');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what every code page has.
      return (value) => typeof value === 'string' && value.length <= length && (wide || /^[\x01-\x7f]*$/.test(value));
    }
    case 'binary': {
      const length = to.length === undefined || to.length === max ? Number.POSITIVE_INFINITY : to.length;
      if (from.name !== 'varbinary' || to.name !== 'varbinary') return undefined;
      return (value) => value instanceof Uint8Array && value.length <= length;
    }
    case 'time':
    case 'moment':
      return from.name === to.name && (from.scale ?? 7) <= (to.scale ?? 7) ? isMoment : undefined;
    default:
      return from.name === to.name ? () => true : undefined;
  }
}
