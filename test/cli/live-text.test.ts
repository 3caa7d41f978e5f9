import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { liveLines, widestLabel, type TerminalSize } from '../../src/cli/live-text.ts';
import { textWidth } from '../../src/formats/text-width.ts';
import { MAXIMIZE, StagedSweep } from '../helpers/sweep-state.ts';

const NARROW = { columns: 80, rows: 24 };
const WIDE = { columns: 160, rows: 48 };

describe('liveLines', () => {
  test('shows a bar, counts, and a line for every slot with step, time, rate and metrics', () => {
    const sweep = new StagedSweep([{ lr: 0.1 }, { lr: 0.01 }, { lr: 0.001 }]);
    sweep.start(1, 0);
    sweep.start(0, 1);
    sweep.progress(0, 2, { 'train/loss': 1 });
    sweep.now = 5000;
    sweep.progress(0, 12, { 'train/loss': 0.123456 });

    expect(linesOf(sweep, NARROW)).toEqual([
      `${'─'.repeat(47)}    0 %  at least 5 s left`,
      '0/3 runs · 2 running · 1 waiting · 5 s',
      '',
      'slot  variant   step  time     rate  train/loss',
      '   0  lr=0.01      –  0:05',
      '   1  lr=0.1      12  0:05    2.0/s      0.1235',
    ]);
  });

  test('counts everything that may become of a run, and estimates the time left', () => {
    const sweep = new StagedSweep(Array.from({ length: 10 }, (_, lr) => ({ lr })));
    for (let i = 0; i < 5; i++) sweep.start(i, i);
    sweep.now = 20_000;
    sweep.end(0, 0);
    sweep.end(1, 1, 'failed');
    sweep.end(2, 2, 'interrupted');
    sweep.end(3, 3, 'failed');
    sweep.state.retrying(sweep.state.plan.runs[3]!);

    const [bar, counts] = linesOf(sweep, WIDE);
    expect(bar).toMatch(/ 30 % {2}about \d+ s left$/);
    expect(counts).toBe(
      '3/10 runs · 1 done · 1 failed · 1 interrupted · 1 running · 1 to try again · 5 waiting · 20 s',
    );
  });

  test('names the best variant by its mean, with spread and n', () => {
    const sweep = new StagedSweep([{ lr: 1 }, { lr: 2 }], { repeats: 2, objective: MAXIMIZE });
    sweep.record(0, 0.5);
    expect(linesOf(sweep, NARROW)[2]).toBe('best  accuracy 0.5 (n=1)  lr=1');

    sweep.record(1, 0.7);
    sweep.record(3, 0.9);
    expect(linesOf(sweep, NARROW)[2]).toBe('best  accuracy 0.8 ± 0.1414 (n=2)  lr=2');
  });

  test('leaves out metrics that do not fit rather than cutting them, the objective last', () => {
    const sweep = new StagedSweep([{ lr: 0.1 }], { objective: MAXIMIZE });
    sweep.start(0, 0);
    sweep.progress(0, 1, { 'train/loss': 1.5, 'train/entropy': 0.25, 'eval/accuracy': 3.5 });

    const head = (columns: number): string[] =>
      linesOf(sweep, { columns, rows: 24 })[3]!.split(/ +/).slice(5);
    expect(head(80)).toEqual(['eval/accuracy', 'train/loss', 'train/entropy']);
    expect(head(66)).toEqual(['eval/accuracy', 'train/loss']);
    expect(head(50)).toEqual(['eval/accuracy']);
    expect(head(40)).toEqual([]);
  });

  test('cuts long values so that all keys of a variant show', () => {
    const model = 'a-model-with-a-very-long-name-that-nobody-wants-to-read';
    const sweep = new StagedSweep([{ model, lr: 0.1, prompt: `${model} ${model}` }]);
    sweep.start(0, 0);

    const line = linesOf(sweep, NARROW).at(-1)!;
    expect(line).toMatch(/model=a-.*….* lr=0\.1 prompt=a-.*….*/);
    expect(line.length).toBeLessThanOrEqual(80);
  });

  test('moves no column when numbers become longer', () => {
    const sweep = new StagedSweep([{ lr: 0.1 }, { lr: 0.2 }]);
    sweep.start(0, 0);
    sweep.progress(0, 100, { loss: 1 });
    const head = linesOf(sweep, NARROW)[3];

    sweep.now = 9000;
    sweep.progress(0, 999, { loss: -1.234567e-100 });

    expect(linesOf(sweep, NARROW)[3]).toBe(head);
  });

  test('says how many slots it has no room for', () => {
    const sweep = new StagedSweep(Array.from({ length: 40 }, (_, lr) => ({ lr })));
    for (let i = 0; i < 40; i++) sweep.start(i, i);

    const lines = linesOf(sweep, NARROW);

    expect(lines).toHaveLength(23);
    expect(lines.at(-1)).toBe('and 21 more');
  });

  test('fits into any terminal, whatever the runs are called and say', () => {
    const names = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.double(), {
      maxKeys: 4,
    });
    fc.assert(
      fc.property(
        fc.array(names, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 20, max: 200 }),
        fc.integer({ min: 2, max: 60 }),
        fc.nat({ max: 1e12 }),
        (variants, columns, rows, now) => {
          const sweep = new StagedSweep(variants, { repeats: 2, objective: MAXIMIZE });
          for (const [i, metrics] of variants.entries()) {
            if (i % 3 === 2) sweep.record(i, i);
            sweep.start(i, i);
            sweep.progress(i, 1, metrics);
          }
          sweep.now = now;
          for (const [i, metrics] of variants.entries()) sweep.progress(i, now, metrics);
          for (let i = 0; i < variants.length; i += 2) sweep.end(i, i);
          if (variants.length > 1) sweep.record(0, 0.5);

          const lines = linesOf(sweep, { columns, rows });

          expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns);
          expect(lines.length).toBeLessThan(rows);
        },
      ),
    );
  });

  test('takes no longer when ten thousand runs have ended', () => {
    const [small, large] = [16, 20_000].map((count) => {
      const sweep = new StagedSweep(
        Array.from({ length: count }, (_, lr) => ({ lr })),
        { objective: MAXIMIZE },
      );
      for (let i = 0; i < count / 2; i++) sweep.record(i, i);
      for (let slot = 0; slot < 8; slot++) sweep.start(count / 2 + slot, slot);
      const frame = { ...NARROW, labelWidth: widestLabel(sweep.state) };
      const time = (): number => {
        const startedAt = performance.now();
        for (let i = 0; i < 50; i++) liveLines(sweep.state, frame);
        return performance.now() - startedAt;
      };
      time();
      return Math.min(...Array.from({ length: 5 }, time));
    });

    expect(large).toBeLessThan(10 * small! + 5);
  });
});

function linesOf(sweep: StagedSweep, size: TerminalSize): string[] {
  const labelWidth = widestLabel(sweep.state);
  return liveLines(sweep.state, { ...size, labelWidth }).map(stripVTControlCharacters);
}
