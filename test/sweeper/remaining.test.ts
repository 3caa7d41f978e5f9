import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateRemaining } from '../../src/sweeper/remaining.ts';
import { replay } from '../helpers/replay.ts';

describe('estimateRemaining', () => {
  const running = (...elapsed: number[]) =>
    elapsed.map((elapsedMs) => ({ elapsedMs, expectedMs: undefined }));

  test('knows nothing before anything has happened', () => {
    const work = { slots: 2, waiting: 4, waitingMs: undefined, running: running(0, 0) };

    expect(estimateRemaining(work)).toBeUndefined();
  });

  test('says how long it takes at least before the first run has ended', () => {
    const work = { slots: 2, waiting: 4, waitingMs: undefined, running: running(3000, 5000) };

    expect(estimateRemaining(work)).toEqual({ ms: 10_000, isLeast: true });
  });

  test('says nothing before the first end where all runs are under way', () => {
    const work = { slots: 2, waiting: 0, waitingMs: undefined, running: running(3000, 5000) };

    expect(estimateRemaining(work)).toBeUndefined();
  });

  test('takes what runs under way have done off what they will take', () => {
    const left = estimateRemaining({
      slots: 2,
      waiting: 2,
      waitingMs: 20_000,
      running: [
        { elapsedMs: 4000, expectedMs: 10_000 },
        { elapsedMs: 9000, expectedMs: 10_000 },
      ],
    });

    expect(left?.ms).toBeCloseTo(16_000); // slot 0 at 6 s and then 10 s, slot 1 at 1 s and 10 s
  });

  test('expects of a run that is overdue a tenth of its time', () => {
    const work = {
      slots: 1,
      waiting: 0,
      waitingMs: 0,
      running: [{ elapsedMs: 50_000, expectedMs: 1000 }],
    };

    expect(estimateRemaining(work)?.ms).toBe(5000);
  });

  test('is never negative, and always a number', () => {
    const time = fc.double({ min: 0, max: 1e9, noNaN: true });
    const work = fc.record({
      slots: fc.integer({ min: 0, max: 64 }),
      waiting: fc.integer({ min: 0, max: 10_000 }),
      waitingMs: fc.option(time, { nil: undefined }),
      running: fc.array(
        fc.record({ elapsedMs: time, expectedMs: fc.option(time, { nil: undefined }) }),
        { maxLength: 64 },
      ),
    });
    fc.assert(
      fc.property(work, (work) => {
        const left = estimateRemaining(work);

        if (left !== undefined) {
          expect(left.ms).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(left.ms)).toBe(true);
        }
      }),
    );
  });
});

describe('the estimate of a sweep', () => {
  // Seconds that runs of a sweep on this machine took: trainings of equal length, of widths from
  // small to large, and ones of which some diverge early.
  const equal = [9.8, 10.3, 9.9, 10.1, 10.4, 9.7, 10.2, 10, 9.9, 10.5, 10.1, 9.8];
  const widths = [3.1, 5.8, 12.4, 31, 3.3, 5.6, 12.9, 30.2, 3, 6.1, 12.2, 32.5];
  const diverging = [20.3, 1.2, 19.8, 21, 0.9, 20.1, 20.7, 1.4, 19.5, 20.2, 1.1, 20.6];

  test.for([
    { title: 'equal runs', seconds: equal, variants: 12, error: 0.15 },
    { title: 'variants of different lengths', seconds: widths, variants: 4, error: 0.45 },
    { title: 'runs that fail early', seconds: diverging, variants: 12, error: 0.5 },
  ])('is right from the first third on, for $title', ({ seconds, variants, error }) => {
    const frames = replay({ seconds: repeated(seconds, 5), variants, slots: 4 });
    const total = frames.at(-1)!.at;

    for (const { at, leftMs } of frames.filter((frame) => frame.at > total / 3)) {
      const truth = total - at;
      expect(Math.abs(leftMs! - truth)).toBeLessThan(error * truth + 5000);
    }
  });

  test.for([
    { title: 'equal runs', seconds: equal, variants: 12 },
    { title: 'variants of different lengths', seconds: widths, variants: 4 },
    { title: 'runs that fail early', seconds: diverging, variants: 12 },
  ])('does not jump once each slot has ended two runs, for $title', ({ seconds, variants }) => {
    const frames = replay({ seconds: repeated(seconds, 5), variants, slots: 4 });

    const settled = frames.filter(({ ended }) => ended >= 8);
    for (const [i, frame] of settled.entries()) {
      const next = settled[i + 1];
      if (next === undefined) break;
      const jump = Math.abs(next.leftMs! - frame.leftMs!);
      expect(jump).toBeLessThan(0.15 * frame.leftMs! + 5000);
    }
  });

  test('does not promise an early end when the short runs have ended first', () => {
    const seconds = [
      ...Array.from({ length: 3 }, () => 1),
      ...Array.from({ length: 40 }, () => 60),
    ];
    const frames = replay({ seconds, variants: 43, slots: 4 });

    const total = frames.at(-1)!.at;
    const half = frames.find(({ at }) => at >= 50_000)!;
    expect(half.leftMs!).toBeGreaterThan((total - half.at) * 0.4);
  });
});

function repeated(seconds: readonly number[], times: number): number[] {
  return Array.from({ length: times }, () => seconds).flat();
}
