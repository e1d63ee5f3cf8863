import type { LanguageContext } from '@crossview/contracts';
import { discard } from '../sub-kernels/discard-output.js';
import type { SubKernel } from '../sub-kernels/sub-kernel.js';
import { carriedViews, type ViewRoad } from './carried-views.js';
import { ViewComm, viewsTarget } from './view-comm.js';

export type { ViewRoad };

/**
 * Gives a kernel that was just started the object `views`, when it is a Python one.
 * @param language what views that it publishes are said to be made in
 */
export async function giveViews(
  kernel: SubKernel,
  { views, toolchain }: Pick<LanguageContext, 'views' | 'toolchain'>,
  road: ViewRoad,
  language: string,
): Promise<void> {
  if ((await kernel.programmingLanguage()) !== 'python') return;
  if (road === 'comm') kernel.serveComm(viewsTarget, (send) => new ViewComm(views, send, language));
  await kernel.execute({
    code: await carriedViews((await toolchain()).pythonPath, road),
    silent: true,
    storeHistory: false,
    userExpressions: {},
    allowStdin: false,
    metadata: {},
    output: discard,
    signal: new AbortController().signal,
  });
}
