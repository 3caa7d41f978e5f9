import { describe, expect, test } from 'vitest';
import { MAXIMIZE, StagedSweep } from '../helpers/sweep-state.ts';

describe('SweepState', () => {
  test('counts runs by what became of them', () => {
    const sweep = new StagedSweep(Array.from({ length: 6 }, (_, lr) => ({ lr })));
    for (let i = 0; i < 4; i++) sweep.start(i, i);
    sweep.end(0, 0);
    sweep.end(1, 1, 'failed');
    sweep.end(2, 2, 'timeout');

    expect(sweep.state.counts).toEqual({
      total: 6,
      completed: 1,
      failed: 2,
      interrupted: 0,
      running: 1,
      retrying: 0,
      waiting: 2,
    });
  });

  test('counts of a run that is tried again its last ending alone', () => {
    const sweep = new StagedSweep([{ lr: 1 }, { lr: 2 }]);
    sweep.start(0, 0);
    sweep.end(0, 0, 'failed');
    sweep.state.retrying(sweep.state.plan.runs[0]!);
    expect(sweep.state.counts).toMatchObject({ failed: 0, retrying: 1, waiting: 1 });

    sweep.start(0, 0);
    expect(sweep.state.counts).toMatchObject({ running: 1, retrying: 0, waiting: 1 });

    sweep.end(0, 0);
    expect(sweep.state.counts).toMatchObject({ completed: 1, failed: 0, running: 0 });
    expect(sweep.state.finished).toHaveLength(1);
  });

  test('takes an ending back when the run starts again without a word', () => {
    const sweep = new StagedSweep([{ lr: 1 }]);
    sweep.start(0, 0);
    sweep.end(0, 0, 'failed');
    sweep.start(0, 0);

    expect(sweep.state.counts).toMatchObject({ failed: 0, running: 1, waiting: 0 });
    expect(sweep.state.failed).toEqual([]);
  });

  test('knows the variant with the best mean, and over how many repeats', () => {
    const sweep = new StagedSweep([{ lr: 1 }, { lr: 2 }], { repeats: 2, objective: MAXIMIZE });
    sweep.record(0, 0.9);
    sweep.record(1, 0.8);
    expect(sweep.state.best).toMatchObject({ variant: { lr: 1 }, mean: 0.9 });

    sweep.record(2, 0.1);
    sweep.record(3, 0.7);
    expect(sweep.state.best).toMatchObject({ variant: { lr: 2 }, mean: 0.75 });
    expect(sweep.state.best?.values.size).toBe(2);
  });

  test('has no best variant without an objective, nor where every value is NaN', () => {
    const without = new StagedSweep([{ lr: 1 }]);
    without.record(0, 1);
    const nan = new StagedSweep([{ lr: 1 }], { objective: MAXIMIZE });
    nan.record(0, Number.NaN);

    expect(without.state.best).toBeUndefined();
    expect(nan.state.best).toBeUndefined();
  });

  test('has the metrics of the objective before those that were seen first', () => {
    const sweep = new StagedSweep([{ lr: 1 }], { objective: MAXIMIZE });
    sweep.start(0, 0);
    sweep.progress(0, 1, { 'train/loss': 1, 'eval/accuracy': 2 });

    expect(sweep.state.tags).toEqual(['eval/accuracy', 'train/loss']);
  });

  test('learns nothing about durations from runs that were over before', () => {
    const sweep = new StagedSweep([{ lr: 1 }, { lr: 2 }]);
    sweep.record(0, 1);
    sweep.start(1, 0);
    sweep.now = 5000;

    expect(sweep.state.remaining).toBeUndefined();
  });

  test('answers as fast when ten thousand runs have ended as when ten have', () => {
    const [small, large] = [20, 20_000].map((count) => {
      const variants = Array.from({ length: count / 2 }, (_, lr) => ({ lr }));
      const sweep = new StagedSweep(variants, { repeats: 2, objective: MAXIMIZE });
      for (let i = 0; i < count / 2; i++) {
        sweep.start(i, 0);
        sweep.now += 10;
        sweep.end(i, 0);
        sweep.record(i, i);
      }
      for (let slot = 0; slot < 8; slot++) sweep.start(count / 2 + slot, slot);
      return sweep.state;
    });
    const time = (state = small!): number => {
      const startedAt = performance.now();
      for (let i = 0; i < 2000; i++) void [state.counts, state.remaining, state.best, state.tags];
      return performance.now() - startedAt;
    };
    time(small);
    const fastest = (state: typeof small): number =>
      Math.min(...Array.from({ length: 5 }, () => time(state)));

    expect(fastest(large)).toBeLessThan(10 * fastest(small) + 5);
  });
});
