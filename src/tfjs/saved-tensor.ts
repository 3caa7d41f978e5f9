import type { DataType, Tensor, Variable } from '@tensorflow/tfjs';
import { LazyArray } from '../checkpoint/binary.ts';
import { isTensor } from '../media/tensor.ts';
import { tfInUse } from './load-tf.ts';
import type { TensorFlow } from './tensorflow.ts';

/** A tensor in a checkpoint: the same on every back end. */
export interface SavedTensor {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  /** Numbers as their type has them, a complex one as two; texts as their bytes. */
  readonly values: Float32Array | Int32Array | Uint8Array | readonly Uint8Array[];
}

const KINDS = {
  float32: 'Float32Array',
  int32: 'Int32Array',
  bool: 'Uint8Array',
  complex64: 'Float32Array',
} as const;

// One for each tensor, so that a weight which a state mentions twice stands once in its file.
const saved = new WeakMap<Tensor, object>();

/**
 * What stands for a tensor in a checkpoint. Its values are read when they are written, one tensor at a
 * time: a state on a device is never in memory as a whole.
 */
export function saveTensor(tensor: Tensor): SavedTensor {
  if (tensor.isDisposed) {
    throw new Error('the tensor is disposed, its values are gone. Save it before its dispose()');
  }
  const before = saved.get(tensor);
  if (before !== undefined && tensor.dtype !== 'string') return before as SavedTensor;
  const { shape, dtype } = tensor;
  const one = { shape, dtype, values: valuesOf(tensor) };
  saved.set(tensor, one);
  return one as unknown as SavedTensor;
}

function valuesOf(tensor: Tensor): LazyArray | Uint8Array[] {
  const { dtype, size } = tensor;
  if (dtype === 'string') {
    // dataSync() would make texts of bytes that are none
    return tfInUse().engine().readSync(tensor.dataId) as unknown as Uint8Array[];
  }
  const length = dtype === 'complex64' ? 2 * size : size;
  return new LazyArray(KINDS[dtype], length, () => tensor.dataSync());
}

/** A tensor as it was saved; the caller disposes of it. */
export function makeTensor(tf: TensorFlow, { shape, dtype, values }: SavedTensor): Tensor {
  if (dtype !== 'complex64') return tf.tensor(values, [...shape], dtype);
  const [real, imag] = [0, 1].map((part) =>
    (values as Float32Array).filter((_, i) => i % 2 === part),
  );
  return tf.tidy(() => tf.complex(tf.tensor(real!, [...shape]), tf.tensor(imag!, [...shape])));
}

/**
 * Gives a live variable the values that were saved.
 * @throws Error for another shape or type.
 */
export function assign(tf: TensorFlow, live: Variable, saved: SavedTensor): void {
  if (live.dtype !== saved.dtype || String(live.shape) !== String(saved.shape)) {
    throw new Error(
      `"${live.name}" is ${live.dtype} [${live.shape.join(', ')}], and what was saved is ` +
        `${saved.dtype} [${saved.shape.join(', ')}]`,
    );
  }
  tf.tidy(() => live.assign(makeTensor(tf, saved)));
}

/** True for a variable of whichever copy of TensorFlow.js. */
export function isVariable(value: unknown): value is Variable {
  return isTensor(value) && typeof (value as Partial<Variable>).assign === 'function';
}
