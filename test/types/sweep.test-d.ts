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

export const refused = [
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
