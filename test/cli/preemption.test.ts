import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { runExp, startRunExp, type Started } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/resume/main.ts';

/** Starts a run that waits in the middle of epoch 3, and returns once it does. */
async function heldRun(dir: string, ...words: string[]): Promise<Started & { lift(): void }> {
  const ledger = join(dir, 'ledger');
  writeFileSync(`${ledger}.hold`, '');
  const args = [FILE, '--seed', '5', `ledger=${ledger}`, 'holdAt=3', '--root', dir, ...words];
  const started = startRunExp(args);
  onTestFinished(() => void started.child.kill('SIGKILL'));
  await vi.waitFor(() => expect(readFileSync(ledger, 'utf8')).toContain('epoch 3'), 30_000);
  return { ...started, lift: () => rmSync(`${ledger}.hold`, { force: true }) };
}

const theRun = (dir: string): string => runDirs(dir, 'resumed')[0]!;
const pidOf = (dir: string): number => manifestOf(theRun(dir))['attempts'].at(-1).process.pid;
const checkpoints = (dir: string): string[] =>
  readdirSync(join(theRun(dir), 'checkpoints')).filter((name) => name.endsWith('.ckpt'));

describe('a run that is told to end', () => {
  test.for(['SIGTERM', 'SIGUSR1'] as const)(
    'by %s takes one more checkpoint, whatever its policy, and is interrupted',
    async (signal, { dir }) => {
      const run = await heldRun(dir, '--checkpoint', 'gap:100');
      run.child.kill(signal);
      await run.until(/stopping/);
      run.lift();

      const { code } = await run.finished;

      expect(code).toBe(130);
      expect(manifestOf(theRun(dir))).toMatchObject({
        status: 'interrupted',
        stopReason: 'stopped by SIGTERM',
        step: 3,
      });
      expect(checkpoints(dir)).toEqual(['step-000000000.ckpt', 'step-000000003.ckpt']);
      const resumed = await runExp(['resume', 'last', '--root', dir]);
      expect(resumed.stderr).toContain('goes on from its checkpoint of step 3');
      expect(resumed.code).toBe(0);
    },
  );

  test.for(['SIGTERM', 'SIGUSR1'] as const)(
    'itself, by %s to its own process, does the same',
    async (signal, { dir }) => {
      const run = await heldRun(dir);
      process.kill(pidOf(dir), signal);
      run.lift();

      await run.finished;

      const reason = `stopped by ${signal}`;
      expect(manifestOf(theRun(dir))).toMatchObject({ status: 'interrupted', stopReason: reason });
      expect(checkpoints(dir)).toContain('step-000000003.ckpt');
    },
  );

  test('ends without one when its grace is over', async ({ dir }) => {
    const run = await heldRun(dir, '--grace', '1s');
    run.child.kill('SIGTERM');

    await run.finished;

    expect(manifestOf(theRun(dir))).toMatchObject({ status: 'interrupted', step: 2 });
    expect(checkpoints(dir)).not.toContain('step-000000003.ckpt');
  });

  test('ends at once at a second signal', async ({ dir }) => {
    const run = await heldRun(dir);
    const pid = pidOf(dir);
    // Two signals that come close to one another count as one.
    await vi.waitFor(() => {
      if (manifestOf(theRun(dir))['status'] === 'running') process.kill(pid, 'SIGTERM');
      expect(manifestOf(theRun(dir))['status']).toBe('interrupted');
    }, 10_000);

    await run.finished;

    expect(checkpoints(dir)).not.toContain('step-000000003.ckpt');
  });

  test('ends at once if it has never taken a checkpoint', async ({ dir }) => {
    const run = await heldRun(dir, 'saves=false');
    run.child.kill('SIGTERM');

    await run.finished;

    expect(manifestOf(theRun(dir))['status']).toBe('interrupted');
    expect(existsSync(join(theRun(dir), 'checkpoints'))).toBe(false);
  });

  test('takes its first one since it was resumed', async ({ dir }) => {
    const killed = await heldRun(dir);
    process.kill(pidOf(dir), 'SIGKILL');
    await killed.finished;
    const resumed = startRunExp(['resume', 'last', '--root', dir]);
    onTestFinished(() => void resumed.child.kill('SIGKILL'));
    const held = (): number =>
      readFileSync(join(dir, 'ledger'), 'utf8').split('epoch 3').length - 1;
    await vi.waitFor(() => expect(held()).toBe(2), 30_000);

    resumed.child.kill('SIGTERM');
    await resumed.until(/stopping/);
    killed.lift();

    expect((await resumed.finished).code).toBe(130);
    expect(manifestOf(theRun(dir))['stopReason']).toBe('stopped by SIGTERM');
    expect(checkpoints(dir)).toContain('step-000000003.ckpt');
  });

  test('ends at once by Ctrl-C', async ({ dir }) => {
    const run = await heldRun(dir);
    run.child.kill('SIGINT');

    await run.finished;

    expect(manifestOf(theRun(dir))['status']).toBe('interrupted');
    expect(checkpoints(dir)).not.toContain('step-000000003.ckpt');
  });

  test('for its --timeout takes a checkpoint too, and says timeout all the same', async ({
    dir,
  }) => {
    const run = await heldRun(dir, '--timeout', '6s');
    const lifting = setTimeout(run.lift, 9_000);
    onTestFinished(() => clearTimeout(lifting));

    await run.finished;

    expect(manifestOf(theRun(dir))['status']).toBe('timeout');
    expect(checkpoints(dir)).toContain('step-000000003.ckpt');
  });
});
