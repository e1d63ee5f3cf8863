import {
  type Cell,
  type CellOutcome,
  type CellOutput,
  type CommMessage,
  CrossviewError,
  type Language,
  type LanguageContext,
  type LanguageModule,
  type MagicOption,
} from '@crossview/contracts';
import { readOptions, splitWords, textOption } from '../sql/options.js';
import { findKernelspec, kernelspecNames } from '../sub-kernels/kernelspecs.js';
import { SubKernel } from '../sub-kernels/sub-kernel.js';
import { carryViews } from '../view-comm/carry-views.js';
import { giveViews, type ViewRoad } from '../view-comm/give-views.js';

const options: readonly MagicOption[] = [
  {
    flags: ['-server', '--server'],
    value: 'SERVER',
    description: 'A Jupyter Server or Gateway of the profile, or its URL with the token in CROSSVIEW_JUPYTER_TOKEN',
  },
  {
    flags: ['-i', '--input'],
    value: 'VIEW,…',
    description: 'Views that become variables of the kernel before the cell',
  },
  {
    flags: ['-o', '--output'],
    value: 'NAME,…',
    description: 'Variables of the kernel that become views after the cell',
  },
];

/** Kernels of this host that do not see the session's files, in containers for instance. */
const filesAreOff = () => process.env.CROSSVIEW_VIEWS_ROAD === 'comm';

/** Cells in any Jupyter kernel: `%%kernel NAME`. One kernel for each name and server, kept for the session. */
class OtherKernel implements Language {
  readonly name = 'kernel';
  readonly #kernels = new Map<string, Promise<SubKernel>>();
  #commsGone: (ids: readonly string[]) => void = () => {};

  constructor(readonly context: LanguageContext) {}

  async execute(cell: Cell): Promise<CellOutcome> {
    const before = readOptions(this.name, cell.argumentLine, options);
    const [name] = splitWords(before.rest);
    if (name === undefined)
      throw new CrossviewError('KERNEL_MISSING', '%%kernel: which kernel?', {
        hint: 'Write %%kernel NAME, as jupyter kernelspec list shows it.',
      });
    const after = readOptions(this.name, before.rest.slice(before.rest.indexOf(name) + name.length), options);
    const asked = (option: string) => textOption(after, option) ?? textOption(before, option);
    const names = (option: string) => (asked(option) ?? '').split(',').filter((one) => one !== '');
    const server = asked('server');
    const kernel = await this.#kernel(name, server);
    const carried = { inputs: names('i'), outputs: names('o') };
    const here = server === undefined && !filesAreOff();
    return carryViews(kernel, carried, { views: this.context.views, language: name, here }, cell);
  }

  async comm(message: CommMessage, output: CellOutput): Promise<void> {
    const all = await Promise.all([...this.#kernels.values()].map((kernel) => kernel.catch(() => undefined)));
    const owner = all.find((kernel) => kernel?.hasComm(message.content.comm_id));
    await owner?.comm(message, output);
  }

  onCommsGone(listener: (ids: readonly string[]) => void): void {
    this.#commsGone = listener;
  }

  /** May be called twice. */
  async close(): Promise<void> {
    const all = [...this.#kernels.values()];
    this.#kernels.clear();
    await Promise.allSettled(all.map(async (kernel) => (await kernel).close()));
  }

  async #kernel(name: string, server: string | undefined): Promise<SubKernel> {
    const key = JSON.stringify([name, server]);
    const running = await this.#kernels.get(key)?.catch(() => undefined);
    if (running?.running) return running;
    const starting = server === undefined ? this.#startHere(name) : this.#startElsewhere(name, server);
    this.#kernels.set(key, starting);
    return starting;
  }

  async #startHere(name: string): Promise<SubKernel> {
    const { toolchain, workingDirectory, directories } = this.context;
    const { argv, environment, interruptMode } = await findKernelspec(name, (await toolchain()).python);
    const runtimeDirectory = directories.arrow;
    const { host, port, token } = this.context.session.address;
    const road: ViewRoad = filesAreOff() ? 'comm' : 'files';
    const session =
      road === 'comm'
        ? {}
        : {
            CROSSVIEW_SESSION: `${host}:${port}`,
            CROSSVIEW_SESSION_TOKEN: token,
            CROSSVIEW_SESSION_ROLE: 'kernel',
          };
    const kernel = await SubKernel.start(this.name, {
      ...{ name, argv, interruptMode, workingDirectory, runtimeDirectory },
      environment: { ...environment, ...session },
      // As every front end does it: some kernels know no other (tslab, for one), and a kernel that prints faster than it
      // is read drops output sooner over a Unix socket, whose buffer is small.
      transport: 'tcp' as const,
    });
    kernel.onCommsGone = (ids) => this.#commsGone(ids);
    await giveViews(kernel, this.context, road, name);
    return kernel;
  }

  async #startElsewhere(name: string, url: string): Promise<SubKernel> {
    const kernel = await SubKernel.startOn(this.name, this.context.jupyterServer(url), name);
    kernel.onCommsGone = (ids) => this.#commsGone(ids);
    await giveViews(kernel, this.context, 'comm', name);
    return kernel;
  }
}

const otherKernel: LanguageModule = {
  name: 'kernel',
  aliases: [],
  title: 'Any Jupyter kernel',
  summary: '%%kernel NAME runs the cell in an installed kernel, or in one of a Jupyter Server',
  fileExtension: '.txt',
  mimeType: 'text/plain',
  options,
  values: async ({ toolchain }) => kernelspecNames((await toolchain()).python),
  create: (context) => new OtherKernel(context),
};

export default otherKernel;
