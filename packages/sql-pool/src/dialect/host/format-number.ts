import type { Culture } from './culture.js';

/** A number as a sign, its digits before the point and those after it. */
interface Digits {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

/** Reads `-12.50` and `1.5e+20`. */
function digitsOf(text: string): Digits {
  const [, sign, whole = '0', fraction = '', exponent = '0'] = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(
    text.trim(),
  )!;
  const shift = Number(exponent);
  const all = whole + fraction;
  const point = whole.length + shift;
  const padded = point <= 0 ? `${'0'.repeat(1 - point)}${all}` : all.padEnd(point, '0');
  const at = point <= 0 ? 1 : point;
  return {
    negative: sign === '-' && /[1-9]/.test(all),
    whole: padded.slice(0, at).replace(/^0+(?=\d)/, '') || '0',
    fraction: padded.slice(at),
  };
}

/** Rounds half away from zero to so many digits after the point. */
function rounded({ negative, whole, fraction }: Digits, places: number): Digits {
  if (fraction.length <= places) return { negative, whole, fraction: fraction.padEnd(places, '0') };
  const kept = BigInt(whole + fraction.slice(0, places)) + (fraction[places]! >= '5' ? 1n : 0n);
  const text = kept.toString().padStart(places + 1, '0');
  const split = text.length - places;
  return { negative: negative && kept !== 0n, whole: text.slice(0, split), fraction: text.slice(split) };
}

function grouped(whole: string, separator: string): string {
  return whole.replaceAll(/\B(?=(\d{3})+$)/g, separator);
}

/** FORMAT of a number by .NET's standard and custom formats. @returns NULL for a format that there is not, as FORMAT does */
export function formatNumber(text: string, whole: boolean, format: string, of: Culture): string | null {
  const value = digitsOf(text);
  const standard = /^([A-Za-z])(\d{0,2})$/.exec(format);
  if (standard)
    return formatStandard(value, whole, standard[1]!, standard[2] === '' ? undefined : Number(standard[2]), of);
  return formatCustom(value, format, of);
}

function formatStandard(
  value: Digits,
  whole: boolean,
  letter: string,
  digits: number | undefined,
  of: Culture,
): string | null {
  const { decimal, group, currency, percentSpace } = of;
  const body = (number: Digits, separator: string) =>
    grouped(number.whole, separator) + (number.fraction === '' ? '' : decimal + number.fraction);
  const signed = (number: Digits, shown: string) => (number.negative ? `-${shown}` : shown);
  switch (letter.toUpperCase()) {
    case 'N': {
      const number = rounded(value, digits ?? 2);
      return signed(number, body(number, group));
    }
    case 'F': {
      const number = rounded(value, digits ?? 2);
      return signed(number, body(number, ''));
    }
    case 'P': {
      const number = rounded(digitsOf(`${value.negative ? '-' : ''}${value.whole}.${value.fraction}e2`), digits ?? 2);
      return signed(number, `${body(number, group)}${percentSpace ? '\u00a0' : ''}%`);
    }
    case 'C': {
      const number = rounded(value, digits ?? 2);
      const shown = body(number, group);
      if (currency.after) return signed(number, `${shown}\u00a0${currency.symbol}`);
      return number.negative ? `(${currency.symbol}${shown})` : currency.symbol + shown;
    }
    case 'D':
      return whole ? signed(value, value.whole.padStart(digits ?? 0, '0')) : null;
    case 'X': {
      if (!whole) return null;
      const number = BigInt.asUintN(64, BigInt(`${value.negative ? '-' : ''}${value.whole}`));
      const hex = (value.negative && number >> 32n === 0xffffffffn ? BigInt.asUintN(32, number) : number).toString(16);
      return (letter === 'X' ? hex.toUpperCase() : hex).padStart(digits ?? 0, '0');
    }
    case 'E': {
      const [mantissa, exponent] = Number(`${value.negative ? '-' : ''}${value.whole}.${value.fraction || '0'}`)
        .toExponential(digits ?? 6)
        .split('e');
      const sign = exponent!.startsWith('-') ? '-' : '+';
      return `${mantissa!.replace('.', decimal)}${letter}${sign}${exponent!.replace(/[+-]/, '').padStart(3, '0')}`;
    }
    case 'G': {
      const fraction = value.fraction.replace(/0+$/, '');
      return signed(value, value.whole + (fraction === '' ? '' : decimal + fraction));
    }
    default:
      return null;
  }
}

/** Sections `positive;negative;zero` of `0 # , . %` and literals. */
function formatCustom(given: Digits, format: string, of: Culture): string {
  const sections = format.split(/;(?=(?:[^'"]|'[^']*'|"[^"]*")*$)/);
  const zero = !/[1-9]/.test(given.whole + given.fraction);
  const index = zero && sections[2] ? 2 : given.negative && sections[1] ? 1 : 0;
  const pattern = sections[index]!;
  const literals: string[] = [];
  let plain = pattern.replaceAll(/'([^']*)'|"([^"]*)"|\\(.)/g, (_, a?: string, b?: string, c?: string) => {
    literals.push(a ?? b ?? c ?? '');
    return '\u0001';
  });
  const percent = plain.includes('%');
  const value = percent ? digitsOf(`${given.negative ? '-' : ''}${given.whole}.${given.fraction}e2`) : given;
  const spots = plain.match(/[0#][0#,.]*/)?.[0] ?? '';
  const [before = '', after = ''] = spots.split('.', 2) as [string, string?];
  const number = rounded(value, after.replaceAll(',', '').length);
  const least = before.includes('0') ? before.slice(before.indexOf('0')).replaceAll(/[^0#]/g, '').length : 0;
  let whole = number.whole.padStart(least, '0');
  if (least === 0 && whole === '0') whole = '';
  if (/[0#],+[0#]/.test(before)) whole = grouped(whole, of.group);
  const optional = /#*$/.exec(after)![0].length;
  let fraction = number.fraction;
  for (let cut = 0; cut < optional && fraction.endsWith('0'); cut++) fraction = fraction.slice(0, -1);
  const shown = whole + (fraction === '' ? '' : of.decimal + fraction);
  plain = spots === '' ? plain : plain.replace(spots, () => shown);
  plain = plain.replaceAll('\u0001', () => literals.shift() ?? '');
  return number.negative && index === 0 ? `-${plain}` : plain;
}
