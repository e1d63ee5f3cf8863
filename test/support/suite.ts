import { appendFileSync } from 'node:fs';
import { type Callback, type Context, suite as uvuSuite } from 'uvu';

export interface StrictOptions {
  /** How long one test or hook may take, in milliseconds. uvu itself knows no timeouts. */
  readonly timeout?: number;
}

export interface TestOptions {
  readonly timeout?: number;
}

type Body<T> = Callback<T>;

/** A process that does not end after its last test is asked by the runner what keeps it. */
process.on('SIGUSR2', () => {
  const { _getActiveHandles: handles } = process as unknown as { _getActiveHandles(): object[] };
  const named = handles.call(process).map((handle) => {
    const { spawnargs, remotePort, localPort, path } = handle as Record<string, unknown>;
    return [handle.constructor.name, spawnargs, localPort, remotePort, path].filter((it) => it !== undefined).join(' ');
  });
  console.error(`kept by ${[...process.getActiveResourcesInfo(), ...named].join('; ')}`);
});

/** With CROSSVIEW_TEST_TIMES=FILE each test and hook leaves a line there: how long it took and how long it may take, so that limits that are met too nearly are found before they fail. */
function noteTime(suiteName: string, what: string, milliseconds: number, limit: number): void {
  const file = process.env.CROSSVIEW_TEST_TIMES;
  if (file) appendFileSync(file, `${JSON.stringify({ suite: suiteName, what, milliseconds, limit })}\n`);
}

/** The environment variables that unskip tests, so that a skip always names its cure. */
function skipReason(unless: string | undefined): string | undefined {
  return unless !== undefined && !process.env[unless] ? `set ${unless}=1 to run it` : undefined;
}

/**
 * A uvu suite that cannot fail in silence.
 *
 * uvu 0.5.6 exits 0 when `before` or `after.each` throws, when a test throws something that is not an Error, and when
 * `run()` is forgotten; it knows no timeouts. Here each of these fails the run. The shape is uvu's, so tests read the same.
 */
export function suite<T = Context>(name: string, context?: T, { timeout = 20_000 }: StrictOptions = {}) {
  const inner = uvuSuite<T>(name, context);
  const cleanups: Body<T>[] = [];
  let broken: Error | undefined;
  let started = false;

  async function bounded(what: string, body: Body<T>, state: Parameters<Body<T>>[0], limit: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const begun = Date.now();
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what} took longer than ${limit} ms`)), limit);
    });
    try {
      await Promise.race([Promise.resolve().then(() => body(state)), late]);
    } catch (thrown) {
      throw thrown instanceof Error ? thrown : new Error(`${what} threw something that is no Error: ${String(thrown)}`);
    } finally {
      clearTimeout(timer);
      noteTime(name, what, Date.now() - begun, limit);
    }
  }

  const wrap =
    (title: string, body: Body<T>, limit: number): Body<T> =>
    async (state) => {
      if (broken) throw broken;
      try {
        await bounded(`test "${title}"`, body, state, limit);
      } finally {
        for (const cleanup of cleanups) await bounded('after.each', cleanup, state, timeout);
      }
    };

  const test = (title: string, body: Body<T>, options: TestOptions = {}) =>
    inner(title, wrap(title, body, options.timeout ?? timeout));

  /** Runs only when the environment variable is set; otherwise it is counted as skipped and says how to run it. */
  test.needs = (variable: string, title: string, body: Body<T>, options: TestOptions = {}) => {
    const reason = skipReason(variable);
    if (reason === undefined) test(title, body, options);
    else inner.skip(`${title} (${reason})`);
  };

  test.before = Object.assign(
    (hook: Body<T>, options: TestOptions = {}) =>
      inner.before(async (state) => {
        await bounded('before', hook, state, options.timeout ?? timeout).catch((error: Error) => {
          broken ??= error;
        });
      }),
    { each: (hook: Body<T>) => inner.before.each((state) => bounded('before.each', hook, state, timeout)) },
  );

  test.after = Object.assign(
    (hook: Body<T>, options: TestOptions = {}) =>
      inner.after(async (state) => {
        await bounded('after', hook, state, options.timeout ?? timeout).catch((error: Error) => {
          console.error(error);
          // Where the runner sees it, also when it has to end this process itself.
          console.log('after hook failed');
          // uvu sets exitCode itself at the end, so the failure is said again when the process leaves.
          process.once('exit', () => {
            process.exitCode = 1;
          });
        });
      }),
    { each: (hook: Body<T>) => void cleanups.push(hook) },
  );

  test.run = () => {
    started = true;
    inner.run();
  };

  process.once('exit', () => {
    if (started) return;
    console.error(`suite "${name}" was never run()`);
    process.exitCode = 1;
  });
  return test;
}
