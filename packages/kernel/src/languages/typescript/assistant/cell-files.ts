import ts from 'typescript-api';

export interface CellFile {
  readonly text: string;
  readonly version: string;
}

/**
 * The cells of the session as modules that stand beside the notebook, each importing what the ones before it declare: so
 * the language service knows the types of everything that a cell can name, and a name means its last declaration.
 */
export class CellFiles {
  readonly files = new Map<string, CellFile>();
  readonly #declared = new Map<string, string>();
  #count = 0;

  constructor(private readonly folder: string) {}

  /** A cell that has run. */
  add(code: string): void {
    this.#count += 1;
    const module = `./crossview-cell-${this.#count}`;
    const names = declaredNames(code);
    const text = `${this.#imports(names)}${code}\nexport { ${names.join(', ')} };\n`;
    this.files.set(`${this.folder}/${module.slice(2)}.ts`, { text, version: '1' });
    for (const name of names) this.#declared.set(name, module);
  }

  /** The code that is being written: its file's name, and where in the file it begins. */
  edit(code: string): { fileName: string; start: number } {
    this.#count += 1;
    const head = this.#imports(declaredNames(code));
    const fileName = `${this.folder}/crossview-cell-now.ts`;
    this.files.set(fileName, { text: `${head}${code}\nexport {};\n`, version: String(this.#count) });
    return { fileName, start: head.length };
  }

  #imports(except: readonly string[]): string {
    const modules = new Map<string, string[]>();
    for (const [name, module] of this.#declared) {
      if (!except.includes(name)) modules.set(module, [...(modules.get(module) ?? []), name]);
    }
    return [...modules]
      .map(([module, names]) => `import { ${names.join(', ')} } from ${JSON.stringify(module)};\n`)
      .join('');
  }
}

/** Values and types that a cell declares at its top, imports included. */
function declaredNames(code: string): string[] {
  const names = new Set<string>();
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.ES2022, true);
  const bind = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) bind(element.name);
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) for (const one of statement.declarationList.declarations) bind(one.name);
    else if (ts.isImportDeclaration(statement)) {
      const clause = statement.importClause;
      if (clause?.name) names.add(clause.name.text);
      const named = clause?.namedBindings;
      if (named && ts.isNamespaceImport(named)) names.add(named.name.text);
      else if (named) for (const element of named.elements) names.add(element.name.text);
    } else if (
      ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isEnumDeclaration(statement) ||
      ts.isImportEqualsDeclaration(statement)
    ) {
      if (statement.name) names.add(statement.name.text);
    } else if (ts.isModuleDeclaration(statement) && ts.isIdentifier(statement.name)) names.add(statement.name.text);
  }
  names.delete('');
  return [...names];
}
