import { isPlainObject } from '../core/json.ts';
import type { Path } from './path.ts';

/** What holds values by key. */
export type Container = Record<string, unknown> | unknown[];

/** True for sections and lists. */
export function isContainer(value: unknown): value is Container {
  return isPlainObject(value) || Array.isArray(value);
}

/** The value of a key of its own; `undefined` where there is none. */
export function own(container: Container, key: string): unknown {
  return Object.hasOwn(container, key) ? (container as Record<string, unknown>)[key] : undefined;
}

/** The value at a path inside of another; `undefined` where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (isContainer(at) ? own(at, key) : undefined), value);
}

/** Sets a key; plain assignment to `__proto__` would change the object's prototype instead. */
export function define(target: Container, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

/** The key as the container has it: items of a list are counted from its end by `-1`, `-2`... */
export function keyIn(container: Container, name: string): string {
  const index = Number(name);
  return Array.isArray(container) && index < 0 ? String(container.length + index) : name;
}
