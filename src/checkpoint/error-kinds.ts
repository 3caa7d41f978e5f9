const CLASSES: readonly ErrorConstructor[] = [
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
];

/** The prototype of a class of errors that the language has. */
export type ErrorPrototype = Error & { readonly constructor: ErrorConstructor };

export function isErrorPrototype(prototype: unknown): prototype is ErrorPrototype {
  return CLASSES.some((known) => known.prototype === prototype);
}

/** Makes an error of the class of a name, or a plain one. */
export function makeError(kind: string, message: string): Error {
  const found = CLASSES.find((known) => known.name === kind) ?? Error;
  return new found(message);
}
