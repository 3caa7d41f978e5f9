import { processState } from '../core/process-state.ts';
import type { RunContext } from '../core/run-context.ts';
import { deriveSeed } from '../random/derive-seed.ts';
import { Rng } from '../random/rng.ts';
import { tryCurrentScope } from '../scope/scope.ts';

interface Seeded {
  readonly generators: Map<RunContext, Rng>;
  /** Puts back what was there before us. */
  restore: () => void;
}

const seeded = processState('seeded-globals', (): Seeded => ({
  generators: new Map(),
  restore: () => {},
}));

/**
 * Makes `Math.random` draw from a generator of this run's own, in its code; everywhere else it goes
 * on as it was. Until {@link restoreGlobals}.
 */
export function seedGlobals(run: RunContext): void {
  const { generators } = seeded;
  if (generators.size === 0) seeded.restore = replaceRandom(generators);
  generators.set(run, new Rng(deriveSeed(run.seed, ['Math.random'])));
}

/** Takes the run's part in `Math.random` away; with the last such run the original comes back. */
export function restoreGlobals(run: RunContext): void {
  const { generators, restore } = seeded;
  if (generators.delete(run) && generators.size === 0) restore();
}

/** The generator behind `Math.random` in the code of a run; `undefined` where it has none. */
export function globalsOf(run: RunContext): Rng | undefined {
  return seeded.generators.get(run);
}

function replaceRandom(generators: ReadonlyMap<RunContext, Rng>): () => void {
  const original = Math.random;
  const random = (): number => {
    const run = tryCurrentScope()?.run;
    const generator = run === undefined ? undefined : generators.get(run);
    return generator === undefined ? original() : generator.uniform();
  };
  Math.random = random;
  return () => {
    // Whoever has put another one on top of ours keeps it; ours then only passes on.
    if (Math.random === random) Math.random = original;
  };
}
