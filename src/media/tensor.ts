import { ExpError } from '../core/errors.ts';

/** What a tensor of TensorFlow.js is to those who only read it; there may be several copies of that. */
export interface Tensor {
  readonly shape: readonly number[];
  /** `float32`, `int32` or `bool`; others are refused. */
  readonly dtype: string;
  readonly isDisposed?: boolean;
  dataSync(): unknown;
}

/** The values of a tensor, as its type has them; flags are 0 and 1. */
export type TensorValues = Float32Array | Int32Array | Uint8Array;

/** Pixels of one image, and how to read them. */
export interface TensorImage {
  readonly values: TensorValues;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  /** The values of black and of full colour: `[0, 255]` for `int32`, and otherwise `[0, 1]`. */
  readonly range: readonly [number, number];
}

/** True for a tensor of whichever copy of TensorFlow.js, and for its variables. */
export function isTensor(value: unknown): value is Tensor {
  if (typeof value !== 'object' || value === null) return false;
  const { shape, dtype, dataSync } = value as Partial<Tensor>;
  return Array.isArray(shape) && typeof dtype === 'string' && typeof dataSync === 'function';
}

/**
 * Refuses tensors without values that could be shown.
 * @throws {ExpError} EXP_LOG for a tensor that is disposed, or of text or complex numbers.
 */
export function checkTensor(tag: string, tensor: Tensor): void {
  if (tensor.isDisposed === true) {
    fail(
      `The tensor for "${tag}" is disposed: its values are gone. ` +
        'Log it inside of its tf.tidy(), or before its dispose().',
    );
  }
  if (!['float32', 'int32', 'bool'].includes(tensor.dtype)) {
    fail(
      `The tensor for "${tag}" is of type ${tensor.dtype}; ` +
        'only float32, int32 and bool have values to show. Convert it, or log its parts.',
    );
  }
}

/**
 * Reads the values of a tensor, row by row.
 * @throws {ExpError} EXP_LOG
 */
export function valuesOf(tag: string, tensor: Tensor): TensorValues {
  checkTensor(tag, tensor);
  return tensor.dataSync() as TensorValues;
}

/** How many images of a batch are shown unless it is said otherwise. */
const SHOWN_OF_BATCH = 3;

/**
 * Finds the images in the values of a tensor: one for the ranks 2, `[height, width]`, and 3,
 * `[height, width, channels]`, and the first `most` of a batch for rank 4, NHWC.
 * @throws {ExpError} EXP_LOG for other shapes.
 */
export function imagesOf(
  tag: string,
  { shape, dtype }: Pick<Tensor, 'shape' | 'dtype'>,
  values: TensorValues,
  most: number = SHOWN_OF_BATCH,
): TensorImage[] {
  const rank = shape.length;
  const isBatch = rank === 4;
  const [height = 0, width = 0, channels = 1] = isBatch ? shape.slice(1) : shape;
  if (rank < 2 || rank > 4 || (channels !== 1 && channels !== 3 && channels !== 4)) {
    fail(
      `The tensor for the image "${tag}" has the shape [${shape.join(', ')}]. An image is [height, width] ` +
        'or [height, width, channels] with 1, 3 or 4 channels, a batch [count, height, width, channels].',
    );
  }
  const size = height * width * channels;
  const range = dtype === 'int32' ? ([0, 255] as const) : ([0, 1] as const);
  return Array.from({ length: isBatch ? Math.min(most, shape[0]!) : 1 }, (_, i) => ({
    values: values.subarray(i * size, (i + 1) * size),
    width,
    height,
    channels,
    range,
  }));
}

function fail(message: string): never {
  throw new ExpError('EXP_LOG', message);
}
