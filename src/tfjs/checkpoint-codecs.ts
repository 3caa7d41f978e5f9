import type { LayersModel, Optimizer, Tensor, Variable } from '@tensorflow/tfjs';
import { registerCheckpointCodec } from '../checkpoint/codecs.ts';
import { isTensor } from '../media/tensor.ts';
import { tfInUse } from './load-tf.ts';
import {
  isLayersModel,
  makeModel,
  restoreModel,
  saveModel,
  type SavedModel,
} from './saved-model.ts';
import {
  makeOptimizer,
  restoreOptimizer,
  saveOptimizer,
  type SavedOptimizer,
} from './saved-optimizer.ts';
import { assign, isVariable, makeTensor, saveTensor, type SavedTensor } from './saved-tensor.ts';

interface SavedVariable {
  readonly name: string;
  readonly trainable: boolean;
  readonly tensor: SavedTensor;
}

/**
 * Makes checkpoints know models, optimizers, variables and tensors. Live models, optimizers and
 * variables are restored in place; tensors never change, so a restored one is new, and the caller's to
 * dispose of.
 */
export function registerTfCodecs(): void {
  registerCheckpointCodec<LayersModel, SavedModel>({
    name: 'tf.LayersModel',
    matches: isLayersModel,
    encode: saveModel,
    decode: (saved) => makeModel(tfInUse(), saved),
    restore: (live, saved) => restoreModel(tfInUse(), live, saved),
  });
  registerCheckpointCodec<Optimizer, SavedOptimizer>({
    name: 'tf.Optimizer',
    matches: isOptimizer,
    encode: saveOptimizer,
    decode: (saved) => makeOptimizer(tfInUse(), saved),
    restore: (live, saved) => restoreOptimizer(tfInUse(), live, saved),
  });
  registerCheckpointCodec<Variable, SavedVariable>({
    name: 'tf.Variable',
    matches: isVariable,
    encode: (variable) => ({
      name: variable.name,
      trainable: variable.trainable,
      tensor: saveTensor(variable),
    }),
    decode: makeVariable,
    restore: (live, { tensor }) => assign(tfInUse(), live, tensor),
  });
  registerCheckpointCodec<Tensor, SavedTensor>({
    name: 'tf.Tensor',
    matches: isTensor,
    encode: saveTensor,
    decode: (saved) => makeTensor(tfInUse(), saved),
  });
}

// The name is that of before, unless a variable has it already: no two may have one.
function makeVariable({ name, trainable, tensor }: SavedVariable): Variable {
  const tf = tfInUse();
  const isTaken = Object.hasOwn(tf.engine().registeredVariables, name);
  return tf.tidy(() => tf.variable(makeTensor(tf, tensor), trainable, isTaken ? undefined : name));
}

function isOptimizer(value: object): value is Optimizer {
  const { applyGradients, minimize, getConfig } = value as Partial<Optimizer>;
  return [applyGradients, minimize, getConfig].every((method) => typeof method === 'function');
}
