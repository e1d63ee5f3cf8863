import { setTimeout as pause } from 'node:timers/promises';
import type { LanguageContext, LanguageModule, Redactor } from '@crossview/contracts';
import type { ConnectionInfo } from '@crossview/jupyter-wire';
import { Comms } from './cell/comms.js';
import { History } from './cell/history.js';
import { defaultLanguageModule } from './cell/registry.js';
import type { Workshop } from './cell/workshop.js';
import { openFront } from './front/front.js';
import { kernelInfo } from './front/kernel-info.js';

// What stands above is all that is loaded before a front end has its first answer; the rest comes with `Workshop`.

export type KernelContext = Omit<LanguageContext, 'valueOf'>;

/** What a kernel can do without before its first answer. */
export interface KernelSessionParts {
  /** What the languages work with; the kernel closes none of it. */
  readonly context: KernelContext;
  /** Takes known secrets out of what cells show; without one nothing is taken out. */
  readonly redactor?: Redactor;
  /** Languages besides those in `languages/`, but the default one. */
  readonly languages?: readonly LanguageModule[];
}

export interface KernelOptions {
  readonly connection: ConnectionInfo;
  /**
   * Called when something is needed of it, or when the front end has been answered and waits: what takes long to load does
   * not delay the first answer.
   */
  openSession(): Promise<KernelSessionParts>;
  /** Name or alias of the language of cells without a magic. */
  readonly defaultLanguage: string;
  /** Called when the kernel begins to end: what it stood on may end beside its languages. */
  readonly closing?: () => void;
  /** Languages besides those in `languages/`. */
  readonly languages?: readonly LanguageModule[];
}

export interface Kernel {
  /** Resolves when a front end has shut the kernel down, or `close` was called. */
  readonly closed: Promise<void>;
  /** Stops the running cell. */
  interrupt(): void;
  /** Shows a text in the running cell; false when none runs. */
  say(text: string): boolean;
  /** What the session does just now for the running cell, in the line about its progress; `undefined` when it is done. */
  progress(line: string | undefined): void;
  /** Ends the languages and the sockets. May be called twice. */
  close(): Promise<void>;
}

/** `jupyter console` asks for this with the first Enter, and waits one second in all. */
const openingPatience = 300;

/** A front end that only wanted to know the kernel is gone after this long. */
const warmAfter = 200;

/**
 * Serves a connection file. It answers `kernel_info_request` before any language has started.
 * @throws CrossviewError `PORT_TAKEN`, `LANGUAGE_UNKNOWN`
 */
export async function startKernel(options: KernelOptions): Promise<Kernel> {
  const opened = openFront(options.connection);
  const defaultModule = await defaultLanguageModule(options.defaultLanguage, options.languages ?? []).catch(
    async (error: unknown) => {
      await (await opened.catch(() => undefined))?.close();
      throw error;
    },
  );
  const front = await opened;
  const history = new History();
  const comms = new Comms();
  const { publisher, inputs } = front;

  let workshop: Workshop | undefined;
  let opening: Promise<Workshop> | undefined;
  const open = (): Promise<Workshop> => {
    opening ??= (async () => {
      const [{ openWorkshop }, { languages = [], ...session }] = await Promise.all([
        import('./cell/workshop.js'),
        options.openSession(),
      ]);
      const parts = { ...session, languages: [...languages, ...(options.languages ?? [])], history, comms };
      workshop = await openWorkshop({ ...parts, defaultLanguage: defaultModule.name, publisher, inputs });
      return workshop;
    })();
    // The next request tries again: what was missing may have come.
    opening.catch(() => {
      opening = undefined;
    });
    return opening;
  };

  let asked = false;
  let warmed = false;
  let closing: Promise<void> | undefined;
  let closed = () => {};
  const whenClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  /** A first cell, which waits until the session is open: Stop may come before it begins. */
  let first: { stopped: boolean } | undefined;
  const interrupt = () => {
    if (first) first.stopped = true;
    else workshop?.runner.interrupt();
  };
  const close = (): Promise<void> => {
    closing ??= (async () => {
      interrupt();
      options.closing?.();
      await (await opening?.catch(() => undefined))?.languages.stop();
      await front.close();
      closed();
    })();
    return closing;
  };
  const warm = async () => {
    if (closing) return;
    const { languages } = await open();
    if (!closing) await languages.get(defaultModule.name).warm?.();
  };

  const info = kernelInfo(defaultModule);
  front.serve({
    requests: {
      kernel_info_request() {
        asked = true;
        return info;
      },
      async execute_request(content, request) {
        const cell = { stopped: false };
        first = cell;
        const { runner } = await open().finally(() => {
          first = undefined;
        });
        return runner.execute(content, request, cell.stopped);
      },
      complete_request: async (content) => (await open()).assist.complete(content),
      inspect_request: async (content) => (await open()).assist.inspect(content),
      async is_complete_request({ code }) {
        const ready = await Promise.race([open().catch(() => undefined), pause(openingPatience)]);
        if (ready) return ready.assist.isComplete(code);
        const { guessCompleteness } = await import('./cell/guess-completeness.js');
        return guessCompleteness(code);
      },
      history_request: (content) => ({ status: 'ok', history: history.answer(content) }),
      comm_info_request: ({ target_name }) => ({ status: 'ok', comms: comms.info(target_name) }),
      interrupt_request() {
        interrupt();
        return { status: 'ok' };
      },
      shutdown_request: ({ restart }) => ({ status: 'ok', restart }),
    },
    comm: async (message) => (await open()).runner.comm(message),
    aborted: () => ({ status: 'aborted', execution_count: workshop?.runner.executionCount ?? 0 }),
    ended: () => void close(),
    idle() {
      if (!asked || warmed) return;
      warmed = true;
      setTimeout(() => void warm().catch(() => {}), warmAfter).unref();
    },
  });
  return {
    closed: whenClosed,
    interrupt: () => void interrupt(),
    say: (text) => workshop?.runner.say(text) ?? false,
    progress: (line) => workshop?.runner.progress(line),
    close,
  };
}
