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

describe('the order of an axis', () => {
  test.for<[text: string, ...values: string[]]>([
    ['sort(3,10,2)', '2', '3', '10'],
    ['sort(3,10,2,reverse=true)', '10', '3', '2'],
    ['sort( b , a, reverse = false)', 'a', 'b'],
    ['sort(1e2,"3",-1)', '-1', '"3"', '1e2'],
    ['sort(range(3),reverse=true)', '2', '1', '0'],
    ['sort(choice(b,a))', 'a', 'b'],
    ['sort(shuffle(range(5)))', '0', '1', '2', '3', '4'],
    ['sort(a)', 'a'],
  ])('of %s is that of its values', ([text, ...values]) => {
    expect(axisTexts('lr', text)).toEqual(values);
  });

  test('is left to the seed by shuffle, and nothing else', () => {
    const all = fc.uniqueArray(fc.nat().map(String), { minLength: 1 });
    fc.assert(
      fc.property(all, fc.nat(), (values, seed) => {
        const shuffled = axisTexts('x', `shuffle(${values.join()})`, { choices: [], seed });

        expect([...shuffled].sort()).toEqual([...values].sort());
        expect(axisTexts('x', `shuffle(choice(${values.join()}))`, { choices: [], seed })).toEqual(
          shuffled,
        );
      }),
    );
    const orders = [1, 2, 3].map((seed) =>
      axisTexts('x', 'shuffle(range(20))', { choices: [], seed }).join(),
    );
    expect(new Set(orders).size).toBe(3);
  });

  test.for([
    ['sort(1,a)', 'cannot sort the number 1 and the text "a". Sort values of one kind.'],
    ['sort(2,1,reversed=true)', 'sorts with "reversed=true". Write sort(a,b,reverse=true)'],
    ['sort(2,1,reverse=yes)', 'sorts with "reverse=yes"'],
    ['sort(range(a))', '"opt=range(a)" is no range'],
  ] as const)('is refused: %s %s', ([text, message]) => {
    expect(() => axisTexts('opt', text)).toThrow(message);
  });
});

describe('glob', () => {
  const choices = ['adam', 'adamw', 'sgd', 'rms.prop', 'ad-hoc'];
  const context = { choices, seed: 0 };

  test.for<[text: string, ...values: string[]]>([
    ['glob(ad*)', 'adam', 'adamw', 'ad-hoc'],
    ['glob(*)', ...choices],
    ['glob(*,exclude=sgd)', 'adam', 'adamw', 'rms.prop', 'ad-hoc'],
    ['glob(*, exclude = [ad*,sgd])', 'rms.prop'],
    ['glob([s*,rms.*])', 'sgd', 'rms.prop'],
    ['glob(adam?)', 'adamw'],
    ['glob([rs]*)', 'sgd', 'rms.prop'],
    ['glob([!a]*)', 'sgd', 'rms.prop'],
    ['glob(sgd)', 'sgd'],
    ['sort(glob(ad*),reverse=true)', 'adamw', 'adam', 'ad-hoc'],
  ])('%s chooses among the values of an enum', ([text, ...values]) => {
    expect(axisTexts('opt', text, context)).toEqual(values);
  });

  test.for([
    ['glob(x*)', 'lists no values: glob(x*) matches none of adam, adamw, sgd'],
    ['glob(rms?prop*.)', 'matches none'],
    ['glob(*,only=sgd)', 'cannot use glob(*,only=sgd). Write glob(ad*) or glob(*,exclude=sgd).'],
    ['glob()', 'Write glob(ad*)'],
    ['glob([z-a])', 'matches none'],
  ] as const)('is refused: %s %s', ([text, message]) => {
    expect(() => axisTexts('opt', text, context)).toThrow(message);
  });

  test('needs a key whose values are listed', () => {
    expect(() => axisTexts('lr', 'glob(*)')).toThrow('and "lr" is none. List its values.');
  });
});
