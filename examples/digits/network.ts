import type * as tfjs from '@tensorflow/tfjs';
import { loadTf } from 'exptools/tfjs';
import { batches } from './batches.js';
import { PIXELS, type Digits } from './data.js';

// The native engine where it is there, which is several times as fast.
const tf = await loadTf();

const CLASSES = 10;
const LAYERS = ['w1', 'b1', 'w2', 'b2'] as const;
type Weights = Record<(typeof LAYERS)[number], tfjs.Variable>;

/** What a pass over digits amounts to: mean cross-entropy in nats, share recognised from 0 to 1. */
export interface Score {
  loss: number;
  accuracy: number;
}

/** How to train for an epoch; `shuffle(n)` returns the numbers 0 to n - 1 in the order to visit. */
export interface Fit {
  lr: number;
  batchSize: number;
  optimizer: 'sgd' | 'adam';
  shuffle: (n: number) => ArrayLike<number>;
}

/**
 * Recognises digits with one hidden layer: PIXELS inputs, `hidden` rectified units, 10 outputs.
 * All randomness comes from `seed` and `shuffle`: the same ones give the same scores, bit for bit.
 */
export class Network {
  readonly #weights: Weights;
  #optimizer: { readonly key: string; readonly value: tfjs.Optimizer } | undefined;

  /** `seed` is a whole number from 0. */
  constructor(seed: number, { hidden }: { hidden: number }) {
    // Never 0, which TensorFlow.js replaces by Math.random(); never shared by two layers or runs.
    const first = tf.initializers.heNormal({ seed: 2 * seed + 1 });
    const second = tf.initializers.glorotNormal({ seed: 2 * seed + 2 });
    this.#weights = tf.tidy(() => ({
      w1: tf.variable(first.apply([PIXELS, hidden])),
      b1: tf.variable(tf.zeros([hidden])),
      w2: tf.variable(second.apply([hidden, CLASSES])),
      b2: tf.variable(tf.zeros([CLASSES])),
    }));
  }

  /** Trains on every digit once; scores each batch as it was met, before learning from it. */
  fitEpoch(digits: Digits, { lr, batchSize, optimizer, shuffle }: Fit): Score {
    const trainer = this.#trainer(optimizer, lr);
    // Without this list TensorFlow.js trains the variables of every network in the process.
    const weights = Object.values(this.#weights);
    const order = Array.from(shuffle(digits.count));
    return this.#pass(digits, order, batchSize, (loss) => trainer.minimize(loss, true, weights)!);
  }

  /** Scores the network and leaves it unchanged. */
  evaluate(digits: Digits): Score {
    const order = Array.from({ length: digits.count }, (_, i) => i);
    return this.#pass(digits, order, 500, (loss) => loss());
  }

  /** What a checkpoint keeps: the weights, and what the optimizer remembers. */
  toCheckpoint() {
    return { weights: this.#weights, optimizer: this.#optimizer };
  }

  fromCheckpoint({ weights, optimizer }: ReturnType<Network['toCheckpoint']>) {
    for (const name of LAYERS) this.#weights[name].assign(weights[name]);
    tf.dispose(weights);
    this.#optimizer = optimizer;
  }

  /** Frees the tensors, which no garbage collector does; the network is of no use afterwards. */
  dispose(): void {
    this.#optimizer?.value.dispose();
    tf.dispose(this.#weights);
  }

  #pass(digits: Digits, order: number[], size: number, step: (loss: Loss) => tfjs.Scalar): Score {
    let loss = 0;
    let hits = 0;
    for (const batch of batches(digits, order, size)) {
      tf.tidy(() => {
        const images = tf.tensor2d(batch.images, [batch.count, PIXELS]);
        const labels = tf.tensor1d(batch.labels, 'int32');
        const mean = step(() => {
          const logits = this.#logits(images);
          hits += logits.argMax(1).equal(labels).sum().dataSync()[0]!;
          return tf.losses.softmaxCrossEntropy(tf.oneHot(labels, CLASSES), logits);
        });
        loss += mean.dataSync()[0]! * batch.count;
      });
    }
    return { loss: loss / order.length, accuracy: hits / order.length };
  }

  #logits(images: tfjs.Tensor2D): tfjs.Tensor2D {
    const { w1, b1, w2, b2 } = this.#weights;
    return images.matMul(w1).add(b1).relu().matMul<tfjs.Tensor2D>(w2).add(b2);
  }

  // Adam remembers past gradients, so one optimizer serves every epoch that asks for the same.
  #trainer(name: Fit['optimizer'], lr: number): tfjs.Optimizer {
    const key = `${name} ${lr}`;
    if (this.#optimizer?.key !== key) {
      this.#optimizer?.value.dispose();
      this.#optimizer = { key, value: tf.train[name](lr) };
    }
    return this.#optimizer.value;
  }
}

type Loss = () => tfjs.Scalar;
