import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Completion, MimeBundle } from '@crossview/contracts';
import ts from 'typescript-api';
import { CellFiles } from './cell-files.js';

/** More than anybody reads; a global scope has thousands. */
const mostMatches = 300;
const resolve = createRequire(import.meta.url).resolve;

/** Completion and inspection of TypeScript cells, by TypeScript's own language service. */
export class CellAssistant {
  readonly #cells: CellFiles;
  readonly #service: ts.LanguageService;

  constructor(folder: string) {
    this.#cells = new CellFiles(folder);
    const globals = { name: join(folder, 'crossview-globals.d.ts'), text: globalDeclarations() };
    this.#service = ts.createLanguageService(host(folder, this.#cells, globals), ts.createDocumentRegistry());
  }

  remember(code: string): void {
    this.#cells.add(code);
  }

  /** Offsets are those of `code`. */
  complete(code: string, cursor: number): Completion {
    const { fileName, start } = this.#cells.edit(code);
    const found = this.#service.getCompletionsAtPosition(fileName, start + cursor, {
      includeCompletionsWithInsertText: false,
    });
    const typed = /[\p{L}\p{N}_$]*$/u.exec(code.slice(0, cursor))?.[0] ?? '';
    const span = found?.optionalReplacementSpan;
    const begin = span ? span.start - start : cursor - typed.length;
    const wanted = code.slice(begin, cursor).toLowerCase();
    const entries = (found?.entries ?? [])
      .filter(({ name, kind }) => name.toLowerCase().startsWith(wanted) && kind !== ts.ScriptElementKind.warning)
      .sort((a, b) => a.sortText.localeCompare(b.sortText) || a.name.localeCompare(b.name))
      .slice(0, mostMatches);
    const end = cursor;
    return {
      matches: entries.map(({ name }) => name),
      start: Math.min(begin, cursor),
      end,
      metadata: {
        _jupyter_types_experimental: entries.map(({ name, kind }) => ({ text: name, type: kind, start: begin, end })),
      },
    };
  }

  inspect(code: string, cursor: number): MimeBundle | undefined {
    const { fileName, start } = this.#cells.edit(code);
    // Front ends ask with the cursor behind the name, or behind the bracket of a call.
    const before = code.slice(0, cursor).replace(/\(\s*$/, '').length;
    const info =
      this.#service.getQuickInfoAtPosition(fileName, start + cursor) ??
      this.#service.getQuickInfoAtPosition(fileName, start + Math.max(0, before - 1));
    if (!info) return undefined;
    // That a name comes by an import from its cell is our doing, and nothing that the user wrote.
    const signature = ts.displayPartsToString(info.displayParts).replace(/^\(alias\) (.*?)\nimport \S+$/s, '$1');
    const words = ts.displayPartsToString(info.documentation);
    return {
      'text/plain': words === '' ? signature : `${signature}\n\n${words}`,
      'text/markdown': `\`\`\`typescript\n${signature}\n\`\`\`${words === '' ? '' : `\n\n${words}`}`,
    };
  }
}

/** What cells find without importing it, with the types of the modules that really make it. */
function globalDeclarations(): string {
  const place = (file: string) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
  return [
    "declare const arrow: typeof import('apache-arrow');",
    `declare const views: import(${place('../process/views.js')}).Views;`,
    `declare const copy: import(${place('../process/copy.js')}).Copy;`,
    `declare const synapsesql: import(${place('../process/synapsesql.js')}).SynapseSql;`,
    'declare const sqlanalytics: typeof synapsesql;',
    'declare const Constants: typeof synapsesql.Constants;',
    `declare const display: import(${place('../process/display.js')}).Display;`,
    'declare function displayHTML(html: string): void;',
    'declare const require: NodeJS.Require;',
  ].join('\n');
}

function host(folder: string, cells: CellFiles, globals: { name: string; text: string }): ts.LanguageServiceHost {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(folder, 'node_modules/@types'), dirname(dirname(resolve('@types/node/package.json')))],
    paths: { 'apache-arrow': [dirname(resolve('apache-arrow'))], '@crossview/contracts': [contracts()] },
  };
  const own = (name: string) => (name === globals.name ? { text: globals.text, version: '1' } : cells.files.get(name));
  return {
    getCompilationSettings: () => options,
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    getScriptFileNames: () => [globals.name, ...cells.files.keys()],
    getScriptVersion: (name) => own(name)?.version ?? String(ts.sys.getModifiedTime?.(name)?.getTime() ?? 0),
    getScriptSnapshot: (name) => {
      const text = own(name)?.text ?? ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    fileExists: (name) => own(name) !== undefined || ts.sys.fileExists(name),
    readFile: (name) => own(name)?.text ?? ts.sys.readFile(name),
    directoryExists: (name) => ts.sys.directoryExists(name),
    getDirectories: (name) => ts.sys.getDirectories(name),
    readDirectory: (...request) => ts.sys.readDirectory(...request),
  };
}

function contracts(): string {
  return fileURLToPath(import.meta.resolve('@crossview/contracts')).replace(/\.js$/, '.d.ts');
}
