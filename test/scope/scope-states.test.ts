import { describe, expect, test } from 'vitest';
import type { RunContext } from '../../src/core/run-context.ts';
import { runInScope, Scope } from '../../src/scope/scope.ts';

const newRun = (): RunContext => ({ seed: 7 }) as RunContext;
const newMain = (): Scope => Scope.ofRun(newRun()).ofCall('main');

/** Seeds of so many calls of a function that is called from this scope. */
function seedsOfCalls(scope: Scope, name: string, count: number): number[] {
  return Array.from({ length: count }, () => scope.ofCall(name).nextSeed());
}

describe('what the seeds of a run depend on', () => {
  test('goes on in a later attempt: calls get the seeds they would have got', () => {
    const expected = seedsOfCalls(newMain(), 'fit', 5).slice(3);
    const first = newMain();
    seedsOfCalls(first, 'fit', 3);
    const saved = structuredClone(first.states());

    const second = newMain();
    seedsOfCalls(second, 'load', 2); // what an attempt does before it restores counts for nothing
    second.restore(saved);

    expect(seedsOfCalls(second, 'fit', 2)).toEqual(expected);
  });

  test('has the generators of the calls on the way, where they stood', () => {
    const first = newMain();
    const rng = first.nextRng();
    rng.normal();
    const saved = structuredClone(first.withPrefix('eval').states());
    const expected = rng.uniform();

    const second = newMain();
    const again = second.nextRng();
    second.restore(saved);

    expect(again.uniform()).toBe(expected);
  });

  test('waits for calls that were under way until they are made again', () => {
    const first = newMain();
    seedsOfCalls(first, 'train', 1);
    const train = first.ofCall('train');
    const rng = train.nextRng();
    rng.uniform();
    seedsOfCalls(train, 'step', 4);
    const saved = structuredClone(train.states());
    const [number, seeds] = [rng.uniform(), seedsOfCalls(train, 'step', 1)];

    const second = newMain();
    second.restore(saved);
    const again = second.ofCall('train');

    expect(again.nextRng().uniform()).toBe(number);
    expect(seedsOfCalls(again, 'step', 1)).toEqual(seeds);
  });

  test('waits for them also where a function beside them restores', () => {
    const first = newMain();
    first.ofCall('load');
    const train = first.ofCall('train');
    seedsOfCalls(train, 'step', 4);
    const saved = structuredClone(train.states());
    const [seeds, next] = [seedsOfCalls(train, 'step', 1), seedsOfCalls(first, 'train', 1)];

    const second = newMain();
    second.ofCall('load').restore(saved);
    const again = second.ofCall('train');

    expect(seedsOfCalls(again, 'step', 1)).toEqual(seeds);
    expect(seedsOfCalls(second, 'train', 1)).toEqual(next);
  });

  test('counts on where a later call of the same function restores', () => {
    const first = newMain();
    const saved = structuredClone(first.ofCall('train').states());

    const second = newMain();
    second.ofCall('train');
    second.ofCall('train').restore(saved);

    const third = newMain();
    seedsOfCalls(third, 'train', 1);
    expect(seedsOfCalls(second, 'train', 1)).toEqual(seedsOfCalls(third, 'train', 1));
  });

  test('takes nothing from a checkpoint that was taken outside of the run', () => {
    const main = newMain();
    main.restore([]);

    expect(seedsOfCalls(main, 'fit', 1)).toEqual(seedsOfCalls(newMain(), 'fit', 1));
  });

  test('is left alone where another function restores', () => {
    const other = Scope.ofRun(newRun()).ofCall('other');
    const expected = seedsOfCalls(Scope.ofRun(newRun()).ofCall('other'), 'fit', 1);

    other.restore(newMain().states());

    expect(seedsOfCalls(other, 'fit', 1)).toEqual(expected);
  });

  test('is that of the run alone, in a run within another', () => {
    const inner = runInScope(newMain(), () => Scope.ofRun(newRun()));

    expect(inner.ofCall('main').states()).toHaveLength(2);
  });
});
