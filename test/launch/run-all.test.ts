import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Launcher, Outcome } from '../../src/core/launcher.ts';
import { backoffMs } from '../../src/launch/backoff.ts';
import { runAll, type RunEvents } from '../../src/launch/run-all.ts';
import { ManualLauncher } from '../helpers/manual-launcher.ts';
import { specOf } from '../helpers/spec.ts';

describe('backoffMs', () => {
  test('doubles from a second to a minute', () => {
    expect([1, 2, 3, 6, 7, 8, 2000].map(backoffMs)).toEqual([
      1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000,
    ]);
  });
});

describe('runAll', () => {
  test('starts runs in order, as many at once as there are slots', async () => {
    const launcher = new ManualLauncher();

    const done = start(launcher, { runs: 4, slots: 2 });

    expect(launcher.running).toEqual(['0', '1']);
    await launcher.end('1');
    expect(launcher.running).toEqual(['0', '2']);
    await launcher.end('0');
    await launcher.end('2');
    await launcher.end('3');
    expect(launcher.started).toEqual(['0', '1', '2', '3']);
    expect(statuses(await done)).toEqual({
      1: 'completed',
      0: 'completed',
      2: 'completed',
      3: 'completed',
    });
  });

  test('gives the next run the slot that has become free', async () => {
    const launcher = new ManualLauncher();
    const done = start(launcher, { runs: 3, slots: 2 });

    await launcher.end('1');
    await launcher.end('2');
    await launcher.end('0');

    await done;
    expect([...launcher.slots]).toEqual([
      ['0', 0],
      ['1', 1],
      ['2', 1],
    ]);
  });

  test('starts each run exactly once and in order, however they end', async () => {
    const endings = fc.array(fc.tuple(fc.nat(), fc.constantFrom('completed', 'failed')), {
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(endings, fc.integer({ min: 1, max: 6 }), async (ends, slots) => {
        const launcher = new ManualLauncher();
        const done = start(launcher, { runs: ends.length, slots });

        for (const [pick, status] of ends) {
          expect(launcher.running.length).toBeLessThanOrEqual(slots);
          await launcher.end(launcher.running[pick % launcher.running.length]!, status);
        }

        expect(await done).toHaveLength(ends.length);
        expect(launcher.started).toEqual(ends.map((_, i) => String(i)));
      }),
    );
  });

  test('goes on when a run fails', async () => {
    const launcher = new ManualLauncher();
    const done = start(launcher, { runs: 2, slots: 1 });

    await launcher.end('0', 'failed');
    await launcher.end('1');

    expect(statuses(await done)).toEqual({ 0: 'failed', 1: 'completed' });
  });

  test('with failFast ends all others when a run fails, and starts no more', async () => {
    const launcher = new ManualLauncher();
    const done = start(launcher, { runs: 5, slots: 2, failFast: true });

    await launcher.end('0', 'failed');

    expect(statuses(await done)).toEqual({ 0: 'failed', 1: 'interrupted' });
    expect(launcher.started).toEqual(['0', '1']);
  });

  test('tries a run again that has failed, before it starts others', async () => {
    const launcher = new ManualLauncher();
    const done = start(launcher, { runs: 3, slots: 1, retries: 2 });

    await launcher.end('0', 'failed');
    expect(launcher.running).toEqual(['1']); // the slot is not kept
    await launcher.waited();
    await launcher.end('1');
    expect(launcher.running).toEqual(['0']);
    await launcher.end('0', 'timeout');
    await launcher.waited();
    await launcher.end('2');
    await launcher.end('0');

    expect(statuses(await done)).toEqual({ 0: 'completed', 1: 'completed', 2: 'completed' });
    expect(launcher.started).toEqual(['0', '1', '0', '2', '0']);
  });

  test('gives a run up after so many retries', async () => {
    const launcher = new ManualLauncher();
    const ends: unknown[] = [];
    const onEnd: RunEvents['onEnd'] = ({ status }, _slot, retry) => ends.push([status, retry]);
    const done = start(launcher, { runs: 1, slots: 1, retries: 2, events: { onEnd } });

    for (let i = 0; i < 3; i++) {
      await launcher.end('0', 'failed');
      await launcher.waited();
    }

    expect(await done).toMatchObject([{ status: 'failed' }]);
    expect(ends).toEqual([
      ['failed', { attempt: 2, of: 3, delayMs: 1 }],
      ['failed', { attempt: 3, of: 3, delayMs: 1 }],
      ['failed', undefined],
    ]);
  });

  test.for(['interrupted', 'diverged', 'completed'])(
    'does not try a run again that says %s',
    async (status) => {
      const launcher = new ManualLauncher();
      const done = start(launcher, { runs: 1, slots: 1, retries: 3 });

      await launcher.end('0', status);

      expect(await done).toMatchObject([{ status }]);
      expect(launcher.started).toEqual(['0']);
    },
  );

  test('with failFast ends the others after the last attempt only', async () => {
    const launcher = new ManualLauncher();
    const done = start(launcher, { runs: 2, slots: 2, retries: 1, failFast: true });

    await launcher.end('0', 'failed');
    await launcher.waited();
    expect(launcher.running).toEqual(['1', '0']);
    await launcher.end('0', 'timeout');

    expect(statuses(await done)).toEqual({ 0: 'timeout', 1: 'interrupted' });
  });

  test('starts no others once nothing can be written, and says so', async () => {
    const launcher = new ManualLauncher();
    const notices: string[] = [];
    const events: RunEvents = { onNotice: (_spec, text) => notices.push(text) };
    const done = start(launcher, { runs: 4, slots: 2, events });

    await launcher.end('0', 'failed', { reason: 'the disk is full', endsOthers: true });
    await launcher.end('1');

    expect(statuses(await done)).toEqual({ 0: 'failed', 1: 'completed' });
    expect(notices).toEqual(['exptools: no further run is started: the disk is full']);
  });

  test('waits for no retry once it is aborted', async () => {
    const launcher = new ManualLauncher();
    const controller = new AbortController();
    const { signal } = controller;
    const before = timers();
    const done = start(launcher, { runs: 1, slots: 1, retries: 1, restMs: 1e6, signal });

    await launcher.end('0', 'failed');
    expect(timers()).toBe(before + 1);
    controller.abort();

    expect(await done).toMatchObject([{ status: 'failed' }]);
    expect(timers()).toBe(before);
  });

  test('ends all runs when it is aborted, and starts no more', async () => {
    const launcher = new ManualLauncher();
    const controller = new AbortController();
    const done = start(launcher, { runs: 5, slots: 2, signal: controller.signal });

    controller.abort();

    expect(statuses(await done)).toEqual({ 0: 'interrupted', 1: 'interrupted' });
    expect(launcher.started).toEqual(['0', '1']);
  });

  test('starts nothing when it is aborted from the start', async () => {
    const launcher = new ManualLauncher();

    const outcomes = await start(launcher, { runs: 2, slots: 1, signal: AbortSignal.abort() });

    expect(outcomes).toEqual([]);
    expect(launcher.started).toEqual([]);
  });

  test('tells of starts, progress and ends as they happen', async () => {
    const launcher = new ManualLauncher();
    const events: string[] = [];
    const done = start(launcher, {
      runs: 2,
      slots: 1,
      events: {
        onStart: (spec, slot) => events.push(`start ${spec.id} on ${slot.index}`),
        onProgress: (spec, { step }) => events.push(`step ${step} of ${spec.id}`),
        onEnd: ({ spec, status }) => events.push(`${spec.id} ${status}`),
      },
    });

    await launcher.end('0');
    await launcher.end('1', 'failed');

    await done;
    expect(events).toEqual([
      'start 0 on 0',
      'step 0 of 0',
      '0 completed',
      'start 1 on 0',
      'step 0 of 1',
      '1 failed',
    ]);
  });

  test('takes more than ten slots without a warning of a leak', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): unknown => warnings.push(warning);
    process.on('warning', onWarning);

    await start(new ManualLauncher(), { runs: 64, slots: 64, signal: AbortSignal.timeout(0) });

    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  test('ends all runs when an event throws, and throws it then', async () => {
    const launcher = new ManualLauncher();
    const onEnd = (): never => {
      throw new Error('the screen is gone');
    };
    const done = start(launcher, { runs: 4, slots: 2, events: { onEnd } });
    const thrown = expect(done).rejects.toThrow('the screen is gone');

    await launcher.end('0');

    await thrown;
    expect(launcher.running).toEqual([]);
    expect(launcher.started).toEqual(['0', '1']);
  });

  test('has nothing to do without runs', async () => {
    expect(await start(new ManualLauncher(), { runs: 0, slots: 3 })).toEqual([]);
  });
});

interface Setup {
  readonly runs: number;
  readonly slots: number;
  readonly failFast?: boolean;
  readonly retries?: number;
  /** How long a run waits for its next attempt. */
  readonly restMs?: number;
  readonly signal?: AbortSignal;
  readonly events?: RunEvents;
}

function start(launcher: Launcher, setup: Setup): Promise<Outcome[]> {
  const { failFast = false, retries = 0, restMs = 1, events } = setup;
  const { signal = new AbortController().signal } = setup;
  const backoff = (): number => restMs;
  const specs = Array.from({ length: setup.runs }, (_, i) => specOf({ id: String(i) }));
  const slots = Array.from({ length: setup.slots }, (_, index) => ({ index, cpus: [] }));
  return runAll(specs, slots, launcher, { failFast, retries, backoff, signal }, events);
}

function statuses(outcomes: readonly Outcome[]): Record<string, string> {
  return Object.fromEntries(outcomes.map(({ spec, status }) => [spec.id, status]));
}

/** How many timers keep this process. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}
