import { setImmediate as tick } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { capture, experiment, inject, logger, type Rng } from '../../src/index.ts';
import { test } from '../helpers/temp-dir.ts';

/** A call of a captured function, and the calls it makes. */
interface Call {
  readonly name: string;
  readonly calls: readonly Call[];
}

/** A program made of calls, and what else happens in it. */
interface Walk {
  readonly seeds: Record<string, readonly number[]>;
  /** Draws the next of many choices: whether to pause, to do something else, to open a block. */
  readonly choose: () => boolean;
  /** Calls wait for each other, or are all under way at once. */
  readonly isConcurrent: boolean;
}

const unrelated = capture(
  async (deep: boolean, seed: number = inject(), rng: Rng = inject()): Promise<number> =>
    deep ? unrelated(false) : seed + rng.uniform(),
  { name: 'unrelated' },
);

const functions = Object.fromEntries(
  ['fit', 'judge', 'step'].map((name) => {
    const call = async (
      self: Call,
      at: string,
      walk: Walk,
      seed: number = inject(),
      rng: Rng = inject(),
    ): Promise<void> => {
      walk.seeds[at] = [seed, rng.seed];
      await enter(self.calls, at, walk);
    };
    return [name, capture(call, { name })];
  }),
);

async function enter(calls: readonly Call[], at: string, walk: Walk): Promise<void> {
  const begun: Promise<void>[] = [];
  for (const [i, call] of calls.entries()) {
    if (walk.choose()) await tick();
    if (walk.choose()) await unrelated(walk.choose());
    const make = (): Promise<void> => functions[call.name]!(call, `${at}/${call.name}${i}`, walk);
    const made = walk.choose() ? logger.prefix('block', make) : make();
    begun.push(made);
    if (!walk.isConcurrent) await made;
  }
  await Promise.all(begun);
}

const calls: fc.Memo<Call[]> = fc.memo((depth) =>
  fc.array(
    fc.record({
      name: fc.constantFrom(...Object.keys(functions)),
      calls: depth <= 1 ? fc.constant([]) : calls(depth - 1),
    }),
    { maxLength: 3 },
  ),
);

let program: () => Promise<void>;
const walked = experiment({ name: 'seed-stability', sinks: [] }, () => program());

function walkOf(choose: () => boolean, isConcurrent: boolean): Walk {
  return { seeds: {}, choose, isConcurrent };
}

describe('the seeds of captured calls', () => {
  test('stay what they are, whatever else is called, in whichever turns', async ({ dir }) => {
    await fc.assert(
      fc.asyncProperty(
        calls(3),
        fc.infiniteStream(fc.boolean()),
        fc.boolean(),
        async (tree, choices, isConcurrent) => {
          const plain = walkOf(() => false, false);
          program = () => enter(tree, '', plain);
          await walked.run({}, { root: dir, seed: 5 });
          const busy = walkOf(() => choices.next().value, isConcurrent);
          program = () => enter(tree, '', busy);
          await walked.run({}, { root: dir, seed: 5 });

          expect(busy.seeds).toEqual(plain.seeds);
          const all = Object.values(plain.seeds).flat();
          expect(new Set(all).size).toBe(all.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});
