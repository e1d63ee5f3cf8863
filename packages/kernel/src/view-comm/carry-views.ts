import { join } from 'node:path';
import { type Cell, type CellOutcome, CrossviewError, type ViewCatalog } from '@crossview/contracts';
import { discard } from '../sub-kernels/discard-output.js';
import type { SubKernel } from '../sub-kernels/sub-kernel.js';
import { libraryMissing, type ViewCode, viewCodes } from './view-code.js';

export interface CarriedNames {
  /** Views that become variables of the kernel before the cell. */
  readonly inputs: readonly string[];
  /** Variables of the kernel that become views after it. */
  readonly outputs: readonly string[];
}

/** A name that every language of `codes/` can have for a variable. */
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Runs a cell of another kernel between the views that it reads and those that it makes.
 * @param here whether the kernel sees the files of this host
 * @throws CrossviewError `VIEW_NAME_INVALID`, `VIEW_NOT_FOUND`, `KERNEL_VIEWS_UNSUPPORTED` for languages without Arrow here,
 *   `KERNEL_LIBRARY_MISSING` where the library that reads Arrow is not installed there
 */
export async function carryViews(
  kernel: SubKernel,
  { inputs, outputs }: CarriedNames,
  { views, language, here }: { readonly views: ViewCatalog; readonly language: string; readonly here: boolean },
  cell: Cell,
): Promise<CellOutcome> {
  const wrong = [...inputs, ...outputs].find((name) => !variable.test(name));
  if (wrong !== undefined)
    throw new CrossviewError('VIEW_NAME_INVALID', `"${wrong}" cannot be both a view and a variable.`, {
      hint: 'Such a name has letters of English, digits and underscores, and begins with a letter or an underscore.',
      facts: { view: wrong },
    });
  const code = inputs.length + outputs.length > 0 ? await codeOf(kernel, language, here) : undefined;
  // R's kernel says of each silent cell that it went well.
  const silent = code?.languages.includes('python') ?? true;
  const quietly = (text: string) =>
    kernel.execute({ ...cell, code: text, silent, storeHistory: false, metadata: {}, output: discard });
  for (const name of code ? inputs : []) {
    // Whether it is there is asked for every language; only some are given the files.
    const { parts } = await views.read(name, { signal: cell.signal });
    const outcome = await quietly(code!.read(name, parts));
    if (outcome.status !== 'ok') return explained(outcome, name, code!, language);
  }
  const outcome = await kernel.execute({ ...cell, metadata: {} });
  for (const name of code && outcome.status === 'ok' ? outputs : []) {
    const failed = await publish(name, code!, { views, language }, quietly);
    if (failed) return explained(failed, name, code!, language);
  }
  return outcome;
}

/** Says what to install, where that was the reason. */
function explained(outcome: CellOutcome, view: string, code: ViewCode, kernel: string): CellOutcome {
  if (outcome.status !== 'error' || !outcome.value.includes(libraryMissing)) return outcome;
  throw new CrossviewError(
    'KERNEL_LIBRARY_MISSING',
    `View "${view}" needs ${code.library} in the kernel ${kernel}, where it is not installed.`,
    { hint: `${code.install}, then run the cell again.`, facts: { view, kernel, library: code.library } },
  );
}

async function codeOf(kernel: SubKernel, name: string, here: boolean): Promise<ViewCode> {
  const language = await kernel.programmingLanguage();
  const codes = await viewCodes();
  const found = codes.find(({ languages }) => languages.includes(language));
  // Python fetches them itself, wherever it is.
  if (found && (here || language === 'python')) return found;
  const known = codes.flatMap(({ languages }) => languages).join(', ');
  throw new CrossviewError(
    'KERNEL_VIEWS_UNSUPPORTED',
    found
      ? `The kernel ${name} (${language}) runs where the files of views are not.`
      : `The kernel ${name} (${language}) cannot be given views.`,
    {
      hint: found
        ? 'Kernels elsewhere are given views when they are Python; on this host they may also be R, Julia or JavaScript.'
        : `%%kernel NAME -i and -o know ${known}. Write a file in a Python cell that this kernel can read.`,
      facts: { kernel: name, language },
    },
  );
}

async function publish(
  name: string,
  code: ViewCode,
  { views, language }: { readonly views: ViewCatalog; readonly language: string },
  quietly: (text: string) => Promise<CellOutcome>,
): Promise<CellOutcome | undefined> {
  if (code.languages.includes('python')) {
    const outcome = await quietly(code.write(name, ''));
    return outcome.status === 'ok' ? undefined : outcome;
  }
  const directory = await views.allocate();
  const path = join(directory, 'part-0.arrows');
  const data = { parts: [path], rows: 0, bytes: 0, totalRows: undefined };
  const outcome = await quietly(code.write(name, path));
  if (outcome.status !== 'ok') {
    await views.discard(directory);
    return outcome;
  }
  await views.publish(name, data, language);
  return undefined;
}
