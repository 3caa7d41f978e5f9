import { types } from 'node:util';

interface TypedArrayClass {
  readonly BYTES_PER_ELEMENT: number;
  readonly prototype: object;
  new (buffer: ArrayBuffer, offset: number, length: number): ArrayBufferView;
}

const NAMES = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array', // Node 24
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];

const CLASSES: ReadonlyMap<string, TypedArrayClass> = new Map(
  NAMES.flatMap((name) => {
    const found = (globalThis as Record<string, unknown>)[name];
    return found === undefined ? [] : [[name, found as TypedArrayClass]];
  }),
);

/** The kind of a value that is made of bytes: the name of its class; `undefined` for all others. */
export function binaryKind(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (types.isArrayBuffer(value)) return 'ArrayBuffer';
  if (!ArrayBuffer.isView(value)) return undefined;
  if (prototype === Buffer.prototype) return 'Buffer';
  if (prototype === DataView.prototype) return 'DataView';
  return NAMES.find((name) => CLASSES.get(name)?.prototype === prototype);
}

/** The bytes of one element of a kind. */
export function elementBytes(kind: string): number {
  return CLASSES.get(kind)?.BYTES_PER_ELEMENT ?? 1;
}

/**
 * A view of restored bytes; `undefined` for a kind that this Node does not have.
 * @param length in elements.
 */
export function viewOf(
  kind: string,
  buffer: ArrayBuffer,
  offset: number,
  length: number,
): object | undefined {
  if (kind === 'ArrayBuffer') return buffer;
  if (kind === 'Buffer') return Buffer.from(buffer, offset, length);
  if (kind === 'DataView') return new DataView(buffer, offset, length);
  const found = CLASSES.get(kind);
  return found === undefined ? undefined : new found(buffer, offset, length);
}

/**
 * A typed array that is made when it is written, and again when its bytes are counted: a codec returns
 * it for values that live elsewhere, so that they are never all in memory at once.
 */
export class LazyArray {
  readonly kind: 'Float32Array' | 'Int32Array' | 'Uint8Array';
  readonly length: number;
  readonly read: () => ArrayBufferView;

  constructor(kind: LazyArray['kind'], length: number, read: () => ArrayBufferView) {
    this.kind = kind;
    this.length = length;
    this.read = read;
  }
}
