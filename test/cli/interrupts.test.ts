import { describe, expect } from 'vitest';
import { childOf, linger, processOf, untilGone, untilLingering } from '../helpers/processes.ts';
import { runExp, type Started } from '../helpers/run-exp.ts';
import { manifestOf, runDirs, sweepOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/linger/main.ts';
const PATIENCE = { timeout: 20_000 };
const SLOW = { env: { LOAD_MS: '1500' } };
const INTERRUPTED = { status: 'interrupted', attempts: [{ status: 'interrupted' }] };

describe('Ctrl-C during a sweep', () => {
  test('ends its runs as interrupted, starts no others and exits with 130', async ({ dir }) => {
    const sweep = lingeringSweep(dir);
    const running = await untilLingering(dir, 2);

    sweep.child.kill('SIGINT');

    const { code, stderr } = await sweep.finished;
    expect(code).toBe(130);
    expect(stderr).toMatch(/Stopped: \d+ runs interrupted, \d+ never started\./);
    expect(runDirs(dir, 'linger')).toEqual(running);
    for (const run of running) expect(manifestOf(run)).toMatchObject(INTERRUPTED);
    expect(sweepOf(dir, 'linger').journal.at(-1)).toMatchObject({ status: 'interrupted' });
  });

  test('leaves no process alive, neither of runs nor of what they started', async ({ dir }) => {
    const sweep = lingeringSweep(dir, 'how=parent');
    const running = await untilLingering(dir, 2);
    const processes = running.flatMap((run) => [processOf(run), childOf(run)]);

    sweep.child.kill('SIGINT');

    await sweep.finished;
    await untilGone(processes);
  });

  test.for(['busy', 'deaf'])('kills a %s run after a grace period', async (how, { dir }) => {
    const sweep = lingeringSweep(dir, `how=${how}`, '--slots', '1');
    const [run] = await untilLingering(dir, 1);
    const process = processOf(run!);

    sweep.child.kill('SIGINT');
    const askedAt = performance.now();

    expect(await sweep.finished).toMatchObject({ code: 130 });
    expect(performance.now() - askedAt).toBeGreaterThan(4_000);
    expect(manifestOf(run!)).toMatchObject(INTERRUPTED);
    await untilGone([process]);
  });

  test('ends the sweep at once when it comes a second time', async ({ dir }) => {
    const sweep = lingeringSweep(dir, 'how=deaf');
    const running = await untilLingering(dir, 2);
    const processes = running.map(processOf);

    sweep.child.kill('SIGINT');
    await sweep.until(/once more to stop at once/);
    const askedAt = performance.now();
    sweep.child.kill('SIGINT');

    expect(await sweep.finished).toMatchObject({ code: 130 });
    expect(performance.now() - askedAt).toBeLessThan(4_000);
    await untilGone(processes);
  });

  test('interrupts runs that are still being loaded', async ({ dir }) => {
    const sweep = linger(dir, ['--sweep', '--slots', '2', 'n=0,1'], SLOW);
    await sweep.until(/2 at once/);

    sweep.child.kill('SIGINT');

    expect(await sweep.finished).toMatchObject({ code: 130 });
    expect(statusesOf(dir).filter((status) => status !== 'interrupted')).toEqual([]);
    expect(sweepOf(dir, 'linger').journal.at(-1)).toMatchObject({ status: 'interrupted' });
  });
});

describe('Ctrl-C during a single run', () => {
  test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends it as interrupted and exits with 130, by %s too',
    async (signal, { dir }) => {
      const single = linger(dir, ['how=parent']);
      const [run] = await untilLingering(dir, 1);
      const processes = [processOf(run!), childOf(run!)];

      single.child.kill(signal);

      expect(await single.finished).toMatchObject({ code: 130 });
      expect(manifestOf(run!)).toMatchObject(INTERRUPTED);
      await untilGone(processes);
    },
  );

  test('creates nothing while the file is still being loaded', async ({ dir }) => {
    const single = linger(`${dir}/runs`, [], SLOW);

    await new Promise((resolve) => single.child.once('spawn', resolve));
    single.child.kill('SIGINT');

    await single.finished;
    expect(() => runDirs(`${dir}/runs`, 'linger')).toThrow(/ENOENT/);
  });
});

describe('kill -9 of the launcher', () => {
  test.for(['wait', 'parent', 'busy', 'deaf'])(
    'ends its runs (%s) and what they started within seconds',
    async (how, { dir }) => {
      const sweep = lingeringSweep(dir, `how=${how}`);
      const running = await untilLingering(dir, 2);
      const children = how === 'parent' ? running.map(childOf) : [];
      const processes = [...running.map(processOf), ...children];

      sweep.child.kill('SIGKILL');

      await untilGone(processes);
      const { stdout } = await runExp(['ls', '--root', dir, '--json']);
      const shown = (JSON.parse(stdout) as { status: string }[]).map(({ status }) => status);
      // A loop that never yields looks up once a second; on a slow machine it is killed before.
      const ends = how === 'busy' ? ['interrupted', 'lost'] : ['interrupted'];
      expect(shown).toHaveLength(2);
      expect(ends).toEqual(expect.arrayContaining(shown));
      const reasons = running.map((run) => manifestOf(run)['stopReason'] as unknown);
      expect(reasons).toEqual(
        shown.map((status) => (status === 'interrupted' ? 'its launcher was gone' : undefined)),
      );
    },
  );

  test('ends runs that notice nothing, and what they started that is deaf', async ({ dir }) => {
    const sweep = lingeringSweep(dir, 'how=silent');
    const running = await untilLingering(dir, 2);
    const processes = running.flatMap((run) => [processOf(run), childOf(run)]);

    sweep.child.kill('SIGKILL');

    await untilGone(processes, 5_000);
    const { stdout } = await runExp(['ls', '--root', dir, '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ status: 'lost' }, { status: 'lost' }]);
  });

  test('ends a single run that notices nothing', async ({ dir }) => {
    const single = linger(dir, ['how=silent']);
    const [run] = await untilLingering(dir, 1);
    const processes = [processOf(run!), childOf(run!)];

    single.child.kill('SIGKILL');

    await untilGone(processes, 5_000);
  });

  test('makes runs lost that were still being loaded', async ({ dir }) => {
    const sweep = linger(dir, ['--sweep', '--slots', '2', 'n=0,1'], SLOW);
    await expect.poll(() => statusesOf(dir), PATIENCE).toEqual(['queued', 'queued']);

    sweep.child.kill('SIGKILL');

    await sweep.finished;
    const { stdout } = await runExp(['ls', '--root', dir, '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ status: 'lost' }, { status: 'lost' }]);
  });
});

describe('the end of a run', () => {
  test('is the end of every process it has started', async ({ dir }) => {
    const { code } = await runExp([FILE, '--root', dir, 'how=leave']);

    expect(code).toBe(0);
    await untilGone([childOf(runDirs(dir, 'linger')[0]!)]);
  });
});

function statusesOf(root: string): string[] {
  return runDirs(root, 'linger').map((run) => manifestOf(run)['status'] as string);
}

function lingeringSweep(root: string, ...args: string[]): Started {
  return linger(root, ['--sweep', '--slots', '2', ...args]);
}
