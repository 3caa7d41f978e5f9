import { inspect } from 'node:util';

/** A typed array of numbers, as the language, sharp, node-canvas and TensorFlow.js give them. */
export type TypedArray =
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Numbers in arrays within arrays, as deep as one likes. */
export type NestedNumbers = readonly (number | NestedNumbers)[];

/** True for a typed array of numbers; those of bigints are none. */
export function isTypedArray(value: unknown): value is TypedArray {
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return false;
  return !(value instanceof BigInt64Array || value instanceof BigUint64Array);
}

/** The numbers of nested arrays, in order; everything else in them is given to `refuse`. */
export function flatten(values: NestedNumbers, refuse: (found: unknown) => never): number[] {
  const flat: number[] = [];
  const add = (value: unknown): void => {
    if (typeof value === 'number') flat.push(value);
    else if (Array.isArray(value) || isTypedArray(value)) for (const inner of value) add(inner);
    else refuse(value);
  };
  for (const value of values) add(value);
  return flat;
}

/** The lengths of nested arrays, outermost first, by their first items. */
export function shapeOf(values: unknown): number[] {
  if (!Array.isArray(values) && !isTypedArray(values)) return [];
  return [values.length, ...shapeOf(values[0])];
}

/** A value as messages show it: short, on one line. */
export function shown(value: unknown): string {
  const text = inspect(value, {
    depth: 1,
    maxArrayLength: 4,
    maxStringLength: 40,
    breakLength: 1e6,
  });
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
