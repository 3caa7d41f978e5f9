import { describe, expect, test } from 'vitest';
import { parseInterval } from '../../src/sweep/interval.ts';
import { levelOf } from '../../src/sweep/levels.ts';
import { withSamples } from '../../src/sweep/sample.ts';

const lr = parseInterval('lr', 'tag(log,interval(1e-4,1))');
const width = parseInterval('width', 'int(interval(1,3))');
const opt = levelOf('opt', ['sgd', 'adam']);

describe('withSamples', () => {
  test('makes one level of all intervals, in the place of the first', () => {
    const levels = withSamples([opt, lr, levelOf('seed', [1]), width], 4, 7);

    expect(levels.map(({ keys }) => keys)).toEqual([['opt'], ['lr', 'width'], ['seed']]);
    expect(levels[1]!.rows).toHaveLength(4);
  });

  test('leaves levels alone where there is no interval', () => {
    expect(withSamples([opt], undefined, 7)).toEqual([opt]);
    expect(withSamples([opt], 3, 7)).toEqual([opt]);
  });

  test('begins with the same points when more are drawn', () => {
    const [few, many] = [3, 30].map((samples) => withSamples([lr, width], samples, 7)[0]!.rows);

    expect(many!.slice(0, 3)).toEqual(few);
  });

  test('draws the values of a key whatever other keys there are', () => {
    const valuesOf = (...swept: Parameters<typeof withSamples>[0][number][]): unknown[] =>
      withSamples(swept, 5, 7)[0]!.rows.map((row) => row.at(-1));

    expect(valuesOf(width, lr)).toEqual(valuesOf(lr));
  });

  test('draws different points, as many as there are', () => {
    const [level] = withSamples([width], 3, 7);

    expect(new Set(level!.rows.flat())).toEqual(new Set([1, 2, 3]));
    expect(() => withSamples([width], 4, 7)).toThrow('Found only 3 different points');
  });
});
