import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../src/core/duration.ts';

describe('parseDuration', () => {
  test.for([
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1h30m', 5_400_000],
    ['1d2h3m4s', 93_784_000],
    ['1.5h', 5_400_000],
    ['0.25s', 250],
  ] as const)('reads %s as %i ms', ([text, ms]) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test('asks for a unit where there is none', () => {
    expect(() => parseDuration('30')).toThrow('"30" has no unit. Write 30s, 30m or 30h.');
  });

  test.for(['', 'h', '2 h', '-1h', '30m1h', '1h1h', '2hours', '1.2.3s', '.s', 'soon', '١h'])(
    'says what a duration looks like, given "%s"',
    (text) => {
      expect(() => parseDuration(text)).toThrow(/is no duration\. Write a number and s, m, h or d/);
    },
  );

  test.for(['0s', '0h0m', '25d', '999999999999h'])('refuses %s: nothing, or too long', (text) => {
    expect(() => parseDuration(text)).toThrow('must be more than nothing and at most 24d');
  });

  test('reads what formatDuration writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 * 86_400_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});
