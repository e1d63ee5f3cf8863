// Customization hooks of Node's module loader (https://nodejs.org/api/module.html#customization-hooks), in a thread of theirs.
import { readFile, stat } from 'node:fs/promises';
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';

const cellScheme = 'crossview-cell:';
const typescript = /\.[cm]?ts$/;
const endings = ['.ts', '.mts', '.js', '.mjs', '/index.ts', '/index.js'];
let notebook = '';

export const initialize: InitializeHook<{ notebook: string }> = (data) => {
  notebook = data.notebook;
};

/**
 * Imports of cells start at the notebook's directory; packages that are not installed there are Crossview's own.
 * A file beside the notebook is loaded anew after it was changed.
 */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const fromCell = specifier.startsWith(cellScheme);
  const wanted = fromCell ? decodeURIComponent(specifier.slice(cellScheme.length)) : specifier;
  // One Arrow for the session: a table made with another copy of the library would be a stranger to `views`.
  if (fromCell && wanted === 'apache-arrow') return next(wanted, { ...context, parentURL: import.meta.url });
  const parentURL = fromCell ? notebook : context.parentURL;
  try {
    return await fresh(await resolveFile(wanted, parentURL, (name) => next(name, { ...context, parentURL })));
  } catch (error) {
    if (!fromCell || isPath(wanted)) throw error;
    try {
      return await next(wanted, { ...context, parentURL: import.meta.url });
    } catch {
      throw error;
    }
  }
};

/** TypeScript files lose their types; everything else is Node's business. */
export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith('file:') || !typescript.test(new URL(url).pathname)) return next(url, context);
  // Loaded on first use: most sessions import no TypeScript file.
  const { default: ts } = await import('typescript-api');
  const fileName = fileURLToPath(url);
  const { outputText, diagnostics } = ts.transpileModule(await readFile(fileName, 'utf8'), {
    fileName,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: fileName.endsWith('.cts') ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext,
      inlineSourceMap: true,
    },
  });
  const problem = diagnostics?.find((found) => found.category === ts.DiagnosticCategory.Error);
  if (problem?.file && problem.start !== undefined) {
    const { line, character } = problem.file.getLineAndCharacterOfPosition(problem.start);
    const text = ts.flattenDiagnosticMessageText(problem.messageText, '\n');
    throw new SyntaxError(`${fileName}:${line + 1}:${character + 1}: ${text}`);
  }
  return { format: fileName.endsWith('.cts') ? 'commonjs' : 'module', source: outputText, shortCircuit: true };
};

type Resolved = Awaited<ReturnType<ResolveHook>>;

async function resolveFile(
  specifier: string,
  parentURL: string | undefined,
  next: (specifier: string) => Resolved | Promise<Resolved>,
): Promise<Resolved> {
  try {
    return await next(specifier);
  } catch (error) {
    if (!isPath(specifier) || !parentURL?.startsWith('file:')) throw error;
    // `./file` and, as TypeScript writes it, `./file.js` may mean `./file.ts`.
    const candidates = [...endings.map((ending) => specifier + ending), specifier.replace(/\.([cm]?)js$/, '.$1ts')];
    for (const candidate of candidates) {
      if (await exists(new URL(candidate, parentURL))) return next(candidate);
    }
    throw error;
  }
}

async function fresh(resolved: Resolved): Promise<Resolved> {
  const { url } = resolved;
  const folder = new URL('./', notebook).href;
  if (!url.startsWith(folder) || url.includes('/node_modules/') || !/\.[cm]?[jt]s$/.test(url)) return resolved;
  const { mtimeMs } = await stat(fileURLToPath(url));
  return { ...resolved, url: `${url}?changed=${mtimeMs}` };
}

function isPath(specifier: string): boolean {
  return /^(\.{1,2}\/|\/|file:)/.test(specifier);
}

async function exists(url: URL): Promise<boolean> {
  return stat(url).then(
    (found) => found.isFile(),
    () => false,
  );
}
