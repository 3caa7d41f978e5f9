import { describe, expect, test } from 'vitest';
import { cutEnd, cutMiddle, onOneLine, textWidth } from '../../src/formats/text-width.ts';

describe('the width of a text in a terminal', () => {
  test.for([
    ['loss', 4],
    ['verlust_ä', 9],
    ['損失', 4],
    ['e\u0301', 1],
    ['🚀', 2],
    ['\u001b[31mred\u001b[39m', 3],
  ] as const)('of %j is %i', ([text, width]) => {
    expect(textWidth(text)).toBe(width);
  });
});

test('a text that is too wide loses its middle, or its end', () => {
  expect(cutMiddle('gradient_norm', 9)).toBe('grad…norm');
  expect(cutMiddle('損失関数', 5)).toBe('損…数');
  expect(cutEnd('gradient_norm', 9)).toBe('gradient…');
  expect(cutEnd('fits', 4)).toBe('fits');
});

test('what a terminal would act on is spelled out', () => {
  expect(onOneLine('a\nb\tc\u001b[2J\u009b')).toBe('a\\nb\\tc\\u001b[2J\\u009b');
});
