import { captured, experiment, inject, logger, Rng, Run } from 'exptools';
import { z } from 'zod';
import { loadDigits, type Digits as Images } from './data.js';
import { Network } from './network.js';

const Training = z.object({
  lr: z.number().positive().default(0.01).describe('learning rate'),
  optimizer: z.enum(['sgd', 'adam']).default('adam').describe('how gradients become steps'),
  batchSize: z.int().positive().default(32).describe('images a step'),
  epochs: z.int().positive().default(5).describe('passes over the training images'),
  hidden: z.int().positive().default(32).describe('hidden units'),
  train: z.int().min(1).max(8000).default(6000).describe('images to learn from'),
  test: z.int().min(1).max(2000).default(2000).describe('held-out images to judge by'),
});
type Training = z.infer<typeof Training>;

/** Learns to read handwritten digits: which learning rate and optimizer do it best? */
@experiment({
  name: 'digits',
  description: 'a small network on handwritten digits',
  config: Training,
  configs: { quick: { train: 1500, test: 300, epochs: 2 } }, // with=quick: does it work at all?
  sweep: { lr: [0.001, 0.01, 0.1], optimizer: ['sgd', 'adam'] },
  repeats: 2,
  objective: { metric: 'accuracy', direction: 'maximize' },
})
export class Digits {
  #network!: Network;

  async main(run: Run<Training>, seed: number) {
    const { train, test } = loadDigits(run.config);
    this.#network = new Network(seed, run.config);
    const saved = await run.restore({ epoch: -1, network: this.#network });
    for (let epoch = (saved?.epoch ?? -1) + 1; epoch < run.config.epochs; epoch++) {
      logger.prefix('train', () => this.fit(train));
      logger.prefix('eval', () => this.evaluate(test));
      logger.dump({ step: epoch });
      await run.checkpoint({ epoch, network: this.#network }); // lets signals have their turn, too
    }
    return { accuracy: run.summary['eval/accuracy'] };
  }

  @captured
  fit(
    images: Images,
    lr: number = inject(),
    batchSize: number = inject(),
    optimizer: Training['optimizer'] = inject(),
    rng: Rng = inject(),
  ) {
    const shuffle = (n: number) => rng.shuffle(Array.from({ length: n }, (_, i) => i));
    const { loss, accuracy } = this.#network.fitEpoch(images, {
      lr,
      batchSize,
      optimizer,
      shuffle,
    });
    logger.record('loss', loss);
    logger.record('accuracy', accuracy);
  }

  evaluate(images: Images) {
    const { loss, accuracy } = this.#network.evaluate(images);
    logger.record('loss', loss);
    logger.record('accuracy', accuracy);
  }
}
