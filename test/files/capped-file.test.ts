import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { CappedFile } from '../../src/files/capped-file.ts';
import { test } from '../helpers/temp-dir.ts';

const GAP = /^\[\.\.\. (\d+) lines \((\d+) bytes\) are left out here \.\.\.\]$/;

const segmentOf =
  (path: string) =>
  (number: number): string =>
    `${path}.tail-${String(number).padStart(6, '0')}`;

/** The lines of everything there is of the file, joined or not. */
function linesOn(dir: string): string[] {
  const names = readdirSync(dir).sort();
  return names.flatMap((name) => readFileSync(join(dir, name), 'utf8').split('\n').slice(0, -1));
}

describe('CappedFile', () => {
  test('is just the file below its limit', ({ dir }) => {
    const file = new CappedFile(join(dir, 'log'), 1000, segmentOf(join(dir, 'log')));
    file.append(['a', '']);
    file.append(['b']);
    file.close();

    expect(readdirSync(dir)).toEqual(['log']);
    expect(readFileSync(join(dir, 'log'), 'utf8')).toBe('a\n\nb\n');
  });

  test('keeps the head and the tail, and says how much is left out between', ({ dir }) => {
    const file = new CappedFile(join(dir, 'log'), 1000, segmentOf(join(dir, 'log')));
    const lines = Array.from({ length: 1000 }, (_, i) => `line ${i}`);
    for (const line of lines) file.append([line]);
    file.close();

    expect(readdirSync(dir)).toEqual(['log']);
    const kept = linesOn(dir);
    const at = kept.findIndex((line) => GAP.test(line));
    const [, count, bytes] = GAP.exec(kept[at]!)!;
    const dropped = lines.slice(at, at + Number(count));
    expect([...kept.slice(0, at), ...dropped, ...kept.slice(at + 1)]).toEqual(lines);
    expect(dropped.join('\n').length + 1).toBe(Number(bytes));
    expect(kept.slice(0, at).join('\n').length).toBeGreaterThan(450);
    expect(kept.slice(at + 1).join('\n').length).toBeGreaterThan(240);
  });

  test('has its newest lines on the disk at any time', ({ dir }) => {
    const file = new CappedFile(join(dir, 'log'), 1000, segmentOf(join(dir, 'log')));

    for (let i = 0; i < 500; i++) {
      file.append([`line ${i}`]);
      expect(linesOn(dir).at(-1)).toBe(`line ${i}`);
    }
    file.abandon();
  });

  test('never grows much over its limit, and loses no line but those it counts', ({ dir }) => {
    let run = 0;
    const sizes = fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 20 }));
    fc.assert(
      fc.property(sizes, fc.integer({ min: 200, max: 2000 }), (batches, limit) => {
        const path = join(dir, `log-${run++}`);
        const file = new CappedFile(path, limit, segmentOf(path));
        let id = 0;
        const lines: string[] = [];
        for (const batch of batches) {
          const texts = batch.map((size) => `${id++}${'x'.repeat(size)}`);
          lines.push(...texts);
          file.append(texts);
        }
        file.close();

        const text = readFileSync(path, 'utf8');
        expect(text.length).toBeLessThanOrEqual(limit + 100);
        const kept = text.split('\n').slice(0, -1);
        const at = kept.findIndex((line) => GAP.test(line));
        if (at === -1) {
          expect(kept).toEqual(lines);
          return;
        }
        const count = Number(GAP.exec(kept[at]!)![1]);
        expect([...kept.slice(0, at), ...kept.slice(at + 1)]).toEqual([
          ...lines.slice(0, at),
          ...lines.slice(at + count),
        ]);
      }),
      { numRuns: 50 },
    );
  });
});
