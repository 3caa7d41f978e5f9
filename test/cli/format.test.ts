import { describe, expect, test } from 'vitest';
import { durationText, numberText, table, valuesText, valueText } from '../../src/cli/format.ts';

describe('durationText', () => {
  test.for([
    [0, '0 ms'],
    [849.6, '850 ms'],
    [999.7, '1 s'],
    [12_400, '12 s'],
    [59_900, '1 m'],
    [200_000, '3 m 20 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 m'],
    [273_600_000, '3 d 4 h'],
  ] as const)('writes %d ms as %s', ([ms, text]) => {
    expect(durationText(ms)).toBe(text);
  });
});

describe('numberText', () => {
  test.for([
    [0.123456, '0.1235'],
    [12345.678, '12350'],
    [1234567, '1234567'],
    [1e-9, '1e-9'],
    [-0.5, '-0.5'],
    [Number.NaN, 'NaN'],
    [Infinity, 'Infinity'],
    ['nan', 'nan'],
    [undefined, ''],
    [true, 'true'],
  ] as const)('writes %s as %s', ([value, text]) => {
    expect(numberText(value)).toBe(text);
  });
});

describe('valueText', () => {
  test.for([
    ['adam', 'adam'],
    ['two words', 'two words'],
    ['two\nlines', '"two\\nlines"'],
    ['\u001b[31mred', '"\\u001b[31mred"'],
    [0.1, '0.1'],
    [[1, 2], '[1,2]'],
    [null, 'null'],
    [undefined, 'undefined'],
  ] as const)('writes %j as %s', ([value, text]) => {
    expect(valueText(value)).toBe(text);
  });
});

describe('valuesText', () => {
  test('writes values as overrides', () => {
    expect(valuesText({ lr: 0.1, optimizer: 'sgd', layers: [8, 8] })).toBe(
      'lr=0.1 optimizer=sgd layers=[8,8]',
    );
  });
});

describe('table', () => {
  test('aligns columns by their widest cell, numbers to the right, without trailing space', () => {
    const text = table(
      ['name', 'n', 'note'],
      [
        ['a', '5', 'x'],
        ['longer', '10', ''],
      ],
      [1],
    );

    expect(text).toBe(['name     n  note', 'a        5  x', 'longer  10'].join('\n'));
  });
});
