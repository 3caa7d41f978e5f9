import { endianness } from 'node:os';

/** An array of numbers as NumPy has it, row by row. */
export interface NpyArray {
  readonly data: NodeJS.TypedArray;
  /** The lengths of its axes, outermost first. */
  readonly shape: readonly number[];
  /** True for values that are 0 and 1 and mean false and true. */
  readonly isBoolean?: boolean;
}

const TYPES: readonly [new (length: number) => NodeJS.TypedArray, string][] = [
  [Float64Array, 'f8'],
  [Float32Array, 'f4'],
  [Int8Array, 'i1'],
  [Int16Array, 'i2'],
  [Int32Array, 'i4'],
  [BigInt64Array, 'i8'],
  [Uint8Array, 'u1'],
  [Uint8ClampedArray, 'u1'],
  [Uint16Array, 'u2'],
  [Uint32Array, 'u4'],
  [BigUint64Array, 'u8'],
];

/** Encodes an array in NumPy's format 1.0 (`.npy`): its head, and its bytes as they are. */
export function encodeNpy({ data, shape, isBoolean = false }: NpyArray): [Buffer, Uint8Array] {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dict = `{'descr': '${typeOf(data, isBoolean)}', 'fortran_order': False, 'shape': (${axes}), }`;
  // The values begin at a multiple of 64 bytes.
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64 - 10;
  const head = Buffer.alloc(10 + length, ' ');
  head.write('\x93NUMPY\x01\x00', 'latin1');
  head.writeUInt16LE(length, 8);
  head.write(dict, 10, 'latin1');
  head.write('\n', 10 + length - 1);
  return [head, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
}

function typeOf(data: NodeJS.TypedArray, isBoolean: boolean): string {
  if (isBoolean) return '|b1';
  const type = TYPES.find(([made]) => data instanceof made)?.[1];
  if (type === undefined) throw new TypeError(`NumPy has no ${data.constructor.name}`);
  if (data.BYTES_PER_ELEMENT === 1) return `|${type}`;
  return `${endianness() === 'LE' ? '<' : '>'}${type}`;
}
