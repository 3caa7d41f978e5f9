import { expect, test } from 'vitest';
import { changeOf } from '../../src/config/change.ts';

test.for<[value: unknown, byDefault: unknown, change: string | undefined]>([
  [1, 1, undefined],
  [[1, 2], [1, 2], undefined],
  [{ a: [1] }, { a: [1] }, undefined],
  [NaN, NaN, undefined],
  [2, 1, 'modified'],
  [[1, 3], [1, 2], 'modified'],
  [[1], [], 'modified'],
  [{ a: 2 }, { a: 1 }, 'modified'],
  ['1', 1, 'retyped'],
  [null, 1, 'retyped'],
  [[1], 1, 'retyped'],
  [{}, [], 'retyped'],
  // a default of null says "none"
  [1, null, 'modified'],
  [null, null, undefined],
  [1, undefined, 'added'],
  [null, undefined, 'added'],
])('%j where the default is %j is %s', ([value, byDefault, change]) => {
  expect(changeOf(value, byDefault)).toBe(change);
});
