import ts from 'typescript-api';

/** The target of an assignment that binds what a declaration binds: `{a, b: [c = 1]}` as an expression. */
export function assignmentTarget(
  factory: ts.NodeFactory,
  name: ts.BindingName,
  bound: (name: string) => void,
): ts.Expression {
  if (ts.isIdentifier(name)) {
    bound(name.text);
    return name;
  }
  if (ts.isArrayBindingPattern(name)) {
    const elements = name.elements.map((element) =>
      ts.isOmittedExpression(element)
        ? factory.createOmittedExpression()
        : element.dotDotDotToken
          ? factory.createSpreadElement(assignmentTarget(factory, element.name, bound))
          : withDefault(element),
    );
    return factory.createArrayLiteralExpression(elements);
  }
  const properties = name.elements.map((element) => {
    if (element.dotDotDotToken) return factory.createSpreadAssignment(assignmentTarget(factory, element.name, bound));
    const key = element.propertyName ?? (element.name as ts.Identifier);
    return factory.createPropertyAssignment(key, withDefault(element));
  });
  return factory.createObjectLiteralExpression(properties);

  function withDefault(element: ts.BindingElement): ts.Expression {
    const target = assignmentTarget(factory, element.name, bound);
    return element.initializer ? factory.createAssignment(target, element.initializer) : target;
  }
}
