import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TerminalText } from '../../src/formats/terminal-text.ts';
import { timeMark } from '../../src/formats/time-mark.ts';

/** Every line of what a program wrote in the given chunks. */
function lines(...chunks: (string | Uint8Array)[]): string[] {
  const text = new TerminalText();
  const whole = chunks.flatMap((chunk) => text.write(Buffer.from(chunk)));
  return [...whole, ...text.end()];
}

describe('TerminalText', () => {
  test.for<[title: string, written: string, ...kept: string[]]>([
    ['gives lines without their breaks', 'a\nb\n', 'a', 'b'],
    ['keeps empty lines', 'a\n\n\nb\n', 'a', '', '', 'b'],
    ['keeps a last line that was never ended', 'a\nb', 'a', 'b'],
    ['gives nothing for nothing', ''],
    ['takes \\r\\n as one line break', 'a\r\nb\r\n', 'a', 'b'],
    ['takes several carriage returns before a break as one', 'a\r\r\nb', 'a', 'b'],
    ['keeps the last state of a redrawn line', '10%\r50%\r100%\n', '100%'],
    ['keeps a shorter last state alone', 'downloading\rdone\n', 'done'],
    ['keeps a bar that returns at its end', '10%\r50%\r', '50%'],
    ['starts the bar at a carriage return', '\r10%\r50%\nnext\n', '50%', 'next'],
    ['keeps the line before a redrawn one', 'epoch 1\n 1/9\r 9/9\n', 'epoch 1', ' 9/9'],
    ['takes characters back at backspaces', 'loss 0.5\b\b\b0.4\n', 'loss 0.4'],
    ['ignores backspaces at the start of a line', '\b\ba\n', 'a'],
    ['takes back a whole character beyond ASCII', 'a😀\bb\n', 'ab'],
    ['turns a spinner into its last state', '|\b/\b-\b\\\n', '\\'],
    ['drops colours', '\u001b[1;31mred\u001b[0m plain\n', 'red plain'],
    ['drops 24-bit colours', '\u001b[38;2;255;0;0mred\u001b[m\n', 'red'],
    ['drops cursor movements and erasing', '\u001b[2K\u001b[1Aa\u001b[?25l\n', 'a'],
    ['keeps the last state of a coloured bar', '\r\u001b[32m1%\u001b[0m\r\u001b[32m2%\n', '2%'],
    ['keeps text before a colour that ends behind the return', '\u001b[1mok\r\u001b[0m\n', 'ok'],
    ['keeps brackets that are no code', '[32m and [1]\n', '[32m and [1]'],
    ['keeps tabs', 'a\tb\n', 'a\tb'],
    ['clears a line that was erased after its return', '50%\r\u001b[K\nb\n', '', 'b'],
    ['keeps a line when only what is behind it is erased', 'a\u001b[K\n', 'a'],
    ['clears a line that was erased as a whole', 'a\u001b[2Kb\n', 'b'],
    ['drops titles and links', '\u001b]0;title\u0007a\u001b]8;;x\u001b\\b\n', 'ab'],
    [
      'puts in the time of a mark',
      `${timeMark('2026-01-31T14:25:01+01:00')} info  x\n`,
      '2026-01-31T14:25:01+01:00 info  x',
    ],
    [
      'keeps the first and the last state of lines that are drawn again and again',
      `a 0\nb 0\n${Array.from({ length: 99 }, (_, i) => `\u001b[2Aa ${i + 1}\nb ${i + 1}\n`).join('')}done\n`,
      'a 0',
      'b 0',
      'a 99',
      'b 99',
      'done',
    ],
    [
      'does not repeat lines that the cursor only passed',
      'a\nb\nc\n\u001b[3A\u001b[1Bb2\n\u001b[1Bd\n',
      'a',
      'b',
      'c',
      'b2',
      'd',
    ],
    [
      'keeps the last frame of a display that erases itself line by line',
      `x\ny\n${'\u001b[2K\u001b[1A\u001b[2K\u001b[1A\u001b[2K\u001b[Gx\ny2\n'.repeat(50)}`,
      'x',
      'y',
      'x',
      'y2',
    ],
    ['drops what was erased below the cursor', 'a\nb\n\u001b[2A\u001b[Jc\n', 'a', 'b', 'c'],
  ])('%s', ([, written, ...kept]) => {
    expect(lines(written)).toEqual(kept);
  });

  test('gives a line once it is ended, and not before', () => {
    const text = new TerminalText();

    expect(text.write(Buffer.from('epoch'))).toEqual([]);
    expect(text.write(Buffer.from(' 1\nep'))).toEqual(['epoch 1']);
    expect(text.end()).toEqual(['ep']);
  });

  test('ends once: what was kept is not given twice', () => {
    const text = new TerminalText();
    text.write(Buffer.from('a'));

    expect(text.end()).toEqual(['a']);
    expect(text.end()).toEqual([]);
  });

  test('joins a character whose bytes come in two chunks', () => {
    const bytes = Buffer.from('größe 😀\n');

    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(lines(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(['größe 😀']);
    }
  });

  test('marks bytes that are no UTF-8, and goes on', () => {
    expect(lines(Buffer.from([0x61, 0xff, 0x0a, 0x62, 0xe5]))).toEqual(['a\ufffd', 'b\ufffd']);
  });

  test('turns a progress bar of many chunks into its last state', () => {
    const states = Array.from(
      { length: 5000 },
      (_, i) => `\r${i + 1}/5000 [${'='.repeat(i / 100)}`,
    );

    expect(lines('training\n', ...states, '\ndone\n')).toEqual([
      'training',
      `5000/5000 [${'='.repeat(49)}`,
      'done',
    ]);
  });

  test('breaks a line that is never ended, and loses nothing of it', () => {
    const text = new TerminalText();
    const chunk = Buffer.from('x😀'.repeat(100_000));
    const broken = Array.from({ length: 20 }, () => text.write(chunk)).flat();

    expect(broken.length).toBeGreaterThan(4);
    expect([...broken, ...text.end()].join('')).toBe('x😀'.repeat(2_000_000));
  });

  test('stays quick over a line that grows by single characters', () => {
    const text = new TerminalText();
    const dot = Buffer.from('.');
    for (let i = 0; i < 500_000; i++) text.write(dot);

    expect(text.end()).toEqual(['.'.repeat(500_000)]);
  });

  test('holds back no more than a screen, whatever the cursor does', () => {
    const text = new TerminalText();
    const lines = text.write(Buffer.from(`\u001b[999999A${'a\n'.repeat(10_000)}`));

    expect(lines.length).toBeGreaterThan(9_000);
  });

  test('does not depend on where the chunks were cut', () => {
    const codes = [
      '\u001b[32m',
      '\u001b[K',
      '\u001b[2A',
      '\u001b[B',
      '\u001b[J',
      '\u001b]0;t\u0007',
    ];
    const piece = fc.constantFrom('a', 'é', '😀', ' ', '\r', '\n', '\b', ...codes);
    const cuts = fc.array(fc.nat(), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(piece), cuts, (pieces, at) => {
        const bytes = Buffer.from(pieces.join(''));
        const ends = at.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
        const chunks = [...ends, bytes.length].map((end, i) =>
          bytes.subarray(ends[i - 1] ?? 0, end),
        );

        expect(lines(...chunks)).toEqual(lines(bytes));
      }),
      { numRuns: 2000 },
    );
  });
});
