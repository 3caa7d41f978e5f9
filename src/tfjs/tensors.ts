import {
  checkTensor,
  imagesOf,
  type Tensor,
  type TensorImage,
  type TensorValues,
} from '../media/tensor.ts';

/** A tensor whose values can be waited for. */
export interface AsyncTensor extends Tensor {
  data(): Promise<unknown>;
}

/**
 * The values of a tensor, for whatever takes a typed array. The tensor stays as it is: dispose of it
 * when you have no more use for it. `logger.histogram` and `logger.image` take tensors themselves;
 * this is for engines that are to go on computing while their values come.
 * @throws {ExpError} EXP_LOG for a tensor that is disposed, or of text or complex numbers.
 */
export async function toValues(tensor: AsyncTensor): Promise<TensorValues> {
  checkTensor('values', tensor);
  return (await tensor.data()) as TensorValues;
}

/**
 * The images in a tensor: one in `[height, width]` or `[height, width, channels]`, and all of them in a
 * batch `[count, height, width, channels]`.
 * @throws {ExpError} EXP_LOG for other shapes, a tensor that is disposed, of text or complex numbers.
 */
export async function toImages(tensor: AsyncTensor): Promise<TensorImage[]> {
  return imagesOf('images', tensor, await toValues(tensor), Infinity);
}
