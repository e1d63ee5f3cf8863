import { familyOf, isExact, type SqlType } from '../../types/sql-type.js';
import { orderOf, readMoment } from '../host/read-moment.js';

const day = 86_400_000_000n;
/** 100 nanoseconds from the year 1 to 1970. */
const epoch = 621_355_968_000_000_000n;
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
  if (target.name === 'smalldatetime') return undefined;
  if (family !== 'date' && family !== 'time' && family !== 'moment') return undefined;
  let plain = text.trim().replace(/(:\d{2}(?:\.\d+)?)Z$/, '$1');
  let minutes = 0n;
  if (target.name === 'datetimeoffset') {
    const said = /\d *([+-])(\d{1,2}):(\d{2})$/.exec(plain);
    if (said) {
      minutes = BigInt(Number(said[2]) * 60 + Number(said[3])) * (said[1] === '-' ? -1n : 1n);
      if (Number(said[3]) > 59 || minutes > 840n || minutes < -840n) return undefined;
      plain = plain.replace(/ *[+-]\d{1,2}:\d{2}$/, '');
    }
  }
  const read = plain === '' ? -25_567n * day : readMoment(plain, orderOf(style));
  if (read === null) return undefined;
  if (family === 'date') return `DATE '${iso(read).slice(0, 10)}'`;
  if (target.name === 'datetime') return read < firstDatetime ? undefined : `TIMESTAMP '${iso(thirds(read))}'`;
  const seventh = BigInt(/:\d{2}\.\d{6}(\d)/.exec(plain)?.[1] ?? 0);
  const ticks = rounded(read * 10n + seventh, 10n ** BigInt(7 - (target.scale ?? 7)));
  if (family === 'time') {
    const within = ((ticks % (day * 10n)) + day * 10n) % (day * 10n);
    return isExact(target) ? `CAST(${within} AS BIGINT)` : `TIME '${iso(within / 10n).slice(11)}'`;
  }
  if (target.name === 'datetimeoffset')
    return `CAST(${(ticks + epoch - minutes * 600_000_000n) * 2048n + minutes + 1024n} AS HUGEINT)`;
  return isExact(target) ? `CAST(${ticks + epoch} AS BIGINT)` : `TIMESTAMP '${iso(ticks / 10n)}'`;
}

function iso(micros: bigint): string {
  const below = ((micros % 1000n) + 1000n) % 1000n;
  const date = new Date(Number((micros - below) / 1000n)).toISOString().replace('T', ' ').replace('Z', '');
  return `${date}${String(below).padStart(3, '0')}`;
}
