import type { Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect } from 'vitest';
import type { Histogram, Image, MediaRecord } from '../../src/core/media.ts';
import type { Sink } from '../../src/core/sink.ts';
import { encodePng } from '../../src/formats/png.ts';
import { logger, openRun } from '../../src/index.ts';
import {
  loadTf,
  tfCallback,
  toImages,
  toValues,
  type TensorFlow,
  type TfBackend,
} from '../../src/tfjs.ts';
import { test } from '../helpers/temp-dir.ts';

/** What must hold of tensors on every back end. */
export function specifyTensors(backend: TfBackend): void {
  let tf: TensorFlow;
  beforeAll(async () => void (tf = await loadTf({ backend })));

  /** What is shown by `work` in a run. */
  const shownBy = async (root: string, work: () => unknown): Promise<MediaRecord[]> => {
    const shown: MediaRecord[] = [];
    const sink: Sink = {
      name: 'shown',
      open: () => ({ write: () => {}, writeMedia: (record) => void shown.push(record) }),
    };
    await openRun({ name: 'tensors', root, sinks: [sink] }, async () => void (await work()));
    return shown;
  };

  describe('logger.histogram', () => {
    test('takes tensors of numbers and flags, of any rank, and variables', async ({ dir }) => {
      const shown = await shownBy(dir, () =>
        tf.tidy(() => {
          logger.histogram(
            'floats',
            tf.tensor2d([
              [0.5, 1],
              [2, 4],
            ]),
          );
          logger.histogram('whole', tf.tensor1d([1, 2, 3], 'int32'));
          logger.histogram('flags', tf.tensor1d([true, false, true], 'bool'));
          logger.histogram('variable', tf.variable(tf.scalar(7)));
        }),
      );

      expect(
        shown.map(({ tag, media }) => {
          const { min, max, count, sum } = media as Histogram;
          return [tag, min, max, count, sum];
        }),
      ).toEqual([
        ['floats', 0.5, 4, 4, 7.5],
        ['whole', 1, 3, 3, 6],
        ['flags', 0, 1, 3, 2],
        ['variable', 7, 7, 1, 7],
      ]);
    });

    test('shows the weights of a model every second epoch', async ({ dir }) => {
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 3, inputShape: [2], name: `weighed-${backend}` })],
      });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });

      const shown = await shownBy(dir, () =>
        model.fit(tf.ones([4, 2]), tf.ones([4, 3]), {
          epochs: 4,
          verbose: 0,
          callbacks: tfCallback({ weights: 2 }),
        }),
      );

      expect(shown.map(({ tag, step, media }) => [tag, step, (media as Histogram).count])).toEqual([
        [`weights/weighed-${backend}/kernel`, 0, 6],
        [`weights/weighed-${backend}/bias`, 0, 3],
        [`weights/weighed-${backend}/kernel`, 2, 6],
        [`weights/weighed-${backend}/bias`, 2, 3],
      ]);
      expect(model.weights.every((weight) => !weight.read().isDisposed)).toBe(true);
    });
  });

  describe('logger.image', () => {
    const png = (data: number[], width: number, height: number, channels: 1 | 3 | 4) =>
      encodePng({ data: Uint8Array.from(data), width, height, channels });

    test('takes [height, width] and [height, width, channels]', async ({ dir }) => {
      const shown = await shownBy(dir, () =>
        tf.tidy(() => {
          logger.image(
            'grey',
            tf.tensor2d([
              [0, 1, 0.2],
              [1, 0, 2],
            ]),
          );
          logger.image('bytes', tf.tensor3d([[[0, 10, 255]], [[1, 2, 3]]], [2, 1, 3], 'int32'));
          logger.image('flags', tf.tensor2d([[true, false]], [1, 2], 'bool'));
          logger.image('range', tf.tensor2d([[-1, 1]]), { range: [-1, 1] });
        }),
      );

      expect(shown.map(({ tag, media }) => [tag, (media as Image).bytes])).toEqual([
        ['grey', png([0, 255, 51, 255, 0, 255], 3, 2, 1)],
        ['bytes', png([0, 10, 255, 1, 2, 3], 1, 2, 3)],
        ['flags', png([255, 0], 2, 1, 1)],
        ['range', png([0, 255], 2, 1, 1)],
      ]);
    });

    test('takes a batch, and shows the first three', async ({ dir }) => {
      const shown = await shownBy(dir, () =>
        logger.prefix('eval', () =>
          logger.image('seen', tf.tensor4d([0, 1, 2, 3, 4], [5, 1, 1, 1], 'int32'), { step: 9 }),
        ),
      );

      expect(shown.map(({ tag, step, media }) => [tag, step, (media as Image).bytes])).toEqual([
        ['eval/seen/0', 9, png([0], 1, 1, 1)],
        ['eval/seen/1', 9, png([1], 1, 1, 1)],
        ['eval/seen/2', 9, png([2], 1, 1, 1)],
      ]);
    });

    test.for([[[4]], [[2, 2, 2]], [[1, 1, 2, 2, 1]]])(
      'refuses the shape %j',
      async ([shape], { dir }) => {
        await shownBy(dir, () => {
          const tensor = tf.zeros(shape!);
          expect(() => logger.image('odd', tensor)).toThrow(`has the shape [${shape!.join(', ')}]`);
        });
      },
    );
  });

  describe('toValues and toImages', () => {
    test('give what is in a tensor, and leave it as it is', async () => {
      const batch = tf.tensor4d([0, 0.25, 0.5, 1], [2, 1, 2, 1]);

      const values = await toValues(batch);
      const images = await toImages(batch);

      expect(values).toEqual(new Float32Array([0, 0.25, 0.5, 1]));
      expect(images).toEqual([
        { values: new Float32Array([0, 0.25]), width: 2, height: 1, channels: 1, range: [0, 1] },
        { values: new Float32Array([0.5, 1]), width: 2, height: 1, channels: 1, range: [0, 1] },
      ]);
      expect(batch.isDisposed).toBe(false);
    });
  });

  test.for<[string, (tf: TensorFlow) => Tensor, string]>([
    ['disposed', disposed, 'is disposed: its values are gone'],
    ['text', (tf) => tf.tensor1d(['a']), 'is of type string'],
    ['complex', (tf) => tf.complex([1], [2]), 'is of type complex64'],
  ])('a tensor that is %s is refused', async ([, make, says], { dir }) => {
    await shownBy(dir, async () => {
      expect(() => logger.histogram('odd', make(tf))).toThrow(says);
      expect(() => logger.image('odd', make(tf))).toThrow(says);
      await expect(toValues(make(tf))).rejects.toThrow(says);
    });
  });
}

function disposed(tf: TensorFlow): Tensor {
  const tensor = tf.tensor1d([1]);
  tensor.dispose();
  return tensor;
}
