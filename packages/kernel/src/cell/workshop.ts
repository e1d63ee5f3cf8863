import type { LanguageContext, LanguageModule, Magic, Redactor } from '@crossview/contracts';
import { frameMethods } from '../frames/session-methods.js';
import type { Publisher } from '../front/publisher.js';
import type { InputRequests } from '../front/stdin.js';
import { Exits } from '../notebook/exits.js';
import { NotebookRuns } from '../notebook/notebook-runs.js';
import { notebookMethods } from '../notebook/session-methods.js';
import { Assist } from './assist.js';
import { CellRunner } from './cell-runner.js';
import type { Comms } from './comms.js';
import { Dispatcher } from './dispatcher.js';
import type { History } from './history.js';
import { Languages } from './languages.js';
import { loadLanguages, loadMagics } from './registry.js';

interface SharedParts {
  readonly context: Omit<LanguageContext, 'valueOf'>;
  readonly defaultLanguage: string;
  readonly history: History;
  readonly comms: Comms;
  readonly publisher: Publisher;
  readonly inputs: InputRequests;
  readonly redactor?: Redactor | undefined;
}

interface WorkshopParts extends SharedParts {
  readonly modules: readonly LanguageModule[];
  readonly magics: readonly Magic[];
}

/** @param languages those besides the ones in `languages/`. */
export async function openWorkshop({
  languages,
  ...parts
}: SharedParts & { readonly languages: readonly LanguageModule[] }): Promise<Workshop> {
  const [builtIn, magics] = await Promise.all([loadLanguages(), loadMagics()]);
  return new Workshop({ ...parts, modules: [...builtIn, ...languages], magics });
}

/** Everything behind the front that needs the session: it comes into being with the first request that does. */
export class Workshop {
  readonly languages: Languages;
  readonly runner: CellRunner;
  readonly assist: Assist;

  constructor({ context, modules, magics, defaultLanguage, history, redactor, ...rest }: WorkshopParts) {
    this.languages = new Languages(modules, context, defaultLanguage);
    // Widgets whose engine is gone must not look alive.
    const closed = (ids: readonly string[]) => {
      for (const id of ids) rest.publisher.publish('comm_close', { comm_id: id, data: {} }, {});
    };
    this.languages.onStopped = (name) => closed(rest.comms.forget(name));
    this.languages.onCommsGone = (ids) => closed(rest.comms.drop(ids));
    const dispatcher = new Dispatcher(this.languages, magics, history);
    const exits = new Exits();
    this.runner = new CellRunner({ ...rest, redactor, dispatcher, defaultLanguage, exits });
    this.assist = new Assist(dispatcher, defaultLanguage);
    frameMethods(context.session);
    const runs = new NotebookRuns({ context, modules, magics, defaultLanguage, exits });
    notebookMethods(context.session, { runs, exits, stopLater: (what) => this.runner.stopAfterCell(what) });
  }
}
