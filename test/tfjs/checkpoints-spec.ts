import type { Optimizer, Sequential, Tensor, Variable } from '@tensorflow/tfjs';
import { beforeAll, describe, expect } from 'vitest';
import { Checkpoints } from '../../src/checkpoint/checkpoints.ts';
import { newestCheckpoint, openCheckpoint, readCheckpoint } from '../../src/checkpoint/list.ts';
import { restoreInto } from '../../src/checkpoint/restore-into.ts';
import { loadTf, type TensorFlow, type TfBackend } from '../../src/tfjs.ts';
import { test } from '../helpers/temp-dir.ts';

const OPTIMIZERS = {
  sgd: (tf) => tf.train.sgd(0.1),
  momentum: (tf) => tf.train.momentum(0.1, 0.9),
  nesterov: (tf) => tf.train.momentum(0.1, 0.9, true),
  adagrad: (tf) => tf.train.adagrad(0.1),
  adadelta: (tf) => tf.train.adadelta(0.1),
  rmsprop: (tf) => tf.train.rmsprop(0.01, 0.9, 0.5),
  'rmsprop, centered': (tf) => tf.train.rmsprop(0.01, 0.9, 0.5, undefined, true),
  adam: (tf) => tf.train.adam(0.01),
  adamax: (tf) => tf.train.adamax(0.01),
} satisfies Record<string, (tf: TensorFlow) => Optimizer>;

/** What must hold of checkpoints on every back end. */
export function specifyCheckpoints(backend: TfBackend): void {
  let tf: TensorFlow;
  beforeAll(async () => void (tf = await loadTf({ backend })));

  const save = async (dir: string, state: unknown): Promise<string> =>
    (await new Checkpoints(dir, { mode: 'all' }, expect.fail).save(state, null, { step: 0 }))!.file;
  const restore = <T>(file: string, into: T) =>
    restoreInto(into, openCheckpoint(file).saved) as Promise<T>;

  describe('a checkpoint of a training', () => {
    test.for(Object.entries(OPTIMIZERS))(
      'goes on with %s as if nothing had been, to the last bit',
      async ([, make], { dir }) => {
        const start = tf.memory().numTensors;
        const one = { model: build(tf), optimizer: make(tf) };
        train(tf, one, 3);
        const file = await save(dir, one);
        train(tf, one, 3);
        const expected = bytesOf(one.model);

        const other = { model: build(tf), optimizer: make(tf) };
        train(tf, other, 1); // so that there is something to be replaced
        const before = tf.memory().numTensors;
        await restore(file, other);

        expect(tf.memory().numTensors).toBe(before);
        expect(other.optimizer.iterations).toBe(3);
        train(tf, other, 3);
        expect(bytesOf(other.model)).toEqual(expected);
        for (const { model, optimizer } of [one, other]) {
          model.dispose();
          optimizer.dispose();
        }
        expect(tf.memory().numTensors).toBeLessThanOrEqual(start + 2); // momentum leaks a scalar
      },
    );

    test('holds the optimizer of a compiled model', async ({ dir }) => {
      const [x, y] = data(tf);
      const fit = { epochs: 2, shuffle: false, verbose: 0 } as const;
      const model = compiled(tf);
      await model.fit(x, y, fit);
      const file = await save(dir, { model });
      await model.fit(x, y, fit);

      const other = compiled(tf);
      await restore(file, { model: other });
      await other.fit(x, y, fit);

      expect(bytesOf(other)).toEqual(bytesOf(model));
      tf.dispose([x, y]);
    });

    test('makes a new model that is compiled, and trains on', async ({ dir }) => {
      const [x, y] = data(tf);
      const fit = { epochs: 2, shuffle: false, verbose: 0 } as const;
      const model = compiled(tf);
      await model.fit(x, y, fit);
      const file = await save(dir, { model });
      await model.fit(x, y, fit);

      const { state } = await readCheckpoint(file);
      const other = (state as { model: Sequential }).model;
      await other.fit(x, y, fit);

      expect(other).not.toBe(model);
      expect(bytesOf(other)).toEqual(bytesOf(model));
      tf.dispose([x, y]);
    });

    test('stores a weight once that a state mentions twice', async ({ dir }) => {
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 500, inputShape: [500], useBias: false })],
      });
      const [weight] = model.weights.map((one) => one.read());

      const file = await save(dir, { model, weight });

      const { bytes } = newestCheckpoint(dir, { warn: expect.fail })!;
      expect(bytes).toBeGreaterThan(1_000_000);
      expect(bytes).toBeLessThan(1_010_000);
      expect(file).toContain('step-000000000.ckpt');
    });

    test('keeps the learning rate that the live optimizer was made with', async ({ dir }) => {
      const one = { model: build(tf), optimizer: tf.train.adam(0.01) };
      train(tf, one, 2);
      const file = await save(dir, one);
      const other = { model: build(tf), optimizer: tf.train.adam(0.5) };

      await restore(file, other);
      const { state } = await readCheckpoint(file);

      expect(other.optimizer.getConfig()['learningRate']).toBe(0.5);
      expect((state as typeof one).optimizer.getConfig()['learningRate']).toBe(0.01);
      expect((state as typeof one).optimizer.iterations).toBe(2);
    });

    test('refuses other layers and other optimizers', async ({ dir }) => {
      const file = await save(dir, { model: build(tf), optimizer: tf.train.adam(0.01) });
      const wide = tf.sequential({ layers: [tf.layers.dense({ units: 9, inputShape: [2] })] });
      const wider = build(tf, 5);

      await expect(restore(file, { model: wide })).rejects.toThrow(
        'state.model cannot be restored: the model has 2 weights, and what was saved has 4',
      );
      await expect(restore(file, { model: wider })).rejects.toThrow(
        /state\.model cannot be restored: ".*" is float32 \[2, 5\], and what was saved is float32 \[2, 3\]/,
      );
      await expect(restore(file, { optimizer: tf.train.sgd(0.1) })).rejects.toThrow(
        'state.optimizer cannot be restored: the optimizer is of class SGD, and what was saved is of class Adam',
      );
    });
  });

  describe('a checkpoint of tensors', () => {
    test('has every type of them, also by name', async ({ dir }) => {
      const tensors: Record<string, Tensor> = {
        floats: tf.tensor2d([[0.1, NaN], [-0, Infinity]]), // prettier-ignore
        whole: tf.tensor1d([1, -2, 3], 'int32'),
        flags: tf.tensor1d([true, false], 'bool'),
        texts: tf.tensor1d(['a', 'ü', '']),
        complex: tf.complex([1, 2], [3, -4]),
        scalar: tf.scalar(7),
        empty: tf.zeros([0, 3]),
      };
      const file = await save(dir, tensors);
      const before = tf.memory().numTensors;

      const { state } = await readCheckpoint(file);

      const read = state as typeof tensors;
      expect(Object.keys(read)).toEqual(Object.keys(tensors));
      for (const [name, tensor] of Object.entries(tensors)) {
        expect([name, read[name]!.dtype, read[name]!.shape]).toEqual([
          name,
          tensor.dtype,
          tensor.shape,
        ]);
        expect(read[name]!.dataSync()).toEqual(tensor.dataSync());
      }
      tf.dispose(read);
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose(tensors);
    });

    test('restores a live variable in place', async ({ dir }) => {
      const variable = tf.variable(tf.tensor1d([1, 2, 3]));
      const file = await save(dir, { variable });
      variable.assign(tf.tensor1d([4, 5, 6]));
      const before = tf.memory().numTensors;

      const restored = await restore(file, { variable });

      expect(restored.variable).toBe(variable);
      expect([...variable.dataSync()]).toEqual([1, 2, 3]);
      expect(tf.memory().numTensors).toBe(before);
      variable.dispose();
    });

    test('makes a variable anew, with its name where that is free', async ({ dir }) => {
      const variable = tf.variable(tf.scalar(1), false, 'mine');
      const file = await save(dir, variable);
      variable.dispose();

      const first = (await readCheckpoint(file)).state as Variable;
      const second = (await readCheckpoint(file)).state as Variable;

      expect([first.name, first.trainable, second.trainable]).toEqual(['mine', false, false]);
      expect(second.name).not.toBe('mine');
      tf.dispose([first, second]);
    });

    test('refuses one that is disposed, and says which', async ({ dir }) => {
      const tensor = tf.scalar(1);
      tensor.dispose();

      await expect(save(dir, { list: [0, tensor] })).rejects.toThrow(
        'state.list[1] cannot be saved: the tensor is disposed',
      );
    });
  });
}

