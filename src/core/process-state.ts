/**
 * State that exists once per process, even when two copies of this package are loaded (a link, a
 * second install, a transpiled `require` beside an `import`): both find it under one global symbol.
 */
const STATE = Symbol.for('exptools/1');

/**
 * Returns the process-wide value called `name`, made by `create` the first time anyone asks.
 * Two copies of the package must agree on the shape of a name; a new shape takes a new name.
 */
export function processState<T>(name: string, create: () => T): T {
  const host = globalThis as { [STATE]?: Map<string, unknown> };
  const state = (host[STATE] ??= new Map());
  if (!state.has(name)) state.set(name, create());
  return state.get(name) as T;
}
