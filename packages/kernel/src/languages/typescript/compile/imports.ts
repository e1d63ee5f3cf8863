import ts from 'typescript-api';

/** An import of a cell as statements that load the module and bind its names in the session. */
export function importStatements(
  factory: ts.NodeFactory,
  statement: ts.ImportDeclaration | ts.ImportEqualsDeclaration,
  names: Set<string>,
  call: (member: string, ...parameters: ts.Expression[]) => ts.Expression,
): ts.Statement[] {
  if (ts.isImportEqualsDeclaration(statement)) return importEquals(statement);
  const clause = statement.importClause;
  if (clause?.isTypeOnly) return [];
  const bindings: ts.Expression[] = [];
  let whole: string | undefined;
  if (clause?.name) bindings.push(pair(clause.name.text, 'default'));
  const named = clause?.namedBindings;
  if (named && ts.isNamespaceImport(named)) {
    whole = named.name.text;
    names.add(whole);
  } else if (named) {
    for (const element of named.elements) {
      if (!element.isTypeOnly) bindings.push(pair(element.name.text, (element.propertyName ?? element.name).text));
    }
    if (named.elements.length > 0 && bindings.length === 0) return [];
  }
  const loaded = call(
    'load',
    statement.moduleSpecifier,
    factory.createObjectLiteralExpression(bindings as ts.ObjectLiteralElementLike[] & ts.Expression[]),
    ...(whole === undefined ? [] : [factory.createStringLiteral(whole)]),
  );
  const made = factory.createExpressionStatement(factory.createAwaitExpression(loaded));
  return [ts.setOriginalNode(ts.setTextRange(made, statement), statement)];

  function pair(local: string, exported: string): ts.Expression {
    names.add(local);
    return factory.createPropertyAssignment(
      factory.createStringLiteral(local),
      factory.createStringLiteral(exported),
    ) as unknown as ts.Expression;
  }

  function importEquals(node: ts.ImportEqualsDeclaration): ts.Statement[] {
    if (node.isTypeOnly) return [];
    names.add(node.name.text);
    const source = ts.isExternalModuleReference(node.moduleReference)
      ? factory.createCallExpression(factory.createIdentifier('require'), undefined, [node.moduleReference.expression])
      : dotted(node.moduleReference);
    const made = factory.createExpressionStatement(factory.createAssignment(node.name, source));
    return [ts.setOriginalNode(ts.setTextRange(made, node), node)];
  }

  function dotted(name: ts.EntityName): ts.Expression {
    return ts.isIdentifier(name) ? name : factory.createPropertyAccessExpression(dotted(name.left), name.right);
  }
}
