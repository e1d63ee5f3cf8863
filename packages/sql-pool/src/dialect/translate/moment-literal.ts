import { familyOf, type SqlType } from '../../types/sql-type.js';
import { orderOf, readMoment } from '../host/read-moment.js';

const day = 86_400_000_000n;
/** 1753-01-01, where datetime begins. */
const firstDatetime = -6_847_804_800_000_000n;

function rounded(value: bigint, unit: bigint): bigint {
  const shifted = value + unit / 2n;
  return shifted - (((shifted % unit) + unit) % unit);
}

/** datetime keeps three-hundredths of a second, shown as milliseconds. */
function thirds(micros: bigint): bigint {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const ticks = Math.round((Number(fraction) * 3) / 10_000);
  return micros - fraction + BigInt(Math.round((ticks * 10) / 3) * 1000);
}

/**
 * A text that stands in the statement, as the DuckDB literal of a date or time: read once here, not in the plan.
 * @returns `undefined` for a text that is none, and for types that are left to the plan
 */
export function momentLiteral(text: string, target: SqlType, style: number): string | undefined {
  const family = familyOf(target);
  if (target.name === 'datetimeoffset' || target.name === 'smalldatetime') return undefined;
  if (family !== 'date' && family !== 'time' && family !== 'moment') return undefined;
  const plain = text.trim().replace(/(:\d{2}(?:\.\d+)?)Z$/, '$1');
  const read = plain === '' ? -25_567n * day : readMoment(plain, orderOf(style));
  if (read === null) return undefined;
  const unit = 10n ** BigInt(Math.max(0, 6 - (target.scale ?? 7)));
  if (family === 'time') {
    const within = ((read % day) + day) % day;
    const micros = rounded(within, unit);
    return micros >= day ? undefined : `TIME '${iso(micros).slice(11)}'`;
  }
  if (family === 'date') return `DATE '${iso(read).slice(0, 10)}'`;
  if (target.name === 'datetime') return read < firstDatetime ? undefined : `TIMESTAMP '${iso(thirds(read))}'`;
  return `TIMESTAMP '${iso(rounded(read, unit))}'`;
}

function iso(micros: bigint): string {
  const below = ((micros % 1000n) + 1000n) % 1000n;
  const date = new Date(Number((micros - below) / 1000n)).toISOString().replace('T', ' ').replace('Z', '');
  return `${date}${String(below).padStart(3, '0')}`;
}
