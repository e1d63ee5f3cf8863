import ts from 'typescript-api';
import { assignmentTarget } from './assignment-target.js';
import { importStatements } from './imports.js';

/** The name under which compiled cells find the runtime that guards them; see `process/runtime.ts`. */
export const runtimeName = '__crossview__';

export interface CompiledCell {
  /** An expression that is an async function without parameters, in strict mode. */
  readonly javascript: string;
  readonly sourceMap: string;
  /** Names that the cell declares for the session. */
  readonly names: readonly string[];
}

export interface SyntaxProblem {
  /** TypeScript's own number of the message. */
  readonly code: number;
  readonly message: string;
  /** From 0, as the offset into the code. */
  readonly offset: number;
  readonly length: number;
}

export const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  experimentalDecorators: false,
  useDefineForClassFields: true,
  sourceMap: true,
  inlineSources: true,
};

/**
 * Turns a cell into JavaScript whose top-level declarations are the session's: `const a = 1` becomes an assignment to
 * the global `a`, so that a later cell can use it and declare it again. The value of the last expression is returned.
 * Types are not judged here, only taken off.
 */
export function compileCell(code: string, fileName: string): CompiledCell | { readonly problems: SyntaxProblem[] } {
  const names = new Set<string>();
  const output = ts.transpileModule(code, {
    fileName,
    reportDiagnostics: true,
    compilerOptions,
    transformers: { before: [(context) => (file) => sessionScope(context, file, names)], after: [withoutExports] },
  });
  const problems = (output.diagnostics ?? [])
    .filter((found) => found.category === ts.DiagnosticCategory.Error && found.start !== undefined)
    .map((found) => ({
      code: found.code,
      message: ts.flattenDiagnosticMessageText(found.messageText, '\n'),
      offset: found.start ?? 0,
      length: found.length ?? 1,
    }));
  if (problems.length > 0) return { problems };
  const javascript = output.outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, '');
  return { javascript: `${functionHead}${javascript}\n})`, sourceMap: output.sourceMapText ?? '', names: [...names] };
}

/** In front of the first line, so that lines stay what the source map says; its length is what columns are off there. */
export const functionHead = '(async () => { "use strict"; ';

