import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCsv } from '../../src/formats/csv.ts';
import { resizeRecords, splitRecords, widenCsv } from '../../src/formats/csv-columns.ts';

const anyText = fc.string({ unit: fc.constantFrom(...Array.from('a", \n\ré学')) });
/** Records of one width, of at least one cell. */
const anyTable = fc.integer({ min: 1, max: 4 }).chain((width) =>
  fc.array(fc.tuple(fc.integer(), ...Array.from({ length: width }, () => anyText)), {
    minLength: 1,
    maxLength: 6,
  }),
);
const anyCuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 });

/** The text in pieces of the given lengths, which are used over and over. */
function chunked(text: string, lengths: readonly number[]): Uint8Array[] {
  const bytes = Buffer.from(text);
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length]!;
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

function widened(
  text: string,
  header: string,
  added: number,
  lengths = [text.length || 1],
): string {
  const pieces = [...widenCsv(chunked(text, lengths), header, added)];
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece))).toString();
}

describe('widenCsv', () => {
  test('gives earlier rows empty cells under the new columns', () => {
    expect(widened('step,a\n0,1\n1,2\n', 'step,a,b,c\n', 2)).toBe('step,a,b,c\n0,1,,\n1,2,,\n');
  });

  test('replaces the header of a file that has no rows yet', () => {
    expect(widened('step\n', 'step,a\n', 1)).toBe('step,a\n');
  });

  test('writes the header of an empty file', () => {
    expect(widened('', 'step,a\n', 1)).toBe('step,a\n');
  });

  test('keeps a line break inside quotes, in the header and in rows', () => {
    const before = 'step,"a\nb"\n0,"x\n""y"""\n';

    expect(widened(before, 'step,"a\nb",c\n', 1)).toBe('step,"a\nb",c\n0,"x\n""y""",\n');
  });

  test('leaves the chunks it was given alone', () => {
    const [chunk] = chunked('a\n1\n2\n', [100]);

    Array.from(widenCsv([chunk!], 'a,b\n', 1));

    expect(Buffer.from(chunk!).toString()).toBe('a\n1\n2\n');
  });

  test('reads as the same table plus empty columns, wherever the chunks were cut', () => {
    fc.assert(
      fc.property(
        anyTable,
        fc.integer({ min: 1, max: 3 }),
        anyCuts,
        ([header, ...rows], added, at) => {
          const names = Array.from({ length: added }, (_, i) => `new ${i}`);
          const wide = encodeCsv([[...header!, ...names]]);

          const result = widened(encodeCsv([header!, ...rows]), wide, added, at);

          const gap = names.map(() => undefined);
          expect(result).toBe(
            encodeCsv([[...header!, ...names], ...rows.map((r) => [...r, ...gap])]),
          );
          expect(parse(result)).toHaveLength(1 + rows.length);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('resizeRecords', () => {
  const resized = (text: string, change: number): string =>
    Buffer.from(resizeRecords(Buffer.from(text), change)).toString();

  test('adds empty cells to every record', () => {
    expect(resized('1,"a\n,"\n2,\n', 2)).toBe('1,"a\n,",,\n2,,,\n');
  });

  test('takes the last cells of every record away, whatever is in them', () => {
    expect(resized('1,2,"a\n,",3\n2,,,"x"",y"\n', -2)).toBe('1,2\n2,\n');
  });

  test('is undone by the opposite', () => {
    fc.assert(
      fc.property(anyTable, fc.integer({ min: 1, max: 3 }), (table, change) => {
        const text = encodeCsv(table);
        expect(resized(resized(text, change), -change)).toBe(text);
      }),
    );
  });
});

describe('splitRecords', () => {
  test('finds every record, wherever the chunks were cut, and leaves out a torn last one', () => {
    fc.assert(
      fc.property(anyTable, anyCuts, fc.boolean(), (table, cuts, isTorn) => {
        const records = table.map((record) => encodeCsv([record]));
        const text = records.join('') + (isTorn ? '7,"half\n' : '');

        const found = Array.from(splitRecords(chunked(text, cuts)), String);

        expect(found).toEqual(records);
      }),
    );
  });
});
