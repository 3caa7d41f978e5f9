import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { axisTexts } from '../../src/sweep/axes.ts';

describe('axisTexts', () => {
  test.for<[text: string, ...values: string[]]>([
    ['0.1', '0.1'],
    ['', ''],
    ['1,2,3', '1', '2', '3'],
    ['1, 2 ,3', '1', '2', '3'],
    ['3,1,2', '3', '1', '2'],
    ['sgd,adam', 'sgd', 'adam'],
    ['"a,b",c', '"a,b"', 'c'],
    ['a\\,b,c', 'a,b', 'c'],
    ['[64,32],[128]', '[64,32]', '[128]'],
    ['{"a":1,"b":2}', '{"a":1,"b":2}'],
    ['1,', '1', ''],
    ['choice(sgd,adam)', 'sgd', 'adam'],
    ['choice( 1 , [2,3] )', '1', '[2,3]'],
    ['choice(1)', '1'],
    ['range(3)', '0', '1', '2'],
    ['range(1,4)', '1', '2', '3'],
    ['range( 1, 4 )', '1', '2', '3'],
    [' range(2) ', '0', '1'],
    ['range(0,10,4)', '0', '4', '8'],
    ['range(0,8,4)', '0', '4'],
    ['range(3,0,-1)', '3', '2', '1'],
    ['range(0,-1,-0.5)', '0', '-0.5'],
    ['range(0,1,0.25)', '0', '0.25', '0.5', '0.75'],
    ['range(0,0.4,0.1)', '0', '0.1', '0.2', '0.3'],
    ['range(1,1.3,0.1)', '1', '1.1', '1.2'],
    ['range(-0.3,0.1,0.1)', '-0.3', '-0.2', '-0.1', '0'],
    ['range(1e-5,4e-5,1e-5)', '0.00001', '0.00002', '0.00003'],
    ['range(0,3e-7,1e-7)', '0', '1e-7', '2e-7'],
    [
      'range(9007199254740988,9007199254740991)',
      ...['88', '89', '90'].map((n) => `90071992547409${n}`),
    ],
    ['range(3,3)'],
    ['range(3,1)'],
    ['range(0)'],
    ['ranges(1,2)', 'ranges(1,2)'],
    ['range', 'range'],
  ])('reads %s', ([text, ...values]) => {
    expect(axisTexts('lr', text).map(numeric)).toEqual(values.map(numeric));
  });

  test.for([
    'range()',
    'range(a)',
    'range(0,)',
    'range(,1)',
    'range(0,1,0)',
    'range(0,1,2,3)',
    'range(0,inf)',
    'range(nan)',
    'range([1],2)',
  ])('refuses %s', (text) => {
    expect(() => axisTexts('seed', text)).toThrow(
      expect.objectContaining({
        code: 'EXP_SWEEP',
        message: expect.stringContaining(`"seed=${text}" is no range. Write range(stop),`),
      }),
    );
  });

  test('gives ranges the decimals they are written with, and leaves the stop out', () => {
    const whole = fc.integer({ min: -500, max: 500 });
    const step = fc.integer({ min: 1, max: 50 });
    const count = fc.integer({ min: 0, max: 50 });
    const digits = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(whole, step, count, digits, fc.boolean(), (start, size, n, places, isDown) => {
        const by = isDown ? -size : size;
        const text = [start, start + n * by, by].map((value) => decimal(value, places)).join(',');

        const values = axisTexts('x', `range(${text})`).map(Number);

        const exact = Array.from({ length: n }, (_, i) => Number(decimal(start + i * by, places)));
        expect(values).toEqual(exact.map((value) => value + 0));
      }),
      { numRuns: 1000 },
    );
  });
});

function decimal(value: number, places: number): string {
  return `${value}e-${places}`;
}

/** A number in its usual spelling, so that the table may write 0.00001. */
function numeric(text: string): string {
  return /^[-\d.]/.test(text) ? String(Number(text)) : text;
}
