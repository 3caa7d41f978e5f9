import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { chooseProgress } from '../../src/cli/choose-progress.ts';
import { JsonEvents } from '../../src/cli/json-events.ts';
import type { SweepProgress } from '../../src/cli/sweep-progress.ts';
import { MAXIMIZE, StagedSweep } from '../helpers/sweep-state.ts';

const BEGINNING = { dir: '/runs/toy/sweeps/s', slots: 2, notes: ['lr is pinned\n'] };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv('TERM', 'xterm');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('chooseProgress', () => {
  const places = [
    { where: 'on a terminal', isTTY: true, quiet: false },
    { where: 'elsewhere', isTTY: false, quiet: false },
    { where: 'with quiet', isTTY: true, quiet: true },
  ];

  test.for(places)('passes on what is said, $where', ({ isTTY, quiet }) => {
    const stream = terminal(isTTY);
    const progress = chooseProgress(new StagedSweep([{ lr: 1 }]).state, { quiet }, stream);

    progress.begin(BEGINNING);
    progress.say('stopping\n');
    progress.end('interrupted');

    expect(stream.printed()).toContain('stopping\n');
  });

  test.for([
    { ...places[0]!, lines: ['2/2  failed  lr=2  accuracy 2  why  1 s'] },
    {
      ...places[1]!,
      lines: ['1/2  completed  lr=1  accuracy 1  1 s', '2/2  failed  lr=2  accuracy 2  why  1 s'],
    },
    { ...places[2]!, lines: [] },
  ])('prints a line for each end it must, $where', ({ isTTY, quiet, lines }) => {
    const stream = terminal(isTTY);
    const sweep = new StagedSweep([{ lr: 1 }, { lr: 2 }], { objective: MAXIMIZE });
    const progress = chooseProgress(sweep.state, { quiet }, stream);

    progress.begin(BEGINNING);
    progress.update({ type: 'ended', run: sweep.record(0, 1) });
    progress.update({ type: 'ended', run: { ...sweep.record(1, 2, 'failed'), reason: 'why' } });
    progress.end('failed');

    const printed = stream.printed().split('\n');
    expect(printed.filter((line) => /^\d\/2 {2}/.test(line))).toEqual(lines);
  });

  test.for([
    { ...places[0]!, says: true },
    { ...places[1]!, says: true },
    { ...places[2]!, says: false },
  ])('says why a run is tried again, and when, $where', ({ isTTY, quiet, says }) => {
    const stream = terminal(isTTY);
    const sweep = new StagedSweep([{ lr: 1 }, { lr: 2 }]);
    const progress = chooseProgress(sweep.state, { quiet }, stream);
    sweep.start(0, 0);
    const run = sweep.end(0, 0, 'failed', 'out of memory');
    sweep.state.retrying(run.spec);

    progress.begin(BEGINNING);
    progress.update({ type: 'retry', run, retry: { attempt: 2, of: 3, delayMs: 4000 } });
    progress.end('done');

    const line = 'retry  lr=1  failed: out of memory; attempt 2 of 3 in 4s';
    expect(stream.printed().includes(line)).toBe(says);
  });

  test.for(places)('sums up at the end, $where', ({ isTTY, quiet }) => {
    const stream = terminal(isTTY);
    const sweep = new StagedSweep([{ lr: 1 }, { lr: 2 }, { lr: 3 }]);
    const progress = chooseProgress(sweep.state, { quiet }, stream);

    progress.begin(BEGINNING);
    sweep.record(0, 1);
    sweep.record(1, undefined, 'failed');
    sweep.now = 12_000;
    progress.end('interrupted');

    const last = stream.printed().trimEnd().split('\n').at(-1);
    expect(last).toBe(quiet ? '' : 'stopped  1 of 3 runs completed in 12 s, 1 failed, 1 not run');
  });
});

describe('on a terminal', () => {
  test('a long variant leaves room for why its run failed', () => {
    const stream = Object.assign(terminal(true), { columns: 80 });
    const model = 'a-model-with-a-very-long-name-that-nobody-wants-to-read-to-its-end';
    const sweep = new StagedSweep([{ model, lr: 0.1 }]);
    const progress = chooseProgress(sweep.state, {}, stream);
    progress.begin(BEGINNING);
    sweep.start(0, 0);
    progress.update({ type: 'ended', run: sweep.end(0, 0, 'failed', 'the loss diverged') });
    progress.end('failed');

    const line = stream.lines().find((text) => text.startsWith('1/1'))!;
    expect(line).toMatch(/^1\/1 {2}failed {2}model=a-.*….* lr=0\.1 {2}the loss diverged {2}0 ms$/);
  });

  test.for([
    { title: 'that cannot move its cursor', term: 'dumb', isLive: true },
    { title: 'that runs print to, too,', term: 'xterm', isLive: false },
  ])('$title there are lines', ({ term, isLive }) => {
    vi.stubEnv('TERM', term);
    const stream = terminal(true);
    const sweep = new StagedSweep([{ lr: 1 }]);
    const progress = chooseProgress(sweep.state, { isLive }, stream);
    progress.begin(BEGINNING);
    progress.update({ type: 'ended', run: sweep.record(0, 1) });
    progress.end('done');

    expect(stream.lines()).toContain('1/1  completed  lr=1  accuracy 1  1 s');
  });
});

