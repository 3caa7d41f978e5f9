import {
  captured,
  command,
  config,
  experiment,
  inject,
  logger,
  type Rng,
  type Run,
} from 'exptools';
import { z } from 'zod';
import { Adam } from './adam.js';
import { CartPole } from './environment.js';
import { playEpisode, returnOf, type Episode } from './episode.js';
import { Policy } from './policy.js';
import { updatePolicy } from './policy-gradient.js';

const Learning = z.object({
  lr: z.number().positive().default(0.03).describe('learning rate of Adam'),
  gamma: z.number().min(0).max(1).default(0.99).describe('discount of later rewards'),
  episodes: z.int().min(2).default(10).describe('episodes a batch'),
  iterations: z.int().positive().default(100).describe('batches to learn from'),
  hidden: z.int().positive().default(16).describe('hidden units of the policy'),
});
type Learning = z.infer<typeof Learning>;

/** Learns to balance a pole on a cart with nothing but rewards. */
@experiment({
  name: 'cartpole',
  description: 'policy gradient on the cart-pole problem',
  config: Learning,
  sweep: { lr: [0.003, 0.01, 0.03], gamma: [0.9, 0.99] },
  repeats: 2,
  objective: { metric: 'return', direction: 'maximize' },
})
export class BalancePole {
  @config settings!: Learning;

  async main(run: Run<Learning>, rng: Rng) {
    const policy = new Policy(this.settings.hidden, rng);
    const adam = new Adam(policy.parameters.length, this.settings.lr);
    const returns: number[] = [];
    const saved = await run.restore({ iteration: -1, policy, adam, returns });
    for (
      let iteration = (saved?.iteration ?? -1) + 1;
      iteration < this.settings.iterations;
      iteration++
    ) {
      const batch = this.play(policy);
      returns.push(...batch.map(returnOf));
      logger.prefix('train', () => this.learn(policy, adam, batch));
      logger.dump({ step: iteration });
      await run.checkpoint({ iteration, policy, adam, returns });
      if (run.signal.aborted) break;
    }
    return { return: mean(returns.slice(-100)) };
  }

  /** What a policy that has learnt nothing scores, for comparison. */
  @command
  untrained(_run: Run<Learning>, rng: Rng) {
    const batch = this.play(new Policy(this.settings.hidden, rng));
    return { return: mean(batch.map(returnOf)) };
  }

  @captured
  play(policy: Policy, episodes: number = inject(), rng: Rng = inject()): Episode[] {
    const environment = new CartPole(rng);
    const batch = Array.from({ length: episodes }, () =>
      playEpisode(environment, (observation) => policy.sample(observation, rng)),
    );
    logger.record('return', mean(batch.map(returnOf)));
    return batch;
  }

  @captured
  learn(policy: Policy, adam: Adam, batch: readonly Episode[], gamma: number = inject()) {
    const { loss, entropy, gradNorm } = updatePolicy(policy, adam, batch, gamma);
    logger.record('loss', loss);
    logger.record('entropy', entropy);
    logger.record('gradNorm', gradNorm);
  }
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
