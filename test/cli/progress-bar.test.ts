import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { progressBar } from '../../src/cli/progress-bar.ts';

describe('progressBar', () => {
  test('is full when all is over, and not before', () => {
    expect(bar({ completed: 1000 }, 10)).toBe('━━━━━━━━━━');
    expect(bar({ completed: 999, waiting: 1 }, 10)).toBe('━━━━━━━━━─');
    expect(bar({ waiting: 3 }, 10)).toBe('──────────');
  });

  test('is always as wide as it is told to be', () => {
    const count = fc.nat({ max: 1000 });
    fc.assert(
      fc.property(count, count, count, count, fc.integer({ min: 1, max: 80 }), (...given) => {
        const [completed, failed, running, waiting, width] = given;
        if (completed + failed + running + waiting === 0) return;

        expect(bar({ completed, failed, running, waiting }, width)).toHaveLength(width);
      }),
    );
  });
});

function bar(given: Partial<Record<string, number>>, width: number): string {
  const { completed = 0, failed = 0, running = 0, waiting = 0 } = given;
  const total = completed + failed + running + waiting;
  const counts = { total, completed, failed, interrupted: 0, running, retrying: 0, waiting };
  return stripVTControlCharacters(progressBar(counts, width));
}
