import { readdirSync } from 'node:fs';
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { describe, expect, inject } from 'vitest';
import { Checkpoints } from '../../src/checkpoint/checkpoints.ts';
import { openCheckpoint } from '../../src/checkpoint/list.ts';
import { restoreInto } from '../../src/checkpoint/restore-into.ts';
import { openRun } from '../../src/index.ts';
import { loadTf, tfCallback, type TensorFlow } from '../../src/tfjs.ts';
import { test } from '../helpers/temp-dir.ts';
import { readScalars } from '../helpers/tensorboard.ts';
import { TFJS_NODE_BUILD } from '../setup/tool-paths.ts';
import { specifyCheckpoints } from './checkpoints-spec.ts';
import { specifyTensors } from './tensors-spec.ts';
import { specifyTfjs } from './tfjs-spec.ts';

const missing = inject('missingTools');
process.env['EXP_TFJS_NODE'] = TFJS_NODE_BUILD;

if (missing['tfjs-node'] === undefined) {
  describe('exptools/tfjs on @tensorflow/tfjs-node', () => {
    specifyTfjs('node');
    specifyTensors('node');
    specifyCheckpoints('node');

    test.for([
      ['node', 'js'],
      ['js', 'node'],
    ] as const)(
      'restores on the other back end what was saved on %s',
      async ([from, to], { dir }) => {
        const make = (tf: TensorFlow) => ({
          model: tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [3] })] }),
          optimizer: tf.train.adam(0.1),
          flags: tf.tensor1d([true, false], 'bool'),
          texts: tf.tensor1d(['a', 'ö']),
        });
        const before = await loadTf({ backend: from });
        const saved = make(before);
        saved.optimizer.minimize(() =>
          (saved.model.predict(before.ones([1, 3])) as Tensor).sum<Scalar>(),
        );
        const values = [...saved.model.getWeights(), saved.flags].map((one) => [...one.dataSync()]);
        const info = await new Checkpoints(dir, { mode: 'last' }, expect.fail).save(saved, null, {
          step: 1,
        });

        const other = make(await loadTf({ backend: to }));
        await restoreInto(other, openCheckpoint(info!.file).saved);

        expect(other.optimizer.iterations).toBe(1);
        expect(
          [...other.model.getWeights(), other.flags].map((one) => [...one.dataSync()]),
        ).toEqual(values);
        expect([...other.texts.dataSync()]).toEqual(['a', 'ö']);
        await loadTf({ backend: 'node' });
      },
    );

    test("leaves tfjs-node's own event files beside ours, and TensorBoard reads both", async ({
      dir,
      skip,
    }) => {
      skip(missing['tensorboard'] !== undefined, missing['tensorboard']);
      const tf = await loadTf({ backend: 'node' });
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });

      const run = await openRun(
        { name: 'beside', root: dir, sinks: ['csv', 'tensorboard'] },
        async (run) => {
          const callbacks = [tf.node.tensorBoard(run.dir), tfCallback()];
          await model.fit(tf.ones([8, 1]), tf.ones([8, 1]), { epochs: 3, verbose: 0, callbacks });
        },
      );

      const events = readdirSync(run.dir, { recursive: true }).map(String);
      expect(events.filter((file) => file.includes('tfevents'))).toHaveLength(2);
      const theirs = `${run.dir}/train`;
      const scalars = readScalars(run.dir, theirs);
      const ours = scalars[run.dir]!['train/loss']!.map(({ value }) => value);
      expect(ours).toHaveLength(3);
      expect(scalars[theirs]!['epoch_loss']!.map(({ value }) => value)).toEqual(ours);
    });
  });
} else {
  describe('exptools/tfjs on @tensorflow/tfjs-node', () => {
    test('has a native engine to run on', ({ skip }) => skip(missing['tfjs-node']));
  });
}