describe('where no terminal redraws', () => {
  test('a line is printed when nothing has ended for a minute, and no more often', () => {
    const stream = terminal(false);
    const sweep = new StagedSweep([{ lr: 1 }, { lr: 2 }]);
    const progress = chooseProgress(sweep.state, {}, stream);
    progress.begin(BEGINNING);
    sweep.start(0, 0);
    const wait = (seconds: number): void => {
      sweep.now += seconds * 1000;
      vi.advanceTimersByTime(seconds * 1000);
    };

    wait(40);
    progress.update({ type: 'ended', run: sweep.end(0, 0) });
    sweep.start(1, 0);
    wait(50);
    expect(stream.lines()).toHaveLength(3);

    wait(10);
    expect(stream.lines().at(-1)).toBe('1/2 · 1 done · 1 running · 1 m 40 s · about 6 s left');
    wait(59);
    expect(stream.lines()).toHaveLength(4);

    progress.end('interrupted');
    wait(200);
    expect(stream.lines()).toHaveLength(5);
  });
});

describe('the events of --json', () => {
  test('are one object a line, with runs, places and numbers', () => {
    const { sweep, events, update } = listened();
    sweep.start(0, 1);
    update('started', 0, 1);
    sweep.progress(0, 10, { loss: Number.NaN });
    update('progress', 0, 1);
    sweep.now = 2000;
    update('ended', 0, 1);

    expect(events()).toEqual([
      expect.objectContaining({
        event: 'planned',
        experiment: 'toy',
        dir: BEGINNING.dir,
        keys: ['lr'],
        runs: 2,
        slots: 2,
        notes: ['lr is pinned'],
      }),
      expect.objectContaining({ event: 'started', run: 'v0-r0', variant: { lr: 1 }, slot: 1 }),
      expect.objectContaining({
        event: 'progress',
        run: 'v0-r0',
        step: 10,
        metrics: { loss: 'nan' },
      }),
      expect.objectContaining({
        event: 'ended',
        status: 'completed',
        elapsed: 2,
        completed: 1,
        total: 2,
      }),
    ]);
    for (const { time } of events()) expect(time).toMatch(/^\d{4}-.*Z$/);
  });

  test('have at most one line of progress a second for each run', () => {
    const { sweep, events, update } = listened();
    sweep.start(0, 0);
    sweep.start(1, 1);
    for (let i = 0; i < 25; i++) {
      update('progress', 0, 0);
      update('progress', 1, 1);
      vi.advanceTimersByTime(100);
    }

    const progress = events().filter(({ event }) => event === 'progress');
    expect(progress.map(({ run }) => run as string)).toEqual(
      Array.from({ length: 3 }, () => ['v0-r0', 'v1-r0']).flat(),
    );
  });

  test('end with what came out', () => {
    const { sweep, events, progress } = listened();
    sweep.record(0, 0.5);
    sweep.record(1, 0.7);
    sweep.now = 3000;
    progress.end('done');

    expect(events().at(-1)).toMatchObject({
      event: 'finished',
      status: 'done',
      completed: 2,
      failed: 0,
      elapsed: 3,
      best: { variant: { lr: 2 }, metric: 'accuracy', mean: 0.7, n: 1, runs: ['v1-r0'] },
    });
  });

  test('say when a run is tried again', () => {
    const { sweep, events, progress } = listened();
    sweep.start(0, 0);
    const run = sweep.end(0, 0, 'failed', 'out of memory');
    progress.update({ type: 'retry', run, retry: { attempt: 2, of: 3, delayMs: 1500 } });

    expect(events().at(-1)).toMatchObject({
      event: 'retry',
      run: 'v0-r0',
      status: 'failed',
      reason: 'out of memory',
      attempt: 2,
      of: 3,
      delay: 1.5,
    });
  });

  test('leave what is said to people', () => {
    const { progress, stream, errors } = listened();
    progress.say('stopping\n');

    expect(stream.printed()).not.toContain('stopping');
    expect(errors.printed()).toBe('stopping\n');
  });
});

function listened() {
  const sweep = new StagedSweep([{ lr: 1 }, { lr: 2 }], { objective: MAXIMIZE });
  const [stream, errors] = [terminal(false), terminal(false)];
  const progress: SweepProgress = new JsonEvents(sweep.state, stream, errors);
  progress.begin(BEGINNING);
  const update = (type: 'started' | 'progress' | 'ended', run: number, slot: number): void => {
    if (type === 'ended') progress.update({ type, run: sweep.end(run, slot) });
    else progress.update({ type, run: sweep.state.active.get(slot)! });
  };
  const events = (): Record<string, unknown>[] =>
    stream.lines().map((line) => JSON.parse(line) as Record<string, unknown>);
  return { sweep, stream, errors, progress, update, events };
}

/** A stream that remembers what is written to it, and may say it is a terminal. */
function terminal(isTTY: boolean): NodeJS.WriteStream & { printed(): string; lines(): string[] } {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const printed = (): string => stripVTControlCharacters(chunks.join(''));
  const lines = (): string[] => printed().trimEnd().split('\n');
  const size = { columns: 160, rows: 24 };
  return Object.assign(stream as unknown as NodeJS.WriteStream, { isTTY, ...size, printed, lines });
}
