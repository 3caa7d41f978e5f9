/**
 * A brand marks the classes users may meet as injected types, so that a class from another copy of
 * the package is recognised too; `instanceof` would fail there.
 */
export type Brand = 'Run' | 'Logger' | 'Rng';

const BRAND = Symbol.for('exptools.brand');

/** Marks `constructor` as the class named `brand`. */
export function setBrand(constructor: object, brand: Brand): void {
  Object.defineProperty(constructor, BRAND, { value: brand });
}

/** The brand of a class, or `undefined` for every other value. */
export function brandOf(value: unknown): Brand | undefined {
  if (typeof value !== 'function' || !Object.hasOwn(value, BRAND)) return undefined;
  return (value as unknown as { [BRAND]: Brand })[BRAND];
}