interface Training {
  readonly model: Sequential;
  readonly optimizer: Optimizer;
}

function build(tf: TensorFlow, units = 3): Sequential {
  const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
  return tf.sequential({
    layers: [
      tf.layers.dense({ units, inputShape: [2], kernelInitializer: seeded(1) }),
      tf.layers.dense({ units: 1, kernelInitializer: seeded(2) }),
    ],
  });
}

function compiled(tf: TensorFlow): Sequential {
  const model = build(tf);
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError', metrics: ['mae'] });
  return model;
}

function data(tf: TensorFlow): [Tensor, Tensor] {
  return tf.tidy(() => {
    const x = tf.randomNormal([16, 2], 0, 1, 'float32', 7);
    return [x, x.sum(1, true)];
  });
}

function train(tf: TensorFlow, { model, optimizer }: Training, steps: number): void {
  tf.tidy(() => {
    const [x, y] = data(tf);
    for (let step = 0; step < steps; step++) {
      optimizer.minimize(
        () => tf.losses.meanSquaredError(y, model.predict(x) as Tensor),
        false,
        model.trainableWeights.map((weight) => weight.read() as Variable),
      );
    }
  });
}

function bytesOf(model: Sequential): Buffer {
  return Buffer.concat(
    model.weights.map((weight) => {
      const { buffer, byteOffset, byteLength } = weight.read().dataSync<'float32'>();
      return Buffer.from(buffer, byteOffset, byteLength);
    }),
  );
}
