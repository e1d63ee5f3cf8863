import type { Language, LanguageContext, LanguageModule, Redactor, SessionServer } from '@crossview/contracts';
import type { ConnectionInfo } from '@crossview/jupyter-wire';
import { Assist } from './cell/assist.js';
import { CellRunner } from './cell/cell-runner.js';
import { Comms } from './cell/comms.js';
import { Dispatcher } from './cell/dispatcher.js';
import { History } from './cell/history.js';
import { Languages } from './cell/languages.js';
import { loadLanguages, loadMagics } from './cell/registry.js';
import { frameMethods } from './frames/session-methods.js';
import { openFront } from './front/front.js';
import { kernelInfo } from './front/kernel-info.js';

export interface KernelOptions {
  readonly connection: ConnectionInfo;
  /** What the languages work with. The kernel closes none of it. */
  readonly context: Omit<LanguageContext, 'valueOf'>;
  /** Name or alias of the language of cells without a magic. */
  readonly defaultLanguage: string;
  readonly session: SessionServer;
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
  /** Ends the languages and the sockets. May be called twice. */
  close(): Promise<void>;
}

/**
 * Serves a connection file. It answers `kernel_info_request` before any language has started.
 * @throws CrossviewError `PORT_TAKEN`, `LANGUAGE_UNKNOWN`
 */
export async function startKernel(options: KernelOptions): Promise<Kernel> {
  const [builtIn, magics] = await Promise.all([loadLanguages(), loadMagics()]);
  const languages = new Languages([...builtIn, ...(options.languages ?? [])], options.context, options.defaultLanguage);
  const front = await openFront(options.connection);
  const history = new History();
  const dispatcher = new Dispatcher(languages, magics, history);
  const comms = new Comms();
  const { publisher, inputs } = front;
  const { defaultName: defaultLanguage } = languages;
  const runner = new CellRunner({ publisher, inputs, dispatcher, comms, defaultLanguage, redactor: options.redactor });
  const assist = new Assist(dispatcher, defaultLanguage);
  const info = kernelInfo(languages.module(defaultLanguage));
  frameMethods(options.session);

  let asked = false;
  let warmed = false;
  let closing: Promise<void> | undefined;
  let closed = () => {};
  const whenClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const close = (): Promise<void> => {
    closing ??= (async () => {
      runner.interrupt();
      await languages.stop();
      await front.close();
      closed();
    })();
    return closing;
  };

  front.serve({
    requests: {
      kernel_info_request() {
        asked = true;
        return info;
      },
      execute_request: (content, request) => runner.execute(content, request),
      complete_request: (content) => assist.complete(content),
      inspect_request: (content) => assist.inspect(content),
      is_complete_request: ({ code }) => assist.isComplete(code),
      history_request: (content) => ({ status: 'ok', history: history.answer(content) }),
      comm_info_request: ({ target_name }) => ({ status: 'ok', comms: comms.info(target_name) }),
      interrupt_request() {
        runner.interrupt();
        return { status: 'ok' };
      },
      shutdown_request: ({ restart }) => ({ status: 'ok', restart }),
    },
    comm: (message) => runner.comm(message),
    aborted: () => ({ status: 'aborted', execution_count: runner.executionCount }),
    ended: () => void close(),
    idle() {
      if (!asked || warmed) return;
      warmed = true;
      // Not at once: a front end that only wanted to know the kernel is gone by then.
      setTimeout(() => void (closing ? undefined : warm(languages.get(defaultLanguage))), 200).unref();
    },
  });
  return { closed: whenClosed, interrupt: () => runner.interrupt(), close };
}

async function warm(language: Language): Promise<void> {
  await language.warm?.().catch(() => {});
}
