import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import { experiment, runExperiment, stdoutSink, type Rng, type Run } from '../../src/index.ts';
import { memorySink } from '../../src/testing.ts';

const Training = z.object({
  lr: z.number().default(0.01),
  optimizer: z.enum(['sgd', 'adam']).default('adam'),
  layers: z.array(z.int()).default([64]),
  net: z.object({ head: z.object({ dropout: z.number() }), bias: z.boolean() }),
  limits: z.object({ steps: z.int() }).optional(),
  weights: z.record(z.string(), z.number()),
});
type Training = z.infer<typeof Training>;

const base = { name: 'typed', config: Training } as const;

/** The function gets a run whose config has the type of the schema, and cannot be written to. */
export const typed = experiment(base, (run, rng: Rng, lr: number) => {
  expectTypeOf(run.config.lr).toEqualTypeOf<number>();
  expectTypeOf(run.config.optimizer).toEqualTypeOf<'sgd' | 'adam'>();
  expectTypeOf(run.config.layers).toEqualTypeOf<readonly number[]>();
  expectTypeOf(run.config.net.head.dropout).toEqualTypeOf<number>();
  expectTypeOf(run.config.limits?.steps).toEqualTypeOf<number | undefined>();
  expectTypeOf(run.seed).toEqualTypeOf<number>();
  // @ts-expect-error -- a key of the config cannot be assigned
  run.config.lr = 1;
  // @ts-expect-error -- nor can one of a section
  run.config.net.head.dropout = 1;
  // @ts-expect-error -- nor can a list be changed
  run.config.layers.push(1);
  // @ts-expect-error -- there is no such key
  void run.config.learningRate;
  return rng.uniform() * lr;
});

/** Without a schema the config is empty. */
export const plain = experiment({ name: 'plain' }, (run) => {
  expectTypeOf(run.config['lr']).toEqualTypeOf<undefined>();
});

export const watched = experiment(
  {
    name: 'watched',
    sinks: [
      'csv',
      'jsonl',
      { name: 'stdout', everyMs: 0 },
      stdoutSink({ digits: 6 }),
      memorySink(),
    ],
    stopOnNaN: ['train/loss'],
    systemMetrics: { every: 2 },
  },
  () => undefined,
);

experiment(
  // @ts-expect-error -- a tag alone is no list
  { name: 'a-tag', stopOnNaN: 'train/loss' },
  () => undefined,
);
experiment(
  // @ts-expect-error -- seconds are named
  { name: 'a-number', systemMetrics: 2 },
  () => undefined,
);
experiment(
  // @ts-expect-error -- there is no such sink
  { name: 'a-sink', sinks: ['cvs'] },
  () => undefined,
);

export const swept = experiment(
  {
    ...base,
    sweep: {
      lr: [0.1, 0.01],
      optimizer: ['sgd'],
      layers: [[64], [32, 32]],
      'net.head.dropout': [0, 0.5],
      'net.head': [{ dropout: 0 }],
      'limits.steps': [10],
      'weights.any': [1],
      seed: [0, 1, 2],
    },
    track: ['lr', 'net.bias'],
    objective: { metric: 'accuracy', direction: 'maximize' },
    repeats: 3,
  },
  () => undefined,
);

export const refused = [
  // @ts-expect-error -- the config has no key "learningRate"
  experiment({ ...base, sweep: { learningRate: [1] } }, () => undefined),
  // @ts-expect-error -- the section has no key "dropuot"
  experiment({ ...base, sweep: { 'net.head.dropuot': [1] } }, () => undefined),
  // @ts-expect-error -- lr is a number
  experiment({ ...base, sweep: { lr: ['0.1'] } }, () => undefined),
  // @ts-expect-error -- a sweep lists values
  experiment({ ...base, sweep: { lr: 0.1 } }, () => undefined),
  // @ts-expect-error -- there is no such optimizer
  experiment({ ...base, sweep: { optimizer: ['sgd', 'rmsprop'] } }, () => undefined),
  // @ts-expect-error -- each value of a list is a list
  experiment({ ...base, sweep: { layers: [64, 32] } }, () => undefined),
  // @ts-expect-error -- dropout is a number
  experiment({ ...base, sweep: { 'net.head.dropout': [true] } }, () => undefined),
  // @ts-expect-error -- seeds are numbers
  experiment({ ...base, sweep: { seed: ['one'] } }, () => undefined),
  // @ts-expect-error -- without a schema there is nothing to sweep
  experiment({ name: 'empty', sweep: { lr: [1] } }, () => undefined),
  // @ts-expect-error -- only keys of the config can be tracked
  experiment({ ...base, track: ['learningRate'] }, () => undefined),
  // @ts-expect-error -- a direction is "maximize" or "minimize"
  experiment({ ...base, objective: { metric: 'a', direction: 'up' } }, () => undefined),
  // @ts-expect-error -- an experiment needs a name
  experiment({ config: Training }, () => undefined),
  // @ts-expect-error -- a plain object is no schema
  experiment({ name: 'x', config: { lr: 0.1 } }, () => undefined),
  // @ts-expect-error -- the run comes first
  experiment(base, (lr: number) => lr),
  // @ts-expect-error -- a run of another config is another run
  experiment(base, (run: Run<{ momentum: number }>) => run.config.momentum),
];

/** Overrides from code have the types of the config, and may leave out whatever they like. */
export async function overridden(): Promise<void> {
  const run = await typed.run({ lr: 1, net: { head: { dropout: 0 } } }, { seed: 7 });
  expectTypeOf(run).toEqualTypeOf<Run<Training>>();
  await runExperiment<Training>(typed, { layers: [1] });
  // @ts-expect-error -- lr is a number
  await typed.run({ lr: 'small' });
  // @ts-expect-error -- the config has no such key
  await typed.run({ momentum: 0.9 });
  // @ts-expect-error -- the section has no such key
  await typed.run({ net: { head: { dropuot: 0 } } });
}
