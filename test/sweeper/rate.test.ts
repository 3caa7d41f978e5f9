import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rate } from '../../src/sweeper/rate.ts';

describe('Rate', () => {
  test('is not known before the second step', () => {
    const rate = new Rate();
    expect(rate.perSecond(0)).toBeUndefined();

    rate.reached(5, 1000);
    expect(rate.perSecond(2000)).toBeUndefined();

    rate.reached(15, 2000);
    expect(rate.perSecond(2000)).toBe(10);
  });

  test('follows a run that becomes faster, over some seconds', () => {
    const rate = new Rate();
    for (let second = 0; second <= 10; second++) rate.reached(second, second * 1000);
    for (let second = 1; second <= 30; second++)
      rate.reached(10 + second * 5, (10 + second) * 1000);

    expect(rate.perSecond(40_000)).toBeGreaterThan(4.5);
    expect(rate.perSecond(40_000)).toBeLessThanOrEqual(5);
  });

  test('sinks while a run says nothing', () => {
    const rate = new Rate();
    rate.reached(0, 0);
    rate.reached(10, 1000);

    expect(rate.perSecond(1500)).toBe(10);
    expect(rate.perSecond(21_000)).toBe(1);
    expect(rate.perSecond(201_000)).toBe(0.1);
  });

  test('begins anew when a run goes back', () => {
    const rate = new Rate();
    rate.reached(0, 0);
    rate.reached(10, 1000);
    rate.reached(3, 2000);
    expect(rate.perSecond(2000)).toBeUndefined();

    rate.reached(4, 3000);
    expect(rate.perSecond(3000)).toBe(1);
  });

  test('is never negative or infinite', () => {
    const said = fc.array(
      fc.tuple(fc.integer({ min: -1000, max: 1_000_000 }), fc.nat({ max: 100_000 })),
    );
    fc.assert(
      fc.property(said, (moves) => {
        const rate = new Rate();
        let now = 0;
        for (const [step, pause] of moves) {
          rate.reached(step, (now += pause));
          const value = rate.perSecond(now);
          if (value !== undefined) expect(value >= 0 && Number.isFinite(value)).toBe(true);
        }
      }),
    );
  });
});
