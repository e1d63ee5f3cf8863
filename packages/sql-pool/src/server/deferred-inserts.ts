import { isDecimal, isMoment, type RpcCall, type TdsValue } from '@crossview/tds-wire';
import type { TableColumn } from '../catalog/objects.js';
import { shownName } from '../interpreter/names.js';
import type { Output } from '../interpreter/output.js';
import { tableOf } from '../interpreter/relations.js';
import type { Session } from '../interpreter/session.js';
import { decimalShape, familyOf, max, type SqlType } from '../types/sql-type.js';
import { CollectedRows } from './collected-rows.js';
import { type Insertion, insertionOf, isAlike, isPlainCall } from './insert-batch.js';

/** Rows that are kept before they are inserted. They are where temporary tables are: in memory as long as there is room. */
const most = 200_000;

type Check = (value: TdsValue) => boolean;

/**
 * Single-row INSERTs of an open transaction, kept back until something else is asked for and then run as one statement. Only
 * rows that cannot fail are taken: each value is of its column's type and fits into it. Nobody else sees the rows of an open
 * transaction, and the session's own next statement comes after them.
 */
export class DeferredInserts {
  /** The call that the others are like. */
  #first: RpcCall | undefined;
  #insertion: Insertion | undefined;
  #checks: readonly Check[] = [];
  #rows: CollectedRows | undefined;

  /** @returns whether all the calls were taken; each is then to be answered as an INSERT of one row. Otherwise none was. */
  async take(session: Session, output: Output, calls: readonly RpcCall[]): Promise<boolean> {
    const [call] = calls;
    if (!call || session.transaction !== 'open' || session.formatOnly || session.noExecute) return false;
    if (!this.#first || !isAlike(call, this.#first)) {
      await this.flush(session, output);
      if (!this.#plan(session, call)) return false;
      this.#first = call;
    }
    const insertion = this.#insertion!;
    for (const one of calls) if ((one !== call && !isAlike(one, call)) || !this.#isSafe(insertion, one)) return false;
    this.#rows ??= await CollectedRows.begin(session, insertion);
    for (const one of calls) this.#rows.add(one);
    if (this.#rows.count >= most) await this.flush(session, output);
    session.rowCount = 1;
    session.lastError = 0;
    return true;
  }

  #isSafe(insertion: Insertion, call: RpcCall): boolean {
    if (!isPlainCall(insertion, call)) return false;
    const values = insertion.values(call);
    return this.#checks.every((check, index) => check(values[index]!.value));
  }

  /** Inserts what was kept. @throws SqlError when the table is no longer what it was */
  async flush(session: Session, output: Output): Promise<void> {
    const rows = this.#rows;
    this.#rows = undefined;
    this.#first = undefined;
    if (!rows) return;
    const { rowCount } = session;
    try {
      await rows.insert(output);
    } finally {
      await rows.drop();
    }
    session.rowCount = rowCount;
  }

  /** For the end of a transaction that never was committed. */
  async forget(): Promise<void> {
    const rows = this.#rows;
    this.#rows = undefined;
    this.#first = undefined;
    await rows?.drop();
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

/** 1 January 1753 and 31 December 9999, as days since the year 1: rounding cannot take what lies between out of `datetime`. */
const firstDatetimeDay = 639_905;
const lastDatetimeDay = 3_652_058;

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
      if (to.name === 'datetime' && from.name === 'datetime2')
        return (value) => isMoment(value) && value.days >= firstDatetimeDay && value.days < lastDatetimeDay;
      return from.name === to.name && (from.scale ?? 7) <= (to.scale ?? 7) ? isMoment : undefined;
    default:
      return from.name === to.name ? () => true : undefined;
  }
}
