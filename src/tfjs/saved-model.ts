import type { LayersModel, Variable } from '@tensorflow/tfjs';
import { restoreOptimizer, saveOptimizer, type SavedOptimizer } from './saved-optimizer.ts';
import { assign, saveTensor, type SavedTensor } from './saved-tensor.ts';
import type { TensorFlow } from './tensorflow.ts';

/** A model in a checkpoint. */
export interface SavedModel {
  /** As tfjs spells it for Keras. */
  readonly topology: object;
  readonly weights: readonly (SavedTensor & { readonly name: string })[];
  /** Of a compiled model. */
  readonly optimizer?: SavedOptimizer;
  /** How it was compiled, where names say it: losses that are functions cannot be saved. */
  readonly training?: object;
}

/** What models have and their types do not say. */
interface Trained {
  readonly optimizer?: LayersModel['optimizer'];
  getTrainingConfig(): object;
  loadTrainingConfig(config: object): void;
}

/** What stands for a model in a checkpoint: its layers, weights and, once compiled, its optimizer. */
export function saveModel(model: LayersModel): SavedModel {
  const trained = model as unknown as Trained;
  return {
    topology: model.toJSON(null, false) as object,
    weights: model.weights.map((weight) => {
      const { shape, dtype, values } = saveTensor(weight.read());
      return { name: weight.originalName, shape, dtype, values };
    }),
    ...(trained.optimizer !== undefined && {
      optimizer: saveOptimizer(trained.optimizer),
      ...trainingOf(trained),
    }),
  };
}

function trainingOf(model: Trained): { readonly training?: object } {
  try {
    return { training: model.getTrainingConfig() };
  } catch {
    return {};
  }
}

/** A new model as it was saved; compiled, unless its losses were functions. */
export async function makeModel(tf: TensorFlow, saved: SavedModel): Promise<LayersModel> {
  const model = await tf.models.modelFromJSON(saved.topology as never);
  if (saved.training !== undefined) {
    (model as unknown as Trained).loadTrainingConfig(saved.training);
  }
  restoreModel(tf, model, saved);
  return model;
}

/**
 * Gives a live model of the same layers the weights that were saved, and its optimizer its state.
 * @throws Error for other layers.
 */
export function restoreModel(tf: TensorFlow, live: LayersModel, saved: SavedModel): void {
  const { weights } = live;
  if (weights.length !== saved.weights.length) {
    throw new Error(
      `the model has ${weights.length} weights, and what was saved has ${saved.weights.length}. ` +
        'Build the model as it was',
    );
  }
  for (const [i, weight] of weights.entries()) {
    assign(tf, weight.read() as Variable, saved.weights[i]!);
  }
  const { optimizer } = live as unknown as Trained;
  if (optimizer === undefined || saved.optimizer === undefined) return;
  restoreOptimizer(tf, optimizer, saved.optimizer);
}

/** True for a model made of layers, of whichever copy of TensorFlow.js. */
export function isLayersModel(value: object): value is LayersModel {
  const { layers, getWeights, setWeights, predict } = value as Partial<LayersModel>;
  return (
    Array.isArray(layers) &&
    [getWeights, setWeights, predict].every((method) => typeof method === 'function')
  );
}
