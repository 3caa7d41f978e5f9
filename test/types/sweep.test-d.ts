import { experiment } from '../../src/index.ts';
import { base } from './training.ts';

const nothing = (): void => undefined;

/** Keys of all sections can be swept and tracked. */
experiment(
  {
    ...base,
    sweep: {
      'limits.seconds': [1.5],
      warmup: [1, 2],
      schedule: [{ kind: 'cosine', period: 3 }],
      'schedule.kind': ['step', 'cosine'],
      'schedule.gamma': [0.1],
      weights: [{ a: 1 }],
      'layers[0]': [32, 64],
    },
    track: ['limits.steps', 'weights.a', 'schedule'],
    objective: { metric: 'loss', direction: 'minimize' },
  },
  nothing,
);

/** Keys vary together in levels, numbers may come from intervals, points may be left out. */
experiment(
  {
    ...base,
    sweep: [
      { warmup: [1, 2], 'layers[0]': [32, 64] },
      { 'limits.seconds': { interval: [1, 2], log: true } },
      { seed: { interval: [0, 9] } },
    ],
    exclude: [{ warmup: 1, 'layers[0]': 64 }, { seed: 3 }],
    samples: 3,
  },
  nothing,
);

export const refused = [
  // @ts-expect-error -- text is in no interval
  experiment({ ...base, sweep: { 'schedule.kind': { interval: [1, 2] } } }, nothing),
  // @ts-expect-error -- an interval has two ends
  experiment({ ...base, sweep: { warmup: { interval: [1] } } }, nothing),
  // @ts-expect-error -- warmup is a number
  experiment({ ...base, sweep: [{ warmup: ['long'] }] }, nothing),
  // @ts-expect-error -- the section has no such key
  experiment({ ...base, exclude: [{ 'limits.step': 1 }] }, nothing),
  // @ts-expect-error -- a point has one value for a key
  experiment({ ...base, exclude: [{ warmup: [1] }] }, nothing),
  // @ts-expect-error -- the optional section has no such key
  experiment({ ...base, sweep: { 'limits.step': [1] } }, nothing),
  // @ts-expect-error -- weights are numbers
  experiment({ ...base, sweep: { 'weights.a': ['heavy'] } }, nothing),
  // @ts-expect-error -- an item is a number
  experiment({ ...base, sweep: { 'layers[0]': ['wide'] } }, nothing),
  // @ts-expect-error -- there is no such schedule
  experiment({ ...base, sweep: { 'schedule.kind': ['linear'] } }, nothing),
  // @ts-expect-error -- gamma is a number
  experiment({ ...base, sweep: { 'schedule.gamma': ['fast'] } }, nothing),
  // @ts-expect-error -- each value of a section is a whole one
  experiment({ ...base, sweep: { 'net.head': [{ dropuot: 0 }] } }, nothing),
  // @ts-expect-error -- the section has no such key
  experiment({ ...base, track: ['net.head.dropuot'] }, nothing),
  // @ts-expect-error -- tracked keys are a list
  experiment({ ...base, track: 'lr' }, nothing),
  // @ts-expect-error -- an objective has a direction
  experiment({ ...base, objective: { metric: 'loss' } }, nothing),
  // @ts-expect-error -- and a metric
  experiment({ ...base, objective: { direction: 'minimize' } }, nothing),
  // @ts-expect-error -- the metric is a name
  experiment({ ...base, objective: { metric: 1, direction: 'minimize' } }, nothing),
  // @ts-expect-error -- there is no such option
  experiment({ ...base, sweeps: { lr: [1] } }, nothing),
  // @ts-expect-error -- repeats are a number
  experiment({ ...base, repeats: '3' }, nothing),
];
