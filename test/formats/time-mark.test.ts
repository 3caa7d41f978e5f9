import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MarkReplacer, timeMark } from '../../src/formats/time-mark.ts';

const MARK = timeMark('2026-01-31T14:25:01.000+01:00');

function replaced(...chunks: (string | Uint8Array)[]): string {
  const marks = new MarkReplacer((zoned) => zoned.slice(11, 19));
  return chunks.map((chunk) => marks.write(Buffer.from(chunk))).join('') + marks.end();
}

describe('MarkReplacer', () => {
  test('shows times and passes everything else on', () => {
    expect(replaced(`a ${MARK} b\u001b[31m\r${MARK}\n`)).toBe('a 14:25:01 b\u001b[31m\r14:25:01\n');
  });

  test('passes on what only looks like a mark', () => {
    expect(replaced('\u001b]exp', 'x')).toBe('\u001b]expx');
    expect(replaced('\u001b]0;title\u0007')).toBe('\u001b]0;title\u0007');
    expect(replaced('ends with \u001b')).toBe('ends with \u001b');
  });

  test('holds nothing back for long', () => {
    const marks = new MarkReplacer(() => '');

    expect(marks.write(Buffer.from(`\u001b]exptools;${'x'.repeat(200)}`))).not.toBe('');
  });

  test('does not depend on where the chunks were cut', () => {
    const piece = fc.constantFrom('a', '😀', '\u001b[1m', '\u001b', MARK, '\u001b]0;t\u0007');
    const cuts = fc.array(fc.nat(), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(piece), cuts, (pieces, at) => {
        const bytes = Buffer.from(pieces.join(''));
        const ends = at.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
        const chunks = [...ends, bytes.length].map((end, i) =>
          bytes.subarray(ends[i - 1] ?? 0, end),
        );

        expect(replaced(...chunks)).toBe(replaced(bytes));
      }),
    );
  });
});
