import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCsv, decodeNumber, encodeCsv, type Cell } from '../../src/formats/csv.ts';

const anyText = fc.string({ unit: fc.constantFrom(...Array.from('ab, "\'\n\r\t;é学😀\0')) });

describe('encodeCsv', () => {
  test.for<[kind: string, value: Cell, cell: string]>([
    ['a number with all its digits', 0.1 + 0.2, '0.30000000000000004'],
    ['a large number', 1e21, '1e+21'],
    ['the smallest number', 5e-324, '5e-324'],
    ['negative zero', -0, '-0'],
    ['NaN', NaN, 'nan'],
    ['infinity', Infinity, 'inf'],
    ['negative infinity', -Infinity, '-inf'],
    ['a bigint beyond doubles', 2n ** 64n, '18446744073709551616'],
    ['true', true, 'true'],
    ['false', false, 'false'],
    ['a date, in UTC', new Date('2026-01-31T15:25:01.123+01:00'), '2026-01-31T14:25:01.123Z'],
    ['a date that is none', new Date(NaN), 'nan'],
    ['a missing value', undefined, ''],
    ['empty text', '', ''],
    ['plain text', 'sgd', 'sgd'],
    ['spaces around text', ' a ', ' a '],
    ['a comma', 'a,b', '"a,b"'],
    ['a quote', 'the "best"', '"the ""best"""'],
    ['a line break', 'a\nb', '"a\nb"'],
    ['a lone carriage return', 'a\rb', '"a\rb"'],
    ['a Windows line break', 'a\r\nb', '"a\r\nb"'],
    ['letters beyond ASCII', 'größe 学 😀', 'größe 学 😀'],
  ])('writes %s', ([, value, cell]) => {
    expect(encodeCsv([['x', value, 1]])).toBe(`x,${cell},1\n`);
  });

  test('ends every line with a line feed, and writes nothing for no rows', () => {
    expect(
      encodeCsv([
        ['step', 'loss'],
        [0, 0.5],
      ]),
    ).toBe('step,loss\n0,0.5\n');
    expect(encodeCsv([])).toBe('');
  });

  test('leaves a trailing gap as empty cells', () => {
    const row: Cell[] = [1];
    row.length = 4;

    expect(encodeCsv([row])).toBe('1,,,\n');
  });

  test('gives back every text', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyText, fc.string(), anyText)), (rows) => {
        expect(parse(encodeCsv(rows))).toEqual(rows);
      }),
    );
  });

  test('gives back every number, to the bit', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1 }), (numbers) => {
        const [cells] = parse(encodeCsv([numbers]));

        expect(cells!.map(decodeNumber)).toEqual(numbers);
      }),
    );
  });

  test('spells a number the same way beside other numbers, gaps, text or flags', () => {
    fc.assert(
      fc.property(fc.double(), fc.maxSafeInteger(), (a, b) => {
        const beside = (cell: Cell): string => encodeCsv([[a, cell, b]]);
        const [first, , last] = beside('text').trimEnd().split(',');

        expect(beside(undefined)).toBe(`${first},,${last}\n`);
        expect(beside(0.5)).toBe(`${first},0.5,${last}\n`);
        expect(beside(true)).toBe(`${first},true,${last}\n`);
      }),
    );
  });

  test('gives back every bigint, boolean and date', () => {
    const kinds = fc.tuple(fc.bigInt(), fc.boolean(), fc.date({ noInvalidDate: true }));
    fc.assert(
      fc.property(kinds, ([digits, flag, date]) => {
        const [[first, second, third]] = parse(encodeCsv([[digits, flag, date]])) as [string[]];

        expect(BigInt(first!)).toBe(digits);
        expect(second).toBe(String(flag));
        expect(new Date(third!)).toEqual(date);
      }),
    );
  });
});

describe('decodeCsv', () => {
  test('reads records of text by column', () => {
    expect(decodeCsv('step,"a,b",__proto__\n0,"x\ny",7\n')).toEqual([
      Object.fromEntries([
        ['step', '0'],
        ['a,b', 'x\ny'],
        ['__proto__', '7'],
      ]),
    ]);
  });

  test.for<[title: string, text: string, records: Record<string, string>[]]>([
    ['reads nothing from an empty file', '', []],
    ['reads no records from a header alone', 'step,loss\n', []],
    ['leaves out a torn header', 'step,lo', []],
    ['leaves out a torn last line', 'step,loss\n0,0.5\n1,0.2', [{ step: '0', loss: '0.5' }]],
    ['leaves out a last line torn inside quotes', 'a,b\n1,x\n2,"y\nz', [{ a: '1', b: 'x' }]],
    ['leaves out one torn behind an escaped quote', 'a,b\n1,x\n2,"y\n""z\n', [{ a: '1', b: 'x' }]],
    ['takes a short line as it is', 'a,b\n1\n', [{ a: '1' }]],
    ['skips empty lines', 'a\n\n1\n\n', [{ a: '1' }]],
  ])('%s', ([, text, records]) => {
    expect(decodeCsv(text)).toEqual(records);
  });

  test('reads the whole records of a file that was torn anywhere', () => {
    const rows = fc.array(fc.tuple(fc.integer(), anyText), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rows, fc.nat(), (records, tear) => {
        const whole = encodeCsv([['step', 'note'], ...records]);
        const torn = whole.slice(0, tear % (whole.length + 1));

        const read = decodeCsv(torn).map(({ step, note }) => [Number(step), note]);

        const lengths = records.map((_, i) =>
          encodeCsv([['step', 'note'], ...records.slice(0, i + 1)]),
        );
        const count = lengths.filter((text) => text.length <= torn.length).length;
        expect(read).toEqual(records.slice(0, count));
      }),
    );
  });
});

describe('decodeNumber', () => {
  test.for<[text: string | undefined, value: number | undefined]>([
    ['0.5', 0.5],
    ['1e-7', 1e-7],
    ['-0', -0],
    ['nan', NaN],
    ['inf', Infinity],
    ['-inf', -Infinity],
    ['', undefined],
    [' ', undefined],
    ['sgd', undefined],
    ['true', undefined],
    ['1,5', undefined],
    [undefined, undefined],
  ])('reads %j as %s', ([text, value]) => {
    expect(decodeNumber(text)).toBe(value);
  });
});
