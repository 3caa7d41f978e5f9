import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { makeProject } from '../helpers/project.ts';
import { runExp, startRunExp } from '../helpers/run-exp.ts';
import { testOnDisk } from '../helpers/small-disk.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/resume/main.ts';

/** Sweeps of two runs, of which the second is killed with its launcher in epoch 3. */
async function killedSweep(dir: string, file: string): Promise<void> {
  const ledger = join(dir, 'ledger');
  writeFileSync(`${ledger}.hold`, '');
  const args = [file, '--sweep', '--slots', '2', `ledger=${ledger}`, 'holdAt=3', '--root', dir];
  const { child, finished } = startRunExp([...args, '--affinity', 'none']);
  onTestFinished(() => void child.kill('SIGKILL'));
  await vi.waitFor(() => {
    expect(readFileSync(ledger, 'utf8').match(/epoch 3 /g)).toHaveLength(2);
  }, 60_000);
  child.kill('SIGKILL');
  await finished;
  rmSync(`${ledger}.hold`);
}

describe('a sweep that is resumed', () => {
  test('goes on with its runs from their checkpoints', async ({ dir }) => {
    await killedSweep(dir, FILE);
    const dry = await runExp(['resume', 'last', '--dry-run', '--root', dir]);
    expect(dry).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--dry-run is for runs'),
    });

    const { code, stderr } = await runExp(['resume', 'last', '--slots', '2', '--root', dir]);

    expect(code, stderr).toBe(0);
    for (const run of runDirs(dir, 'resumed').filter((one) => existsSync(join(one, 'run.json')))) {
      expect(manifestOf(run)['attempts']).toMatchObject([
        {},
        { status: 'completed', resumedFrom: 2 },
      ]);
      expect(readFileSync(join(run, 'progress.csv'), 'utf8').match(/\n\d/g)).toHaveLength(8);
    }
  });

  test('refuses to go on from checkpoints with other code, unless that is allowed', async ({
    dir,
  }) => {
    makeProject(dir, 'resume');
    const file = join(dir, 'resume/main.ts');
    await killedSweep(dir, file);
    writeFileSync(file, `${readFileSync(file, 'utf8')}// other code\n`);

    const refused = await runExp(['resume', 'last', '--root', dir]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /2 of its runs would go on from their checkpoints:\n +changed .*main\.ts/,
    );

    const { code, stderr } = await runExp(['resume', 'last', '--allow-changes', '--root', dir]);
    expect(code, stderr).toBe(0);
  });

  test('does so for runs that are tried again, too', async ({ dir }) => {
    const args = [FILE, '--seed', '1', 'killAt=4', '--retries', '1', '--root', dir];

    const { code, stderr } = await runExp(args);

    expect(code, stderr).toBe(0);
    expect(manifestOf(runDirs(dir, 'resumed')[0]!)['attempts']).toMatchObject([
      { status: 'failed' },
      { status: 'completed', resumedFrom: 3 },
    ]);
  });
});

describe('a disk that is full when a run is resumed', () => {
  testOnDisk('512k')(
    'damages nothing, and the run can be resumed once there is room',
    async ({ disk }) => {
      const words = ['--sinks', 'csv,jsonl', '--root', disk];
      await runExp([FILE, '--seed', '5', 'killAt=5', ...words]);
      const run = runDirs(disk, 'resumed')[0]!;
      const filler = join(disk, 'filler');
      for (let size = 1 << 18; size >= 1 << 10; size >>= 1) {
        try {
          writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
        } catch {
          // a smaller piece may still fit
        }
      }

      const refused = await runExp(['resume', 'last', '--root', disk]);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toContain('ENOSPC');
      rmSync(filler);

      const { code, stderr } = await runExp(['resume', 'last', '--root', disk]);
      expect(code, stderr).toBe(0);
      expect(manifestOf(run)['attempts'].at(-1)).toMatchObject({
        resumedFrom: 4,
        status: 'completed',
      });
      expect(readFileSync(join(run, 'progress.csv'), 'utf8').match(/\n\d/g)).toHaveLength(8);
    },
  );
});
