import { expect } from 'vitest';
import { runExp } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { testOnDisk } from '../helpers/small-disk.ts';

const FILE = 'test/fixtures/flaky/main.ts';

const test = testOnDisk('300k');

test('a sweep that fills its disk stops, says so, and keeps what has completed', async ({
  disk,
}) => {
  const args = ['--sweep', 'n=range(0,15)', '--slots', '1', '--sinks', 'csv', '--root', disk];
  const { code, stderr } = await runExp([FILE, ...args]);

  expect(code).toBe(1);
  expect(stderr).toMatch(/no further run is started: Cannot .*ENOSPC: no space left on device/);
  expect(stderr).toMatch(/Stopped: 0 runs interrupted, [1-9]\d* never started\./);
  const completed = runDirs(disk, 'flaky').filter(
    (run) => manifestOf(run)['status'] === 'completed',
  );
  expect(completed.length).toBeGreaterThan(1);
  // The run that takes the last block may lose rows, and says so.
  const whole = completed.filter((run) => progressOf(run).length === 3);
  expect(completed.length - whole.length).toBeLessThan(2);
  for (const run of completed) {
    expect(manifestOf(run)['degraded'] === undefined).toBe(whole.includes(run));
  }
});
