import { describe, expect, test } from 'vitest';
import { checkTag, joinTag, ROW_COLUMNS } from '../../src/core/tag.ts';

describe('joinTag', () => {
  test.for([
    { prefix: '', name: 'loss', tag: 'loss' },
    { prefix: 'train', name: 'loss', tag: 'train/loss' },
    { prefix: 'outer/inner', name: 'loss', tag: 'outer/inner/loss' },
    { prefix: 'train', name: 'top/5', tag: 'train/top/5' },
    { prefix: 'é', name: 'a,b', tag: 'é/a,b' },
  ])('joins "$prefix" and "$name" to "$tag"', ({ prefix, name, tag }) => {
    expect(joinTag(prefix, name)).toBe(tag);
  });
});

describe('checkTag', () => {
  test.for(['loss', 'train/loss', 'train/step', 'Step', 'a b', 'a,"b"\n', '__proto__', 'ünï'])(
    'takes %j',
    (tag) => {
      expect(() => checkTag(tag)).not.toThrow();
    },
  );

  test('refuses a metric without a name', () => {
    expect(() => checkTag('')).toThrow(
      expect.objectContaining({ code: 'EXP_LOG', message: 'A metric needs a name; got "".' }),
    );
  });

  test.for(ROW_COLUMNS)('refuses "%s", which every row has already', (column) => {
    expect(() => checkTag(column)).toThrow(
      expect.objectContaining({
        code: 'EXP_LOG',
        message: expect.stringContaining(`"${column}" is a column of every row`),
      }),
    );
  });
});
