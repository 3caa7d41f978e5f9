import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import {
  experiment,
  makeVariants,
  runSweep,
  VariantLevel,
  type SweepEvent,
  type SweepResult,
} from '../../src/index.ts';

const Config = z.object({
  lr: z.number().default(0.1),
  net: z.object({ kind: z.enum(['flat', 'deep']).default('flat') }).prefault({}),
});

const Training = experiment({ name: 'run-sweep-types', config: Config }, (run) => run.config.lr);

/** Keys and values of a sweep are those of the experiment's config. */
expectTypeOf(
  runSweep(Training, {
    sweep: [{ lr: [0.1, 0.2], 'net.kind': ['flat', 'deep'] }, { seed: [0, 1] }],
    exclude: [{ lr: 0.1, seed: 1 }],
    config: { net: { kind: 'deep' } },
    repeats: 2,
    launcher: 'debug',
  }),
).toEqualTypeOf<Promise<SweepResult>>();

/** Of a file the compiler knows no keys; variants come from anywhere. */
const { variants, logDirs } = makeVariants(new VariantLevel(['lr'], [[0.1]]));
void runSweep('main.ts', { sweep: { anything: ['goes'] }, experiment: 'digits' });
void runSweep(Training, { variants, logDirs, affinity: 'cores=1', signal: AbortSignal.abort() });
void runSweep(
  { exec: ['python', 'script.py', '{log_dir}'], objective: { metric: 'a', direction: 'maximize' } },
  { variants, logDirs, commonArgs: ['a'], runArgs: [['b']] },
);

/** What happened tells what there is to know of it. */
void runSweep(Training, {
  onEvent: (event) => {
    expectTypeOf(event).toEqualTypeOf<SweepEvent>();
    if (event.type === 'progress') expectTypeOf(event.step).toBeNumber();
    if (event.type === 'started') expectTypeOf(event.slot).toBeNumber();
  },
});

export const refused = [
  // @ts-expect-error -- there is no such key
  runSweep(Training, { sweep: { rl: [1] } }),
  // @ts-expect-error -- lr is a number
  runSweep(Training, { sweep: { lr: ['high'] } }),
  // @ts-expect-error -- kind is one of two words
  runSweep(Training, { config: { net: { kind: 'wide' } } }),
  // @ts-expect-error -- an experiment has no command line to add words to
  runSweep(Training, { runArgs: [['a']] }),
  // @ts-expect-error -- a program is a process of its own
  runSweep({ exec: 'true' }, { launcher: 'debug' }),
  // @ts-expect-error -- there is no such launcher
  runSweep('main.ts', { launcher: 'slurm' }),
];
