import { describe, expect, test } from 'vitest';
import { timeOfDay, zonedTime } from '../../src/formats/zoned-time.ts';

const FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/;

describe('zonedTime', () => {
  test.for(['2026-01-31T14:25:01.123Z', '2026-07-31T23:59:59.999Z', '1970-01-01T00:00:00.000Z'])(
    'names the same instant as %s',
    (text) => {
      const zoned = zonedTime(new Date(text));

      expect(zoned).toMatch(FORM);
      expect(new Date(zoned).toISOString()).toBe(text);
    },
  );

  test.for([
    [-330, '2026-01-31T19:55:01.000+05:30'],
    [210, '2026-01-31T10:55:01.000-03:30'],
    [0, '2026-01-31T14:25:01.000+00:00'],
  ] as const)('has the local time of a zone %i minutes behind', ([behind, expected]) => {
    const date = new Date('2026-01-31T14:25:01Z');
    date.getTimezoneOffset = () => behind;

    expect(zonedTime(date)).toBe(expected);
  });
});

test('timeOfDay is short', () => {
  expect(timeOfDay('2026-01-31T19:55:01.000+05:30')).toBe('19:55:01');
});
