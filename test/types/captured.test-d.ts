import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import {
  captured,
  config,
  experiment,
  inject,
  type Logger,
  type Rng,
  type Run,
} from '../../src/index.ts';

const Training = z.object({
  lr: z.number(),
  layers: z.array(z.int()),
  train: z.object({ batchSize: z.int(), optimizer: z.enum(['sgd', 'adam']) }),
  note: z.string().optional(),
});
type Training = z.infer<typeof Training>;

/** A parameter that is taken apart: names are keys of the config and special values. */
export const fit = captured(
  Training,
  ({ lr, train, layers, note, 'train.batchSize': size, rng }) => {
    expectTypeOf(lr).toEqualTypeOf<number>();
    expectTypeOf(train.optimizer).toEqualTypeOf<'sgd' | 'adam'>();
    expectTypeOf(layers).toEqualTypeOf<readonly number[]>();
    expectTypeOf(note).toEqualTypeOf<string | undefined>();
    expectTypeOf(size).toEqualTypeOf<number>();
    expectTypeOf(rng).toEqualTypeOf<Rng>();
    // @ts-expect-error -- a section cannot be written to
    train.batchSize = 1;
    // @ts-expect-error -- nor a list
    layers.push(1);
    return lr * size;
  },
);
expectTypeOf(fit()).toEqualTypeOf<number>();
fit({ lr: 0.1 });
fit({ 'train.batchSize': 1, lr: undefined });
// @ts-expect-error -- lr is a number
fit({ lr: 'small' });
// @ts-expect-error -- there is no such key
fit({ lrr: 0.1 });

// @ts-expect-error -- the config has no such key
captured(Training, ({ lrr }) => lrr);
// @ts-expect-error -- nor the section
captured(Training, ({ 'train.batch': size }) => size);

/** What a run gives besides its config. */
captured(Training, ({ run, config: all, logger, seed, runId, runDir, signal }) => {
  expectTypeOf(run).toEqualTypeOf<Run<Training>>();
  expectTypeOf(all.train.batchSize).toEqualTypeOf<number>();
  expectTypeOf(logger).toEqualTypeOf<Logger>();
  expectTypeOf([seed, runId, runDir]).toEqualTypeOf<(string | number)[]>();
  expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
});

/** Arguments named in order, for code whose own names a minifier takes. */
export const named = captured(
  Training,
  ['lr', 'train.batchSize', 'rng', 'train'],
  (lr, size, rng, train) => {
    expectTypeOf(lr).toEqualTypeOf<number>();
    expectTypeOf(size).toEqualTypeOf<number>();
    expectTypeOf(rng).toEqualTypeOf<Rng>();
    // @ts-expect-error -- a section cannot be written to
    train.batchSize = 1;
    return `${lr}`;
  },
);
expectTypeOf(named()).toEqualTypeOf<string>();
named(0.1);
named(undefined, 5);
// @ts-expect-error -- lr is a number
named('small');
// @ts-expect-error -- there are four
named(1, 2, undefined, undefined, 5);
// @ts-expect-error -- the config has no such key
captured(Training, ['lrr'], (lr) => lr);
// @ts-expect-error -- the section has no such key
captured(Training, ['train.batch'], (size) => size);
// @ts-expect-error -- lr is a number
captured(Training, ['lr'], (lr: string) => lr);

/** Options leave the type of a function as it is, and decorate methods too. */
export const optioned = captured(
  { names: ['lr'], prefixes: ['train'], name: 'fit' },
  (a: number = inject()) => a,
);
expectTypeOf(optioned).toEqualTypeOf<(a?: number) => number>();
// @ts-expect-error -- there is no such option
captured({ prefix: ['train'] }, (a: number) => a);

export class Trainer {
  @captured({ names: ['lr'], prefixes: ['train'] })
  fit(a: number = inject()): number {
    return a;
  }
}

/** The second parameter of main, taken apart, is typed by the config. */
export const main = experiment({ name: 'a', config: Training }, (run, { lr, rng, train }) => {
  expectTypeOf(run).toEqualTypeOf<Run<Training>>();
  expectTypeOf(lr).toEqualTypeOf<number>();
  expectTypeOf(rng).toEqualTypeOf<Rng>();
  expectTypeOf(train.batchSize).toEqualTypeOf<number>();
});
experiment({ name: 'b', config: Training }, (run, { lr, momentum = 0.9 }: Momentum) => {
  expectTypeOf(run).toEqualTypeOf<Run<Training>>();
  return lr * momentum;
});
interface Momentum {
  lr: number;
  momentum?: number;
}
// @ts-expect-error -- the config has no such key
experiment({ name: 'c', config: Training }, (_run, { lrr }) => lrr);
// @ts-expect-error -- nor has one that is not declared
experiment({ name: 'd' }, (_run, { lr }) => lr);
experiment({ name: 'e' }, (_run, { rng, logger }) => {
  expectTypeOf(rng).toEqualTypeOf<Rng>();
  expectTypeOf(logger).toEqualTypeOf<Logger>();
});

/** Parameters with names of their own, as before. */
experiment({ name: 'f', config: Training }, (run, lr: number, rng: Rng) => {
  expectTypeOf(run).toEqualTypeOf<Run<Training>>();
  return rng.uniform() * lr;
});
experiment({ name: 'g', config: Training }, (run, lr: number) => {
  expectTypeOf(run).toEqualTypeOf<Run<Training>>();
  return lr;
});
experiment({ name: 'h', config: Training }, (run, rng: Rng) => {
  expectTypeOf(run).toEqualTypeOf<Run<Training>>();
  return rng.uniform();
});
experiment({ name: 'i', config: Training }, (run: Run<Training>, lr: number = inject()) => lr);

/** A config that fields declare: main may name its type. */
@experiment({ name: 'fields', sweep: { 'train.batchSize': [8, 16] }, track: ['train.batchSize'] })
export class Fields {
  @config(Training.shape.train) train!: Training['train'];

  main(run: Run<{ train: Training['train'] }>): number {
    return run.config.train.batchSize;
  }
}

@experiment({ name: 'whole' })
export class Whole {
  @config(Training) config!: Training;

  main(run: Run<Training>, lr: number = inject()): number {
    return run.config.lr + lr;
  }
}

@experiment<Training>({ name: 'explicit' })
export class Explicit {
  @config(Training) config!: Training;

  main(run: Run<Training>): number {
    return run.config.lr;
  }
}

export class StaticFields {
  readonly name = 'static';

  @experiment({ name: 'static-fields' })
  static async train(run: Run<Training>): Promise<number> {
    return run.config.lr;
  }
}
