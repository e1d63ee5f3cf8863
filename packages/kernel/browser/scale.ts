export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/** Bounds and steps that are read easily: 1, 2 or 5 times a power of ten, at most about `most` of them. */
export function numberScale(least: number, greatest: number, most = 6): Scale {
  const [low, high] = greatest > least ? [least, greatest] : [Math.min(0, least), Math.max(0, greatest) || least + 1];
  const rough = (high - low) / most || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((it) => it * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
  return { low: first * step, high: last * step, ticks };
}

const second = 1000;
const day = 86_400 * second;
const steps = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200].map((it) => it * second);
const days = [1, 2, 7, 14].map((it) => it * day);
const months = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200];

/** Ticks at whole seconds, hours, days, months or years (UTC); the bounds stay those of the data. */
export function dateScale(least: number, greatest: number, most = 7): Scale {
  if (!(greatest > least)) return { low: least - day, high: least + day, ticks: [least] };
  const rough = (greatest - least) / most;
  const step = [...steps, ...days].find((it) => it >= rough);
  const ticks: number[] = [];
  if (step !== undefined) {
    for (let at = Math.ceil(least / step) * step; at <= greatest; at += step) ticks.push(at);
  } else {
    const every = months.find((it) => it * 30.4 * day >= rough) ?? 1200;
    const begin = new Date(least);
    let month = Math.ceil((begin.getUTCFullYear() * 12 + begin.getUTCMonth()) / every) * every;
    for (; ; month += every) {
      const at = Date.UTC(Math.floor(month / 12), month % 12, 1);
      if (at > greatest) break;
      if (at >= least) ticks.push(at);
    }
  }
  return { low: least, high: greatest, ticks };
}

export function dateText(at: number, span: number): string {
  const text = new Date(at).toISOString();
  if (span > 900 * day) return text.slice(0, 7);
  if (span > 3 * day) return text.slice(0, 10);
  if (span > 2 * 60 * second) return text.slice(5, 16).replace('T', ' ');
  return text.slice(11, 19);
}

export function numberText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-4)) return value.toExponential(1);
  if (size >= 1e6) return value.toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 2 });
  return value.toLocaleString('en-US', { maximumFractionDigits: size < 1 ? 4 : 2 });
}
