import type { SessionDirectories } from '@crossview/contracts';
import type { KernelContext } from '@crossview/kernel';
import { type Kernel, startKernel } from '@crossview/kernel/start';
import { readConnectionFile } from './session/connection-file.js';
import { startsSpark } from './session/starts-spark.js';

export interface KernelProcessOptions {
  /** Jupyter's connection file. */
  readonly connectionFile: string;
  /** The language of cells without a magic line, as `%%name` says it. */
  readonly language: string;
  /** The notebook's directory. */
  readonly workingDirectory: string;
}

/**
 * Runs a kernel until it is told to shut down. Resolves when everything of the session has ended. The front is opened at
 * once; what is behind it is loaded when the front end has been answered, which saves it half a second.
 */
export async function runKernelProcess({
  connectionFile,
  language,
  workingDirectory,
}: KernelProcessOptions): Promise<void> {
  const closers: (() => Promise<void> | void)[] = [];
  let kernel: Kernel | undefined;
  const show = {
    say: (text: string) => kernel?.say(text) ?? false,
    progress: (line: string | undefined) => kernel?.progress(line),
  };
  let leave = () => {};
  let directories: SessionDirectories | undefined;
  const ownDirectories = async (): Promise<SessionDirectories> => {
    const [{ makeSessionDirectories, removeSessionDirectories }, { places }] = await Promise.all([
      import('./session/directories.js'),
      import('./places.js'),
    ]);
    const made = makeSessionDirectories(places());
    leave = () => removeSessionDirectories(made);
    process.once('exit', leave);
    return made;
  };
  let spark: KernelContext['spark'] | undefined;
  const open = async () => {
    // Made once: a session that could not be opened is opened again by the next cell.
    directories ??= await ownDirectories();
    const { openSession } = await import('./session/open-session.js');
    const parts = await openSession({ directories, workingDirectory, show }, closers);
    spark = parts.context.spark;
    return parts;
  };
  let early: ReturnType<typeof open> | undefined;
  try {
    kernel = await startKernel({
      connection: readConnectionFile(connectionFile),
      defaultLanguage: language,
      openSession: () => {
        const opening = early ?? open();
        early = undefined;
        return opening;
      },
      // Spark takes longest to end; it needs none of the languages for that.
      closing: () => void spark?.close().catch(() => {}),
    });
    // A run of a whole notebook waits for Spark soon: it starts while the runner still makes itself ready.
    if (process.env[startsSpark]) {
      early = open();
      early.catch(() => {});
    }
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void kernel?.close());
    // Jupyter signals a whole process group; a Stop comes as a message, so that it reaches the right cell once.
    process.on('SIGINT', () => kernel?.interrupt());
    closeWithParent(kernel);
    await kernel.closed;
  } finally {
    // A session that nobody has asked for yet may still be opening.
    await early?.catch(() => {});
    for (const close of closers.reverse()) await Promise.resolve(close()).catch(() => {});
    leave();
  }
}

/** A kernel whose server or client was killed ends as well; Jupyter says in `JPY_PARENT_PID` that it wants that. */
function closeWithParent(kernel: Kernel): void {
  const parent = process.ppid;
  if (process.env.JPY_PARENT_PID !== String(parent)) return;
  setInterval(() => {
    if (process.ppid !== parent) void kernel.close();
  }, 1000).unref();
}
