import { describe, expect } from 'vitest';
import { runExp } from '../helpers/run-exp.ts';
import { testOnDisk } from '../helpers/small-disk.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';

const FILE = 'test/fixtures/endings/main.ts';

describe('on a disk that fills up', () => {
  // Row by row, so that not a page is left in the end.
  testOnDisk('300k')('a run goes on, and says at its end what was lost', async ({ disk }) => {
    const { code, stderr } = await runExp(
      [FILE, 'rows=10000', '--root', disk, '--sinks', 'csv,tensorboard', '--quiet'],
      { env: { EXP_FLUSH_INTERVAL: '0' } },
    );
    const shown = await runExp(['show', 'last', '--root', disk]);

    const [run] = runDirs(disk, 'endings');
    const lost = 10_000 - progressOf(run!).length;
    expect(code).toBe(0);
    expect(manifestOf(run!)).toMatchObject({
      status: 'completed',
      degraded: [{ sink: 'csv', rows: lost }, { sink: 'tensorboard' }],
    });
    expect(lost).toBeGreaterThan(1_000);
    expect(stderr).toContain(`csv lost ${lost} rows: ENOSPC`);
    expect(shown.stdout).toContain(`csv lost ${lost} rows: ENOSPC`);
  });

  testOnDisk('400k')('a sweep names the runs that lost rows', async ({ disk }) => {
    const { stderr } = await runExp(
      [FILE, '--sweep', 'rows=8000,8001', '--slots', '1', '--root', disk, '--sinks', 'csv'],
      { env: { EXP_FLUSH_INTERVAL: '0' } },
    );

    const [, second] = runDirs(disk, 'endings');
    const { id, degraded } = manifestOf(second!);
    expect(stderr).toContain(`${id}: csv lost ${degraded[0].rows} rows: ENOSPC`);
  });
});