function sessionScope(context: ts.TransformationContext, file: ts.SourceFile, names: Set<string>): ts.SourceFile {
  const { factory } = context;
  const hoisted: ts.Statement[] = [];
  const statements: ts.Statement[] = [];
  const guarded = file.statements.map((statement) => ts.visitNode(statement, guard) as ts.Statement);
  for (const [index, statement] of guarded.entries()) {
    const last = index === guarded.length - 1;
    if (ts.isFunctionDeclaration(statement)) hoisted.push(...functionAssignment(statement));
    else statements.push(...topLevel(statement, last));
  }
  return factory.updateSourceFile(file, [...hoisted, ...statements]);

  /** Awaits go through the runtime, so that Stop ends loops that wait; imports at run time start at the notebook. */
  function guard(node: ts.Node): ts.Node {
    const visited = ts.visitEachChild(node, guard, context);
    if (ts.isAwaitExpression(visited)) return factory.updateAwaitExpression(visited, call('wait', visited.expression));
    if (ts.isForOfStatement(visited) && visited.awaitModifier)
      return factory.updateForOfStatement(
        visited,
        visited.awaitModifier,
        visited.initializer,
        call('each', visited.expression),
        visited.statement,
      );
    if (ts.isCallExpression(visited) && visited.expression.kind === ts.SyntaxKind.ImportKeyword)
      return call('import', ...visited.arguments);
    if (ts.isMetaProperty(visited) && visited.keywordToken === ts.SyntaxKind.ImportKeyword) return runtime('meta');
    return visited;
  }

  function topLevel(statement: ts.Statement, last: boolean): ts.Statement[] {
    if (isAmbient(statement)) return [];
    if (ts.isVariableStatement(statement)) {
      // `using` ends with the cell: its value is disposed then and is nobody's afterwards.
      if (isUsing(statement.declarationList)) return [statement];
      return assignments(statement.declarationList).map((one) => located(factory.createExpressionStatement(one), one));
    }
    if (ts.isClassDeclaration(statement)) return classAssignment(statement);
    if (ts.isEnumDeclaration(statement)) return [statement, keep(statement.name)];
    if (ts.isModuleDeclaration(statement) && ts.isIdentifier(statement.name)) return [statement, keep(statement.name)];
    if (ts.isImportDeclaration(statement) || ts.isImportEqualsDeclaration(statement))
      return importStatements(factory, statement, names, call);
    if (ts.isExportDeclaration(statement)) return [];
    if (ts.isExportAssignment(statement)) return [value(statement.expression, statement)];
    if (ts.isExpressionStatement(statement) && last) return [value(statement.expression, statement)];
    return [ts.visitNode(statement, hoistVar) as ts.Statement];
  }

  /** `var` inside of a block belongs to the whole cell, and so to the session. */
  function hoistVar(node: ts.Node): ts.Node {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return node;
    if (ts.isVariableStatement(node) && isVar(node.declarationList)) {
      const made = assignments(node.declarationList);
      return made.length === 0
        ? factory.createEmptyStatement()
        : located(factory.createExpressionStatement(comma(made)), node);
    }
    if ((ts.isForOfStatement(node) || ts.isForInStatement(node)) && isVarInitializer(node.initializer)) {
      const target = declared(node.initializer.declarations[0]!.name);
      const body = ts.visitNode(node.statement, hoistVar) as ts.Statement;
      return ts.isForOfStatement(node)
        ? factory.updateForOfStatement(node, node.awaitModifier, target, node.expression, body)
        : factory.updateForInStatement(node, target, node.expression, body);
    }
    if (ts.isForStatement(node) && node.initializer && isVarInitializer(node.initializer)) {
      const made = assignments(node.initializer);
      const body = ts.visitNode(node.statement, hoistVar) as ts.Statement;
      const first = made.length === 0 ? undefined : comma(made);
      return factory.updateForStatement(node, first, node.condition, node.incrementor, body);
    }
    return ts.visitEachChild(node, hoistVar, context);
  }

  function assignments(list: ts.VariableDeclarationList): ts.Expression[] {
    const made: ts.Expression[] = [];
    for (const declaration of list.declarations) {
      const target = declared(declaration.name);
      // `var a;` leaves an `a` of an earlier cell as it is; `let a;` begins a new one.
      if (!declaration.initializer && isVar(list)) continue;
      const initial = declaration.initializer ?? factory.createVoidZero();
      made.push(located(factory.createAssignment(target, initial), declaration));
    }
    return made;
  }

  function declared(name: ts.BindingName): ts.Expression {
    return assignmentTarget(factory, name, (found) => names.add(found));
  }

  /** Anonymous, so that a call of itself finds the session's function, also after it was declared again. */
  function functionAssignment(statement: ts.FunctionDeclaration): ts.Statement[] {
    if (!statement.body || isAmbient(statement)) return [];
    const modifiers = statement.modifiers?.filter((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword);
    const { asteriskToken, typeParameters, parameters, type, body } = statement;
    const made = factory.createFunctionExpression(
      modifiers,
      asteriskToken,
      undefined,
      typeParameters,
      parameters,
      type,
      body,
    );
    if (!statement.name) return [];
    names.add(statement.name.text);
    return [located(factory.createExpressionStatement(factory.createAssignment(statement.name, made)), statement)];
  }

  function classAssignment(statement: ts.ClassDeclaration): ts.Statement[] {
    const modifiers = statement.modifiers?.filter((modifier) => ts.isDecorator(modifier));
    const { name, typeParameters, heritageClauses, members } = statement;
    const made = factory.createClassExpression(modifiers, name, typeParameters, heritageClauses, members);
    if (!name) return [located(factory.createExpressionStatement(made), statement)];
    names.add(name.text);
    return [located(factory.createExpressionStatement(factory.createAssignment(name, made)), statement)];
  }

  /** Enums and namespaces stay declarations, which only TypeScript can write; the session gets their value behind them. */
  function keep(name: ts.Identifier): ts.Statement {
    names.add(name.text);
    const text = factory.createStringLiteral(name.text);
    const there = factory.createStrictInequality(
      factory.createTypeOfExpression(name),
      factory.createStringLiteral('undefined'),
    );
    return factory.createIfStatement(there, factory.createExpressionStatement(call('keep', text, name)));
  }

  function value(expression: ts.Expression, statement: ts.Statement): ts.Statement {
    return located(factory.createReturnStatement(expression), statement);
  }

  function comma(expressions: readonly ts.Expression[]): ts.Expression {
    return expressions.reduce((left, right) => factory.createComma(left, right));
  }

  function runtime(member: string): ts.Expression {
    return factory.createPropertyAccessExpression(factory.createIdentifier(runtimeName), member);
  }

  function call(member: string, ...parameters: ts.Expression[]): ts.Expression {
    return factory.createCallExpression(runtime(member), undefined, parameters);
  }
}

/** Gives a made node the place of the one it stands for, so that errors name the line that the user wrote. */
function located<T extends ts.Node>(made: T, original: ts.Node): T {
  return ts.setOriginalNode(ts.setTextRange(made, original), original);
}

const withoutExports: ts.TransformerFactory<ts.SourceFile> = (context) => (file) =>
  context.factory.updateSourceFile(
    file,
    file.statements.filter((statement) => !ts.isExportDeclaration(statement)),
  );

function isAmbient(statement: ts.Statement): boolean {
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) return true;
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword) ?? false;
}

function isVar(list: ts.VariableDeclarationList): boolean {
  return (list.flags & ts.NodeFlags.BlockScoped) === 0;
}

function isVarInitializer(node: ts.ForInitializer): node is ts.VariableDeclarationList {
  return ts.isVariableDeclarationList(node) && isVar(node);
}

function isUsing(list: ts.VariableDeclarationList): boolean {
  const kind = list.flags & ts.NodeFlags.BlockScoped;
  return kind === ts.NodeFlags.Using || kind === ts.NodeFlags.AwaitUsing;
}
