import { CrossviewError } from '@crossview/contracts';

/**
 * Waits for something that cannot be stopped itself (an engine that starts), but no longer than the user does.
 * @throws CrossviewError `STOPPED`; the work goes on, and the next cell finds it done.
 */
export async function unlessStopped<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new CrossviewError('STOPPED', 'The cell was stopped'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  work.catch(() => {});
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
