import { setTimeout as pause } from 'node:timers/promises';
import type { LanguageContext, LanguageModule, Redactor } from '@crossview/contracts';
import type { ConnectionInfo } from '@crossview/jupyter-wire';
import { Comms } from './cell/comms.js';
import { guessCompleteness } from './cell/guess-completeness.js';
import { History } from './cell/history.js';
import { findLanguage } from './cell/languages.js';
import { loadLanguages, loadMagics } from './cell/registry.js';
import { Workshop } from './cell/workshop.js';
import { openFront } from './front/front.js';
import { kernelInfo } from './front/kernel-info.js';

export type KernelContext = Omit<LanguageContext, 'valueOf'>;

export interface KernelOptions {
  readonly connection: ConnectionInfo;
  /**
   * What the languages work with; the kernel closes none of it. A function is called when something is needed of it, or
   * when the front end has been answered and waits: what takes long to load does not delay the first answer.
   */
  readonly context: KernelContext | (() => Promise<KernelContext>);
  /** Name or alias of the language of cells without a magic. */
  readonly defaultLanguage: string;
  /** Takes known secrets out of what cells show; without one nothing is taken out. */
  readonly redactor?: Redactor;
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
  const [builtIn, magics] = await Promise.all([loadLanguages(), loadMagics()]);
  const modules = [...builtIn, ...(options.languages ?? [])];
  const defaultModule = findLanguage(modules, options.defaultLanguage);
  const front = await openFront(options.connection);
  const history = new History();
  const comms = new Comms();
  const { publisher, inputs } = front;
  const { redactor } = options;

  let workshop: Workshop | undefined;
  let opening: Promise<Workshop> | undefined;
  const open = (): Promise<Workshop> => {
    opening ??= (async () => {
      const context = typeof options.context === 'function' ? await options.context() : options.context;
      const parts = { context, modules, magics, defaultLanguage: defaultModule.name };
      workshop = new Workshop({ ...parts, history, comms, publisher, inputs, redactor });
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
  const interrupt = () => workshop?.runner.interrupt();
  const close = (): Promise<void> => {
    closing ??= (async () => {
      interrupt();
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
      execute_request: async (content, request) => (await open()).runner.execute(content, request),
      complete_request: async (content) => (await open()).assist.complete(content),
      inspect_request: async (content) => (await open()).assist.inspect(content),
      async is_complete_request({ code }) {
        const ready = await Promise.race([open().catch(() => undefined), pause(openingPatience)]);
        return ready ? ready.assist.isComplete(code) : guessCompleteness(code);
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
