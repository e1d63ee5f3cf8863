import { magicForCell, type NotebookDocument, notebookLanguage } from '@crossview/kernel/notebooks';

/** What the text of a notebook asks for. Found by reading, so a name that is put together at run time is not seen. */
export interface NotebookNeeds {
  readonly languages: readonly string[];
  readonly magics: readonly string[];
  /** Storage addresses up to the container, and `Files/`, `Tables/` of a lakehouse. */
  readonly paths: readonly string[];
  /** `database` or `server/database` of dedicated SQL pools. */
  readonly pools: readonly string[];
  /** Modules that Python cells import. */
  readonly modules: readonly string[];
  /** What `%pip install` and `%%configure` bring. */
  readonly packages: readonly string[];
  /** Notebooks and scripts that it runs. */
  readonly notebooks: readonly string[];
  readonly secrets: readonly string[];
  readonly linkedServices: readonly string[];
  /** Of `%%configure`. */
  readonly lakehouses: readonly string[];
}

const pythonLike = new Set(['pyspark', 'python', 'local']);

function all(source: string, pattern: RegExp): string[] {
  return [...source.matchAll(pattern)].map((match) => match.slice(1).filter(Boolean).join('/'));
}

/** Comments of Python, Scala and SQL that take a line, which ask for nothing. */
function withoutComments(source: string, language: string): string {
  const sign = pythonLike.has(language)
    ? /^\s*#(?!\s*MAGIC).*$/gm
    : language === 'sql' || language === 'tsql'
      ? /--.*$/gm
      : /^\s*\/\/.*$/gm;
  return source.replace(sign, '');
}

export function notebookNeeds(document: NotebookDocument): NotebookNeeds {
  const found: { [Key in keyof NotebookNeeds]: Set<string> } = {
    languages: new Set(),
    magics: new Set(),
    paths: new Set(),
    pools: new Set(),
    modules: new Set(),
    packages: new Set(),
    notebooks: new Set(),
    secrets: new Set(),
    linkedServices: new Set(),
    lakehouses: new Set(),
  };
  const add = (key: keyof NotebookNeeds, values: readonly string[]): void => {
    for (const value of values) found[key].add(value);
  };
  const usual = notebookLanguage(document) ?? 'pyspark';
  for (const cell of document.cells) {
    if (cell.cell_type !== 'code' || cell.source.trim() === '') continue;
    const magic = /^\s*%%(\w+)/.exec(cell.source)?.[1] ?? magicForCell(cell, usual);
    const language = magic ?? usual;
    add('languages', [language]);
    const source = withoutComments(cell.source, language);
    add('magics', magic === undefined ? [] : [`%%${magic}`]);
    add(
      'magics',
      all(source, /^%(\w+)/gm).map((name) => `%${name}`),
    );
    add('paths', all(source, /\b((?:abfss?|wasbs?):\/\/[^\s"'`@/]+@[^\s"'`/]+)/gi));
    add('paths', all(source, /\b(https:\/\/[a-z0-9]+\.(?:blob|dfs)\.core\.windows\.net\/[^\s"'`/]+)/gi));
    add('paths', all(source, /["'`]((?:\/lakehouse\/default\/)?(?:Files|Tables)\/)/g));
    add('paths', all(source, /["'`]((?:adl|s3a?|gs):\/\/[^\s"'`/]+)/gi));
    add('pools', all(source, /synapsesql\(\s*["']([\w-]+)\./g));
    add('pools', all(source, /sqlanalytics\(\s*["']([\w-]+)\./g));
    add('pools', all(source, /%%tsql[^\n]*?-database\s+(\S+)/g));
    add('pools', all(source, /\b([\w-]+\.(?:sql\.azuresynapse|database\.windows)\.net)\b/gi));
    add('notebooks', all(source, /^%run\s+(?:-[bc]\s+)?(?:"([^"]+)"|([^\s{]+))/gm));
    add('notebooks', all(source, /utils\.notebook\.run\(\s*["']([^"']+)["']/g));
    add('packages', all(source, /^%pip\s+install\s+(.+)$/gm).flatMap(pipPackages));
    add(
      'packages',
      all(source, /"spark\.jars\.packages"\s*:\s*"([^"]+)"/g).flatMap((text) => text.split(',')),
    );
    add('lakehouses', all(source, /"defaultLakehouse"\s*:\s*\{[^}]*?"name"\s*:\s*"([^"]+)"/g));
    add('secrets', all(source, /getSecret\(\s*["']([^"']+)["']\s*,\s*["']([^"']+)["']/g));
    add(
      'linkedServices',
      all(source, /(?:getConnectionStringOrCreds|getConnectionString|getFullConnectionString)\(\s*["']([^"']+)["']/g),
    );
    if (pythonLike.has(language)) {
      add('modules', all(source, /^\s*import\s+([A-Za-z_][\w.]*)/gm));
      add('modules', all(source, /^\s*import\s+[^\n]*,\s*([A-Za-z_][\w.]*)/gm));
      add('modules', all(source, /^\s*from\s+([A-Za-z_][\w.]*)\s+import\b/gm));
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([key, values]) => [key, [...values].sort()]),
  ) as unknown as NotebookNeeds;
}

function pipPackages(line: string): string[] {
  return line.split(/\s+/).filter((word) => word !== '' && !word.startsWith('-'));
}
