import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { liveText, sweepProgress } from '../../src/cli/sweep-progress.ts';
import { SweepState } from '../../src/sweeper/sweep-state.ts';
import { specOf } from '../helpers/spec.ts';

const WIDE = { columns: 160, rows: 24 };

describe('liveText', () => {
  test('shows a bar, a line for every busy slot and its last metrics', () => {
    const state = stateOf([{ lr: 0.1 }, { lr: 0.01 }, { lr: 0.001 }]);
    start(state, 1, 0);
    start(state, 0, 1);
    state.progressed(state.plan.runs[0]!, { step: 12, metrics: { 'train/loss': 0.123456 } });

    expect(linesOf(state, WIDE)).toEqual([
      `${'━'.repeat(30)}  0/3 · 2 running · 0 ms`,
      'slot  variant      step  metrics',
      '0     lr=0.01  starting',
      '1     lr=0.1         12  train/loss 0.1235',
    ]);
  });

  test('counts what failed, and estimates the time that is left', () => {
    const state = stateOf([{ lr: 1 }, { lr: 2 }]);
    start(state, 0, 0);
    state.ended({ spec: state.plan.runs[0]!, status: 'failed', stderr: [] }, slot(0));

    expect(linesOf(state, WIDE)).toEqual([
      expect.stringMatching(/ {2}1\/2 · 1 failed · 0 running · \d+ ms · about \d+ ms left$/),
    ]);
  });

  test('counts a run once that was tried again, by its last end', () => {
    const state = stateOf([{ lr: 1 }, { lr: 2 }]);
    const [spec] = state.plan.runs;
    start(state, 0, 0);
    state.ended({ spec: spec!, status: 'failed', stderr: [] }, slot(0));
    start(state, 0, 0);
    expect(linesOf(state, WIDE)[0]).toMatch(/ {2}0\/2 · 1 running/);

    state.ended({ spec: spec!, status: 'completed', stderr: [] }, slot(0));

    expect(linesOf(state, WIDE)[0]).toMatch(/ {2}1\/2 · 0 running/);
    expect(state.failed).toEqual([]);
  });

  test('leaves out metrics that do not fit, rather than cutting them', () => {
    const state = stateOf([{ lr: 0.1 }]);
    start(state, 0, 0);
    const metrics = { 'train/loss': 1.5, 'train/accuracy': 0.25, 'eval/loss': 3.5 };
    state.progressed(state.plan.runs[0]!, { step: 1, metrics });

    const slotLine = (columns: number): string => linesOf(state, { columns, rows: 24 })[2]!;
    expect(slotLine(80)).toMatch(/train\/loss 1\.5 {2}train\/accuracy 0\.25 {2}eval\/loss 3\.5$/);
    expect(slotLine(60)).toMatch(/train\/loss 1\.5 {2}train\/accuracy 0\.25$/);
    expect(slotLine(40)).toMatch(/train\/loss 1\.5$/);
    expect(slotLine(30)).toMatch(/lr=0\.1 +1$/);
  });

  test('says how many slots it has no room for', () => {
    const state = stateOf(Array.from({ length: 40 }, (_, lr) => ({ lr })));
    for (let i = 0; i < 40; i++) start(state, i, i);

    const lines = linesOf(state, WIDE);

    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe('and 21 more');
  });

  test('fits into any terminal', () => {
    const names = fc.dictionary(fc.string({ maxLength: 30 }), fc.double(), { maxKeys: 4 });
    fc.assert(
      fc.property(
        fc.array(names, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 20, max: 200 }),
        fc.integer({ min: 6, max: 60 }),
        (variants, columns, rows) => {
          const state = stateOf(variants);
          for (const [i, metrics] of variants.entries()) {
            start(state, i, i);
            state.progressed(state.plan.runs[i]!, { step: i, metrics });
          }

          const lines = linesOf(state, { columns, rows });

          expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
          expect(lines.length).toBeLessThan(rows);
        },
      ),
    );
  });
});

describe('sweepProgress', () => {
  test.for([
    { where: 'on a terminal', isTTY: true, quiet: false },
    { where: 'elsewhere', isTTY: false, quiet: false },
    { where: 'with quiet', isTTY: true, quiet: true },
  ])('passes on what is said, $where', ({ isTTY, quiet }) => {
    const stream = terminal(isTTY);
    const progress = sweepProgress(stateOf([{ lr: 1 }]), stream, { quiet });

    progress.say('stopping\n');
    progress.close();

    expect(stream.printed()).toContain('stopping\n');
  });

  test.for([
    { where: 'on a terminal', isTTY: true, quiet: false, lines: ['2/2  failed  lr=2  why'] },
    {
      where: 'elsewhere',
      isTTY: false,
      quiet: false,
      lines: ['1/2  completed  lr=1', '2/2  failed  lr=2  why'],
    },
    { where: 'with quiet', isTTY: true, quiet: true, lines: [] },
  ])('prints a line for each run it must, $where', ({ isTTY, quiet, lines }) => {
    const stream = terminal(isTTY);
    const state = stateOf([{ lr: 1 }, { lr: 2 }]);
    const progress = sweepProgress(state, stream, { quiet });

    const [first, second] = state.plan.runs.map((spec) => ({ spec, stderr: [], ms: 7 }));
    state.finished.push({ ...first!, status: 'completed' });
    progress.update(state.finished[0]);
    state.finished.push({ ...second!, status: 'failed', reason: 'why' });
    progress.update(state.finished[1]);
    progress.close();

    const printed = stream.printed().split('\n');
    expect(printed.filter((line) => line.includes('7 ms'))).toEqual(
      lines.map((line) => `${line}  7 ms`),
    );
  });
});

function stateOf(variants: readonly Record<string, number>[]): SweepState {
  const runs = variants.map((variant, variantIndex) =>
    specOf({ sweep: { id: 'sweep', variant, variantIndex, repeat: 0 }, id: `run-${variantIndex}` }),
  );
  return new SweepState({
    format: 1,
    id: 'sweep',
    experiment: 'toy',
    createdAt: '2026-01-01T00:00:00.000Z',
    launcher: { pid: 1, host: 'here' },
    keys: ['lr'],
    repeats: 1,
    runs,
  });
}

function start(state: SweepState, slotIndex: number, run: number): void {
  state.started(state.plan.runs[run]!, slot(slotIndex));
}

function slot(index: number): { index: number; cpus: number[] } {
  return { index, cpus: [] };
}

function linesOf(state: SweepState, size: { columns: number; rows: number }): string[] {
  return stripVTControlCharacters(liveText(state, size)).split('\n');
}

/** A stream that remembers what is written to it, and may say it is a terminal. */
function terminal(isTTY: boolean): NodeJS.WriteStream & { printed(): string } {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const printed = (): string => stripVTControlCharacters(chunks.join(''));
  return Object.assign(stream as unknown as NodeJS.WriteStream, { isTTY, ...WIDE, printed });
}
