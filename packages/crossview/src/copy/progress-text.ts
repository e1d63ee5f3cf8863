import type { CopyProgress } from '@crossview/copy';

const steps: Readonly<Record<CopyProgress['step'], string>> = {
  connecting: 'connecting',
  reading: 'reading',
  loading: 'loading into the sink',
  done: 'done',
};

/** How a copy goes on, in a line: `1,240,000 rows, 98 MB, 251,000 rows/s`. `since` is when the activity began to read. */
export function progressText({ rowsRead, bytesRead, step }: CopyProgress, since: number): string {
  if (rowsRead === 0) return steps[step];
  const seconds = Math.max(0.001, (Date.now() - since) / 1_000);
  const count = (value: number) => Math.round(value).toLocaleString('en-US');
  const megabytes = (bytesRead / 1_048_576).toFixed(bytesRead < 10_485_760 ? 1 : 0);
  const rate = step === 'reading' ? `, ${count(rowsRead / seconds)} rows/s` : `, ${steps[step]}`;
  return `${count(rowsRead)} rows, ${megabytes} MB${rate}`;
}

/**
 * Passes progress on at most so often, each activity with its own clock; the last step of an activity always.
 * @param every milliseconds between two calls.
 */
export function throttled(
  every: number,
  show: (progress: CopyProgress, text: string) => void,
): (progress: CopyProgress) => void {
  let activity = '';
  let since = 0;
  let shown = 0;
  let lastStep = '';
  return (progress) => {
    const now = Date.now();
    if (progress.activity !== activity || progress.step === 'connecting') {
      activity = progress.activity;
      since = now;
    }
    if (progress.step === lastStep && now - shown < every) return;
    if (lastStep === 'connecting' && progress.step === 'reading') since = Math.min(since, now);
    lastStep = progress.step;
    shown = now;
    show(progress, progressText(progress, since));
  };
}
