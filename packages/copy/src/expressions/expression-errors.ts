/** The text of an expression cannot be read. */
export class ExpressionSyntaxError extends Error {}

/** An expression was read, but a value in it does not fit. */
export class ExpressionValueError extends Error {}
