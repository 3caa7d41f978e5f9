import { expect, test } from 'vitest';
import { perTags } from '../../src/core/per-tags.ts';

test('asks again for another list only, though it has the same tags', () => {
  const asked: (readonly string[])[] = [];
  const lengthOf = perTags((tags) => {
    asked.push(tags);
    return tags.length;
  });
  const first = ['a', 'b'];
  const second = ['a', 'b'];

  expect([lengthOf(first), lengthOf(first), lengthOf(second), lengthOf([])]).toEqual([2, 2, 2, 0]);
  expect(asked).toEqual([first, second, []]);
});
