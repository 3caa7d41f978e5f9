import { registerTfCodecs } from './tfjs/checkpoint-codecs.ts';

export { tfCallback } from './tfjs/fit-callback.ts';
export { loadTf } from './tfjs/load-tf.ts';
export { toImages, toValues } from './tfjs/tensors.ts';

export type { Tensor, TensorImage, TensorValues } from './media/tensor.ts';
export type { TfCallbackOptions } from './tfjs/fit-callback.ts';
export type { LoadTfOptions, TfBackend } from './tfjs/load-tf.ts';
export type { NativeExtras, NativeTensorFlow, TensorFlow } from './tfjs/tensorflow.ts';
export type { AsyncTensor } from './tfjs/tensors.ts';

// Whoever has imported this can save and restore what TensorFlow.js makes.
registerTfCodecs();
