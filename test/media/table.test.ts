import { describe, expect, test } from 'vitest';
import { makeTable, makeText } from '../../src/media/table.ts';

describe('a table', () => {
  test('of objects has their keys as columns, in the order in which they are first seen', () => {
    const date = new Date(0);

    expect(makeTable('t', [{ b: 1, a: 'x' }, { c: date, a: null }, {}])).toEqual({
      kind: 'table',
      columns: ['b', 'a', 'c'],
      rows: [
        [1, 'x', null],
        [null, null, date],
        [null, null, null],
      ],
    });
  });

  test('of columns and rows is as given; missing cells at the end are empty', () => {
    expect(makeTable('t', { columns: ['a', 'b'], rows: [[1, 2n], [true]] })).toEqual({
      kind: 'table',
      columns: ['a', 'b'],
      rows: [
        [1, 2n],
        [true, null],
      ],
    });
  });

  test('may have no rows', () => {
    expect(makeTable('t', [])).toEqual({ kind: 'table', columns: [], rows: [] });
  });

  test('takes keys that objects have from elsewhere', () => {
    const { rows } = makeTable('t', [{ constructor: 1 }, {}]);

    expect(rows).toEqual([[1], [null]]);
  });

  test.for<[unknown, string]>([
    [5, 'must be an array of objects, or { columns, rows }, got 5'],
    [null, 'must be an array of objects, or { columns, rows }, got null'],
    [[[1, 2]], 'must have objects as rows, but row 0 is [ 1, 2 ]'],
    [{ columns: [1], rows: [] }, 'must have names as columns, got 1'],
    [{ columns: ['a'], rows: [{}] }, 'must have arrays as rows, but row 0 is {}'],
    [{ columns: ['a'], rows: [[1], [1, 2]] }, 'has 1 columns, but row 1 has 2 cells'],
    [[{ a: { b: 1 } }], 'takes numbers, booleans, text and dates, but "a" of row 0 is { b: 1 }'],
  ])('is not made of %j', ([source, message]) => {
    expect(() => makeTable('t', source as never)).toThrow(
      expect.objectContaining({ code: 'EXP_LOG', message: `The table "t" ${message}.` }),
    );
  });
});

describe('a text', () => {
  test('must be a string', () => {
    expect(makeText('t', 'words')).toEqual({ kind: 'text', text: 'words' });
    expect(() => makeText('t', 5 as never)).toThrow('The text "t" must be a string, got 5.');
  });
});
