import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ProcessIdentity } from '../../src/core/manifest.ts';
import { identify, isAlive } from '../../src/store/process-identity.ts';
import { untilGone } from '../helpers/processes.ts';
import { REPO, start } from '../helpers/run-exp.ts';

const LAUNCHER = join(REPO, 'test/fixtures/launcher/foreign.js');

describe.runIf(process.platform === 'linux')('a launcher that is killed with SIGKILL', () => {
  test('takes along a program that notices nothing and ignores SIGTERM', async () => {
    const { launcher, child } = await launch();

    process.kill(launcher, 'SIGKILL');

    await untilGone([child], 5_000);
  });

  test('does so even if its reaper was killed before, and leaves none behind', async () => {
    const { launcher, child } = await launch();
    const killed = reaperOf(launcher)!;
    process.kill(killed, 'SIGKILL');
    const next = await vi.waitFor(() => {
      const found = reaperOf(launcher);
      if (found === undefined || found === killed) throw new Error('no other reaper yet');
      return identify(found);
    });

    process.kill(launcher, 'SIGKILL');

    await untilGone([child, next], 5_000);
  });

  test('has one reaper, in a session of its own', async () => {
    const { launcher } = await launch();

    const reaper = reaperOf(launcher)!;
    expect(statOf(reaper).session).toBe(reaper);
  });
});

async function launch(): Promise<{ launcher: number; child: ProcessIdentity }> {
  const { child: launcher, until } = start(process.execPath, [LAUNCHER]);
  onTestFinished(() => void launcher.kill('SIGKILL'));
  const [, pid] = await until(/child (\d+)/);
  const child = identify(Number(pid));
  expect(isAlive(child)).toBe(true);
  return { launcher: launcher.pid!, child };
}

/** The shell among the children of a launcher that reads lines. */
function reaperOf(launcher: number): number | undefined {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.includes('while read -r') && statOf(pid).parent === launcher;
      } catch {
        return false; // gone meanwhile
      }
    });
}

function statOf(pid: number): { parent: number; session: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(fields[1]), session: Number(fields[3]) };
}
