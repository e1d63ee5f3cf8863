const everyMs = 1000;

/**
 * Calls `ended` once when the process that started this one is gone. Jupyter names it in `JPY_PARENT_PID`; a front end that
 * wants its kernels to outlive it does not.
 * @returns ends the watch; may be called twice.
 */
export function whenParentEnds(ended: () => void, env: NodeJS.ProcessEnv = process.env): () => void {
  const parent = Number(env.JPY_PARENT_PID);
  if (!Number.isInteger(parent) || parent <= 1) return () => {};
  const timer = setInterval(() => {
    if (isRunning(parent)) return;
    clearInterval(timer);
    ended();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is there all the same.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
