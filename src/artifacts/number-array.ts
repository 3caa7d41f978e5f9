import { ExpError } from '../core/errors.ts';
import type { NpyArray } from '../formats/npy.ts';

/**
 * The numbers in a value as one array with its shape: typed arrays, numbers in arrays within arrays,
 * `{ data, shape }`, and tensors of TensorFlow.js. `undefined` for a value that is none of these.
 * @throws {ExpError} EXP_USAGE for arrays of unequal lengths, or a shape that does not fit.
 */
export function numberArray(name: string, value: unknown): NpyArray | undefined {
  if (isTyped(value)) return { data: value, shape: [value.length] };
  if (Array.isArray(value)) return fromNested(name, value);
  return fromShaped(name, value);
}

/** True for an array that holds values of one of these types and, in arrays, nothing else. */
export function isNumberArray(value: unknown): boolean {
  if (isTyped(value) || isTensor(value)) return true;
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((item) => typeof item === 'number' || isNumberArray(item));
}

function fromShaped(name: string, value: unknown): NpyArray | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { shape, dtype, data, dataSync } = value as Record<string, unknown>;
  if (!Array.isArray(shape)) return undefined;
  const isLazy = typeof dataSync === 'function';
  const found: unknown = isLazy ? (value as { dataSync(): unknown }).dataSync() : data;
  if (!isTyped(found) && !Array.isArray(found)) return undefined;
  const array = isTyped(found) ? found : Float64Array.from(found as number[]);
  const size = (shape as number[]).reduce((product, length) => product * length, 1);
  if (size !== array.length) {
    throw misfit(name, `its shape is [${shape.join(', ')}], but it has ${array.length} values`);
  }
  return { data: array, shape: shape as number[], isBoolean: dtype === 'bool' };
}

function fromNested(name: string, value: readonly unknown[]): NpyArray | undefined {
  const shape = shapeOf(value);
  const leaf = firstLeaf(value);
  const flat: unknown[] = [];
  const add = (item: unknown, axis: number): void => {
    const isList = Array.isArray(item) || isTyped(item);
    if (isList !== axis < shape.length || (isList && item.length !== shape[axis])) {
      throw misfit(name, 'its arrays are of unequal lengths');
    }
    if (isList) for (const inner of item) add(inner, axis + 1);
    else flat.push(item);
  };
  add(value, 0);
  if (flat.some((item) => typeof item !== typeof leaf)) return undefined;
  if (typeof leaf === 'bigint') return { data: BigInt64Array.from(flat as bigint[]), shape };
  if (typeof leaf === 'boolean') {
    return { data: Uint8Array.from(flat as boolean[], Number), shape, isBoolean: true };
  }
  if (typeof leaf !== 'number' && flat.length > 0) return undefined;
  return { data: Float64Array.from(flat as number[]), shape };
}

function shapeOf(value: unknown): number[] {
  if (!Array.isArray(value) && !isTyped(value)) return [];
  return [value.length, ...(value.length === 0 ? [] : shapeOf(value[0]))];
}

function firstLeaf(value: unknown): unknown {
  return Array.isArray(value) || isTyped(value) ? firstLeaf(value[0]) : value;
}

function isTyped(value: unknown): value is NodeJS.TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function isTensor(value: unknown): boolean {
  const { shape, dataSync } = (value ?? {}) as Record<string, unknown>;
  return Array.isArray(shape) && typeof dataSync === 'function';
}

function misfit(name: string, problem: string): ExpError {
  return new ExpError('EXP_USAGE', `Cannot save "${name}" as an array of numbers: ${problem}.`);
}
