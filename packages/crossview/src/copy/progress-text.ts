import type { CopyProgress } from '@crossview/copy';

const steps: Readonly<Record<CopyProgress['step'], string>> = {
  connecting: 'connecting',
  reading: 'reading',
  loading: 'loading into the sink',
  done: 'done',
};

/** When an activity gave its first rows, and how many they were: what the rate is counted from. */
interface Beginning {
  readonly at: number;
  readonly rows: number;
}

/** How a copy goes on, in a line: `1,240,000 rows, 98 MB, 251,000 rows/s`. */
function progressText({ rowsRead, bytesRead, step }: CopyProgress, from: Beginning, now: number): string {
  if (rowsRead === 0) return steps[step];
  const count = (value: number) => Math.round(value).toLocaleString('en-US');
  const megabytes = (bytesRead / 1_048_576).toFixed(bytesRead < 10_485_760 ? 1 : 0);
  const seconds = (now - from.at) / 1_000;
  const rate = seconds > 0.2 ? `${count((rowsRead - from.rows) / seconds)} rows/s` : steps.reading;
  return `${count(rowsRead)} rows, ${megabytes} MB, ${step === 'reading' ? rate : steps[step]}`;
}

/**
 * Passes progress on at most so often; a new step at once.
 * @param every milliseconds between two calls.
 */
export function throttled(
  every: number,
  show: (progress: CopyProgress, text: string) => void,
): (progress: CopyProgress) => void {
  let last = '';
  let shown = 0;
  let from: Beginning | undefined;
  return (progress) => {
    const now = Date.now();
    if (progress.step === 'connecting') from = undefined;
    if (progress.rowsRead > 0) from ??= { at: now, rows: progress.rowsRead };
    const current = `${progress.activity} ${progress.step}`;
    if (current === last && now - shown < every) return;
    last = current;
    shown = now;
    show(progress, progressText(progress, from ?? { at: now, rows: 0 }, now));
  };
}
