import type { Optimizer, Variable } from '@tensorflow/tfjs';
import { assign, isVariable, makeTensor, saveTensor, type SavedTensor } from './saved-tensor.ts';
import type { TensorFlow } from './tensorflow.ts';

/** An optimizer in a checkpoint. */
export interface SavedOptimizer {
  readonly className: string;
  /** What it was made with: learning rate and so on. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly iterations: number;
  /** What it has accumulated for each weight, by the name of its property. */
  readonly accumulated: Readonly<Record<string, readonly SavedAccumulator[]>>;
  /** Its other variables, by the name of its property: powers of the decays, for some. */
  readonly variables: Readonly<Record<string, SavedTensor>>;
}

interface SavedAccumulator {
  readonly originalName: string;
  readonly tensor: SavedTensor;
}

interface Accumulator {
  readonly originalName: string;
  readonly variable: Variable;
}

/**
 * What stands for an optimizer in a checkpoint. Its own getWeights() is not enough: it leaves out the
 * powers of Adam's decays, which setWeights() then computes to other last bits, and Adamax has none.
 */
export function saveOptimizer(optimizer: Optimizer): SavedOptimizer {
  const fields = Object.entries(optimizer);
  return {
    className: optimizer.getClassName(),
    config: optimizer.getConfig(),
    iterations: optimizer.iterations,
    accumulated: Object.fromEntries(
      fields.flatMap(([name, list]) =>
        areAccumulators(list)
          ? [
              [
                name,
                list.map(({ originalName, variable }) => ({
                  originalName,
                  tensor: saveTensor(variable),
                })),
              ],
            ]
          : [],
      ),
    ),
    variables: Object.fromEntries(
      fields.flatMap(([name, one]) => (isVariable(one) ? [[name, saveTensor(one)]] : [])),
    ),
  };
}

/** A new optimizer as it was saved. */
export function makeOptimizer(tf: TensorFlow, saved: SavedOptimizer): Optimizer {
  const known = tf.serialization.SerializationMap.getMap().classNameMap[saved.className];
  if (known === undefined) {
    throw new Error(
      `TensorFlow.js knows no optimizer "${saved.className}". ` +
        'Register its class with tf.serialization.registerClass()',
    );
  }
  const [make, fromConfig] = known;
  const optimizer = fromConfig(make, saved.config as never) as Optimizer;
  restoreOptimizer(tf, optimizer, saved);
  return optimizer;
}

/**
 * Gives a live optimizer the state that was saved. What it was made with stays: that is a matter of
 * the config, which may have been changed on purpose.
 */
export function restoreOptimizer(tf: TensorFlow, live: Optimizer, saved: SavedOptimizer): void {
  const className = live.getClassName();
  if (className !== saved.className) {
    throw new Error(
      `the optimizer is of class ${className}, and what was saved is of class ${saved.className}. ` +
        'Make the same one, leave the optimizer out of the state, or compile the model once it is restored',
    );
  }
  const fields = live as unknown as Record<string, unknown>;
  for (const [name, list] of Object.entries(saved.accumulated)) {
    const before = fields[name];
    fields[name] = list.map(({ originalName, tensor }) => ({
      originalName,
      variable: tf.tidy(() => makeTensor(tf, tensor).variable(false)),
    }));
    if (areAccumulators(before)) for (const { variable } of before) variable.dispose();
  }
  for (const [name, tensor] of Object.entries(saved.variables)) {
    assign(tf, fields[name] as Variable, tensor);
  }
  fields['iterations_'] = saved.iterations;
}

function areAccumulators(value: unknown): value is readonly Accumulator[] {
  return (
    Array.isArray(value) &&
    value.every((one: Partial<Accumulator> | undefined) => isVariable(one?.variable))
  );
}
