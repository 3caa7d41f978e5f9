import { experiment, logger, type Rng } from 'exptools';
import { z } from 'zod';

const Config = z.object({
  darts: z.int().positive().default(10_000).describe('darts to throw at the unit square'),
  rounds: z.int().positive().default(10).describe('rows to log on the way'),
});

/** Estimates pi by throwing darts: the share that lands in the quarter circle is pi / 4. */
export default experiment(
  { name: 'hello', config: Config, sweep: { darts: [100, 10_000, 1_000_000] } },
  (run, rng: Rng) => {
    const { darts, rounds } = run.config;
    let hits = 0;
    for (let round = 1; round <= rounds; round++) {
      for (let i = 0; i < darts / rounds; i++) {
        if (Math.hypot(rng.uniform(), rng.uniform()) < 1) hits++;
      }
      const pi = (4 * hits * rounds) / (round * darts);
      logger.log({ pi, error: Math.abs(pi - Math.PI) }, { step: round });
    }
    return { error: run.summary['error'] };
  },
);
