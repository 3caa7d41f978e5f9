import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Interval } from '../../src/core/swept.ts';
import { Rng } from '../../src/random/rng.ts';
import {
  drawFrom,
  intervalText,
  looksLikeInterval,
  parseInterval,
} from '../../src/sweep/interval.ts';

const plain = { key: 'lr', isLog: false, isInteger: false };

describe('parseInterval', () => {
  test.for<[text: string, interval: Partial<Interval>]>([
    ['interval(0,1)', { low: 0, high: 1 }],
    [' interval( -1.5 , 2e3 ) ', { low: -1.5, high: 2000 }],
    ['tag(log,interval(1e-4,1))', { low: 1e-4, high: 1, isLog: true }],
    ['tag( log , int , interval(1, 8) )', { low: 1, high: 8, isLog: true, isInteger: true }],
    ['int(interval(1,8))', { low: 1, high: 8, isInteger: true }],
    ['int(tag(log,interval(1,8)))', { low: 1, high: 8, isLog: true, isInteger: true }],
    ['tag(log,int(interval(1,8)))', { low: 1, high: 8, isLog: true, isInteger: true }],
  ])('reads %s', ([text, interval]) => {
    const read = parseInterval('lr', text);

    expect(looksLikeInterval(text)).toBe(true);
    expect(read).toEqual({ ...plain, ...interval });
    expect(parseInterval('lr', intervalText(read))).toEqual(read);
  });

  test.for<[text: string, says: string]>([
    ['interval()', 'is no interval. Write interval(low,high)'],
    ['interval(1)', 'is no interval. Write interval(low,high)'],
    ['interval(1,2,3)', 'is no interval. Write interval(low,high)'],
    ['interval(a,2)', 'is no interval. Write interval(low,high)'],
    ['interval(,2)', 'is no interval. Write interval(low,high)'],
    ['interval(0,inf)', 'is no interval. Write interval(low,high)'],
    ['interval(-1e308,1e308)', 'is no interval. Write interval(low,high)'],
    ['interval(2,1)', 'is an empty interval: 2 is not below 1.'],
    ['interval(1,1)', 'is an empty interval: 1 is not below 1.'],
    ['tag(log,interval(0,1))', 'a logarithm needs numbers above 0'],
    ['int(interval(0.2,0.8))', 'there is no whole number in it'],
    ['tag(lgo,interval(1,2))', 'the tags are log and int'],
    ['tag(interval(1,2))', 'the tags are log and int'],
    ['tag(log,choice(1,2))', 'Write tag(log,interval(low,high))'],
    ['tag(log,1,2)', 'Write tag(log,interval(low,high))'],
  ])('refuses %s', ([text, says]) => {
    expect(() => parseInterval('lr', text)).toThrow(
      expect.objectContaining({ code: 'EXP_SWEEP', message: expect.stringContaining(says) }),
    );
  });

  test('leaves other texts alone', () => {
    for (const text of ['interval', 'intervals(0,1)', 'int(3)', 'tagged', 'range(0,1)', '1,2']) {
      expect(looksLikeInterval(text)).toBe(false);
    }
  });
});

describe('drawFrom', () => {
  test('stays inside, in integers where they are asked for', () => {
    const bound = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
    const kind = fc.record({ isLog: fc.boolean(), isInteger: fc.boolean() });
    fc.assert(
      fc.property(bound, bound, kind, fc.nat(), (a, b, { isLog, isInteger }, seed) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(low < high && (!isInteger || Math.ceil(low) <= Math.floor(high)));

        const value = drawFrom({ key: 'x', low, high, isLog, isInteger }, new Rng(seed));

        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(high);
        if (isInteger) expect(Number.isInteger(value)).toBe(true);
      }),
    );
  });

  test('gives every integer the same chance, the ends included', () => {
    const counts = countsOf({ ...plain, low: -1, high: 2, isInteger: true }, String);

    expect(Object.keys(counts).sort()).toEqual(['-1', '0', '1', '2']);
    for (const count of Object.values(counts)) expect(count).toBeCloseTo(0.25, 1);
  });

  test('gives every order of magnitude the same chance under a logarithm', () => {
    const counts = countsOf({ ...plain, low: 1e-4, high: 1, isLog: true }, (value) =>
      String(Math.floor(Math.log10(value))),
    );

    expect(Object.keys(counts).sort()).toEqual(['-1', '-2', '-3', '-4']);
    for (const count of Object.values(counts)) expect(count).toBeCloseTo(0.25, 1);
  });

  test('gives values that are short enough for names', () => {
    const rng = new Rng(1);
    for (const [low, high] of [
      [0, 1],
      [1e-4, 1e-3],
      [1000, 1001],
      [-5e6, 5e6],
    ] as const) {
      for (const isLog of low > 0 ? [false, true] : [false]) {
        const value = drawFrom({ ...plain, low, high, isLog }, rng);
        expect(String(Math.abs(value)).length).toBeLessThanOrEqual(11);
      }
    }
  });
});

/** The share of every group in 4000 draws. */
function countsOf(interval: Interval, group: (value: number) => string): Record<string, number> {
  const rng = new Rng(7);
  const counts: Record<string, number> = {};
  for (let i = 0; i < 4000; i++) {
    const name = group(drawFrom(interval, rng));
    counts[name] = (counts[name] ?? 0) + 1 / 4000;
  }
  return counts;
}
