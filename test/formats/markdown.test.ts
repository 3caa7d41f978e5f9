import { describe, expect, test } from 'vitest';
import { codeBlock, markdownTable } from '../../src/formats/markdown.ts';

describe('markdownTable', () => {
  test('has numbers to the right, and every value in its one spelling', () => {
    const rows = [
      ['x', 1.5, new Date(0)],
      [true, Number.NaN, null],
      ['', 10n, new Date(Number.NaN)],
    ];

    expect(markdownTable({ kind: 'table', columns: ['a', 'b', 'c'], rows })).toBe(
      [
        '| a | b | c |',
        '| --- | ---: | --- |',
        '| x | 1.5 | 1970-01-01T00:00:00.000Z |',
        '| true | nan |  |',
        '|  | 10 | nan |',
        '',
      ].join('\n'),
    );
  });

  test('shows text as it is: no marks, no tags, no further cells or rows', () => {
    const table = markdownTable({ kind: 'table', columns: ['a|b'], rows: [['*x* <b>&\n`\\`']] });

    expect(table).toBe('| a&#124;b |\n| --- |\n| \\*x\\* &lt;b&gt;&amp;<br>\\`\\\\\\` |\n');
  });
});

describe('codeBlock', () => {
  test('has a fence longer than any in the code', () => {
    expect(codeBlock('json', '{}')).toBe('```json\n{}\n```\n');
    expect(codeBlock('', 'a ```` b\n')).toBe('`````\na ```` b\n`````\n');
  });
});
