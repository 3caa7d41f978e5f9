import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import {
  experiment,
  openRun,
  type ArtifactEntry,
  type Run,
  listArtifacts,
} from '../../src/index.ts';

const Config = z.object({ lr: z.number().default(0.1), deep: z.boolean().default(false) });
const Training = experiment({ name: 'start-types', config: Config }, (run) => run.config.lr);

const run = await openRun({ name: 'outer' });

/** The child has the config of its experiment, and is given values of it. */
const child = await run.start(Training, { lr: 0.2 }, { seed: 1, ghost: true });
expectTypeOf(child).toEqualTypeOf<Run<z.infer<typeof Config>>>();

// @ts-expect-error the config has no such key
void run.start(Training, { rate: 0.2 });
// @ts-expect-error it is a number
void run.start(Training, { lr: 'fast' });

/** Files give their paths. */
expectTypeOf(run.save([1, 2], 'x.npy', { shared: true })).toEqualTypeOf<Promise<string>>();
expectTypeOf(run.artifact(new Uint8Array(1), 'x', { any: 'thing' })).toEqualTypeOf<
  Promise<string>
>();
expectTypeOf(listArtifacts(run.dir)).toEqualTypeOf<ArtifactEntry[]>();
// @ts-expect-error a value that is no source is saved
void run.artifact(42, 'x');
