import type { Rank, Sequential, Tensor2D } from '@tensorflow/tfjs';
import { beforeAll, describe, expect } from 'vitest';
import { logger, openRun, type Run } from '../../src/index.ts';
import { loadTf, tfCallback, type TensorFlow, type TfBackend } from '../../src/tfjs.ts';
import { memorySink, type MemorySink } from '../helpers/memory-sink.ts';
import { manifestOf } from '../helpers/stored.ts';
import { test as base } from '../helpers/temp-dir.ts';

const SAMPLES = 20;

/** What must hold on every back end; those who call it have made sure that it is there. */
export function specifyTfjs(backend: TfBackend): void {
  let tf: TensorFlow;
  beforeAll(async () => void (tf = await loadTf({ backend })));

  /** A run with a sink to look into, and a small model with data to fit it to. */
  const test = base.extend<{ work: Work }>({
    work: async ({ dir }, use) => {
      const sink = memorySink();
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'line' })],
      });
      model.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError', metrics: ['mae'] });
      const x = tf.randomNormal<Rank.R2>([SAMPLES, 2], 0, 1, 'float32', 7);
      const y = tf.tidy(() => x.sum<Tensor2D>(1, true));
      const inRun: Work['inRun'] = async (body) => {
        await openRun({ name: 'fits', root: dir, sinks: [sink] }, body);
        return sink.table();
      };
      await use({ sink, model, x, y, inRun });
      tf.dispose([x, y]);
      model.dispose();
    },
  });

  const quiet = { verbose: 0, batchSize: 5 } as const;

  describe('loadTf', () => {
    test('computes with the back end that was asked for', () => {
      expect(tf.getBackend()).toBe(backend === 'node' ? 'tensorflow' : 'cpu');
      expect(tf.tidy(() => tf.matMul([[1, 2]], [[3], [4]]).arraySync())).toEqual([[11]]);
    });

    test('gives the same TensorFlow.js when it is asked again', async () => {
      expect(await loadTf({ backend })).toBe(tf);
    });

    test('is named in the manifest of a run that was open before', async ({ dir }) => {
      await using run = await openRun({ name: 'open', root: dir, sinks: [] });
      await loadTf({ backend });

      expect(manifestOf(run.dir)).toMatchObject({
        backend: backend === 'node' ? 'tfjs-node' : 'tfjs',
        versions: {
          node: process.versions.node,
          tfjs: '4.22.0',
          ...(backend === 'node' && { 'tfjs-node': '4.22.0', tensorflow: '2.15.1' }),
        },
      });
    });

    test('is named in the manifests of later runs, to their end', async ({ dir, work }) => {
      let seen!: Run;
      await work.inRun((run) => void (seen = run));

      expect(seen.dir).toContain(dir);
      expect(manifestOf(seen.dir)).toMatchObject({
        status: 'completed',
        backend: backend === 'node' ? 'tfjs-node' : 'tfjs',
      });
    });
  });

  describe('tfCallback', () => {
    test('logs a row an epoch, with what model.fit says in the end', async ({ work }) => {
      let history: Record<string, unknown[]> = {};
      const rows = await work.inRun(async () => {
        const { model, x, y } = work;
        const args = { ...quiet, epochs: 3, validationSplit: 0.2, callbacks: tfCallback() };
        ({ history } = await model.fit(x, y, args));
      });

      const names = ['train/loss', 'train/mae', 'eval/loss', 'eval/mae'];
      expect(Object.keys(rows[0]!)).toEqual(['step', ...names]);
      expect(rows).toEqual(
        [0, 1, 2].map((epoch) => ({
          step: epoch,
          'train/loss': history['loss']![epoch],
          'train/mae': history['mae']![epoch],
          'eval/loss': history['val_loss']![epoch],
          'eval/mae': history['val_mae']![epoch],
        })),
      );
    });

    test('logs below the prefix that the training runs in', async ({ work }) => {
      const rows = await work.inRun(() =>
        logger.prefix('fold-1', () =>
          work.model.fit(work.x, work.y, { ...quiet, epochs: 1, callbacks: [tfCallback()] }),
        ),
      );

      expect(Object.keys(rows[0]!)).toEqual(['step', 'fold-1/train/loss', 'fold-1/train/mae']);
    });

    test('logs to a bound child', async ({ work }) => {
      const rows = await work.inRun(async () => {
        const callbacks = tfCallback({ logger: logger.child('teacher') });
        await work.model.fit(work.x, work.y, { ...quiet, epochs: 1, callbacks });
      });

      expect(Object.keys(rows[0]!)).toContain('teacher/train/loss');
    });

    test('goes on at the initial epoch of a resumed training', async ({ work }) => {
      const rows = await work.inRun(async () => {
        const args = { ...quiet, initialEpoch: 4, epochs: 6, callbacks: tfCallback() };
        await work.model.fit(work.x, work.y, args);
      });

      expect(rows.map(({ step }) => step)).toEqual([4, 5]);
    });

    test('logs every second batch, and counts steps in batches then', async ({ work }) => {
      const rows = await work.inRun(async () => {
        const callbacks = tfCallback({ batches: 2 });
        await work.model.fit(work.x, work.y, { ...quiet, initialEpoch: 2, epochs: 4, callbacks });
      });

      const ofBatch = ['step', 'batch/loss', 'batch/mae'];
      const ofEpoch = ['step', 'epoch', 'train/loss', 'train/mae'];
      expect(rows.map((row) => [row['step'], Object.keys(row)])).toEqual([
        [8, ofBatch],
        [10, ofBatch],
        [11, ofEpoch],
        [12, ofBatch],
        [14, ofBatch],
        [15, ofEpoch],
      ]);
      expect(rows.flatMap((row) => row['epoch'] ?? [])).toEqual([2, 3]);
    });

    test('leaves no tensor behind', async ({ work }) => {
      await work.inRun(async () => {
        const fit = () =>
          work.model.fit(work.x, work.y, {
            ...quiet,
            epochs: 2,
            validationSplit: 0.2,
            callbacks: tfCallback({ batches: 1 }),
          });
        await fit(); // makes the state of the optimizer
        const before = tf.memory().numTensors;
        await fit();
        expect(tf.memory().numTensors).toBe(before);
      });
    });

    test('works beside other callbacks, before and after them', async ({ work }) => {
      const rows = await work.inRun(async () => {
        for (const position of [0, 1]) {
          const stopping = tf.callbacks.earlyStopping({
            monitor: 'loss',
            patience: 0,
            minDelta: 99,
          });
          const callbacks = position === 0 ? [tfCallback(), stopping] : [stopping, tfCallback()];
          await work.model.fit(work.x, work.y, { ...quiet, epochs: 9, callbacks });
        }
      });

      expect(rows.map(({ step }) => step)).toEqual([0, 1, 0, 1]);
    });

    test('logs the epochs of fitDataset', async ({ work }) => {
      const rows = await work.inRun(async () => {
        const data = tf.data.zip({ xs: slices(tf, work.x), ys: slices(tf, work.y) }).batch(5);
        const args = { verbose: 0 as const, epochs: 2, callbacks: tfCallback({ batches: 4 }) };
        await work.model.fitDataset(data, { ...args, validationData: data });
      });

      expect(rows.map((row) => [row['step'], Object.keys(row)[1]])).toEqual([
        [0, 'batch/loss'],
        [3, 'epoch'],
        [4, 'batch/loss'],
        [7, 'epoch'],
      ]);
      expect(rows[1]).toHaveProperty(['eval/loss']);
    });

    test('asks how long epochs are where a resumed fitDataset does not say', async ({ work }) => {
      const fit = (options: object) => {
        const samples = function* () {
          for (let i = 0; i < SAMPLES; i++) yield { xs: [i, 1], ys: [i] };
        };
        const data = tf.data.generator(samples).batch(5);
        const callbacks = tfCallback({ batches: 4, ...options });
        return work.model.fitDataset(data, { verbose: 0, initialEpoch: 3, epochs: 4, callbacks });
      };
      const rows = await work.inRun(async () => {
        await expect(fit({})).rejects.toThrow(/goes on at epoch 3.*Pass batchesPerEpoch/);
        await fit({ batchesPerEpoch: 4 });
      });

      expect(rows.map(({ step }) => step)).toEqual([12, 15]);
    });

    test('stops the training when the run is to end, without a row of half an epoch', async ({
      work,
    }) => {
      let epochs = 0;
      let failure: unknown;
      const rows = await work
        .inRun(async (run) => {
          const logging = tfCallback();
          const batchEnd = logging.onBatchEnd.bind(logging);
          let batches = 0;
          logging.onBatchEnd = async (batch, logs) => {
            if (++batches === 6) run.fail(new Error('enough'));
            await batchEnd(batch, logs);
          };
          const { epoch } = await work.model.fit(work.x, work.y, {
            ...quiet,
            epochs: 50,
            callbacks: logging,
          });
          epochs = epoch.length;
        })
        .catch((error: unknown) => {
          failure = error;
          return work.sink.table();
        });

      expect(failure).toMatchObject({ message: 'enough' });
      expect(epochs).toBe(2);
      expect(rows.map(({ step }) => step)).toEqual([0]);
    });

    test('lets timers have their turn, so that a signal ends the training', async ({ work }) => {
      await work.inRun(async () => {
        const signal = AbortSignal.timeout(1);
        const args = { ...quiet, epochs: 1_000_000, callbacks: tfCallback({ signal }) };
        const { epoch } = await work.model.fit(work.x, work.y, args);
        expect(epoch.length).toBeLessThan(100_000);
      });
    });

    test.for([{ batches: 0 }, { weights: 1.5 }, { batchesPerEpoch: -1 }])(
      'refuses %j',
      (options) => {
        const [[name, value]] = Object.entries(options) as [[string, number]];
        expect(() => tfCallback(options)).toThrow(
          `a whole number above 0 as ${name}, got ${value}`,
        );
      },
    );
  });
}

interface Work {
  readonly sink: MemorySink;
  readonly model: Sequential;
  readonly x: Tensor2D;
  readonly y: Tensor2D;
  /** Does this in a run and returns its rows. */
  inRun(body: (run: Run) => unknown): Promise<ReturnType<MemorySink['table']>>;
}

function slices(tf: TensorFlow, tensor: Tensor2D) {
  return tf.data.array(tensor.arraySync());
}
