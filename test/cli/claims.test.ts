import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { canPin } from '../../src/slots/can-pin.ts';
import { allowedCpus } from '../../src/provenance/cpus.ts';
import { linger, untilGone, untilLingering, processOf } from '../helpers/processes.ts';
import { runExp, startRunExp, type Started } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/slot/main.ts';

/** Starts a sweep in the same machine as the others of this test. */
function sweep(dir: string, args: readonly string[] = []): Started {
  const all = [FILE, '--sweep', 'n=0,1', ...args, '--root', join(dir, 'second')];
  const started = startRunExp(all, { env: { EXP_CLAIMS: join(dir, 'claims') } });
  onTestFinished(() => void started.child.kill('SIGKILL'));
  return started;
}

/** Starts a sweep that stays, and waits until it does. */
async function holder(dir: string, args: readonly string[]): Promise<Started> {
  const env = { EXP_CLAIMS: join(dir, 'claims') };
  const first = linger(join(dir, 'first'), ['--sweep', 'seed=1,2', ...args], { env });
  await untilLingering(join(dir, 'first'), 1);
  return first;
}

describe.skipIf(!canPin() || allowedCpus().length < 2)('two sweeps on one machine', () => {
  test('have no CPU in common', async ({ dir }) => {
    await holder(dir, ['--affinity', 'cores=1,slots=1']);
    const [held] = runDirs(join(dir, 'first'), 'linger').map(manifestOf) as [Record<string, any>];

    const { code, stderr } = await sweep(dir).finished;

    expect(code).toBe(0);
    expect(stderr).toMatch(/slots? instead of \d+: 1 of \d+ cores is taken by sweep [\w-]+ of/);
    for (const run of runDirs(join(dir, 'second'), 'slot')) {
      const { cpus } = manifestOf(run)['affinity'];
      expect(cpus.filter((cpu: number) => held['affinity'].cpus.includes(cpu))).toEqual([]);
    }
    expect(readdirSync(join(dir, 'claims')).filter(isClaim)).toHaveLength(1);
  });

  test('wait for each other where nothing is free, even for one that is killed', async ({
    dir,
  }) => {
    const first = await holder(dir, ['--slots', '2']);
    const second = sweep(dir);
    await second.until(/waiting {2}\d+ of \d+ cores are taken by sweep \S+ of process \d+;/);
    const held = (await untilLingering(join(dir, 'first'), 2)).map(processOf);

    first.child.kill('SIGKILL');

    const { code, stdout } = await second.finished;
    expect(code).toBe(0);
    expect(stdout).toContain('slot');
    await untilGone(held);
  });

  test('leave nothing behind when one is told to stop waiting', async ({ dir }) => {
    await holder(dir, ['--slots', '2']);
    const second = sweep(dir);
    await second.until(/waiting/);

    second.child.kill('SIGINT');

    const { code, stderr } = await second.finished;
    expect(code).toBe(130);
    expect(stderr).toMatch(/^waiting .*\nStopped waiting: no run was started\.\n$/);
    expect(readdirSync(dir)).not.toContain('second');
  });

  test('share the machine where one is not pinned', async ({ dir }) => {
    await holder(dir, ['--slots', '2']);

    const { code } = await sweep(dir, ['--affinity', 'none']).finished;

    expect(code).toBe(0);
  });

  test('are seen by run-exp slots', async ({ dir }) => {
    const env = { EXP_CLAIMS: join(dir, 'claims') };
    await holder(dir, ['--affinity', 'cores=1,slots=1']);

    const shown = await runExp(['slots'], { env });
    const { stdout } = await runExp(['slots', '--json'], { env });

    expect(shown.stdout).toContain('■ taken by other sweeps');
    expect(shown.stdout).toMatch(/1 of \d+ cores is taken by sweep/);
    expect(JSON.parse(stdout).claims).toMatchObject([{ cpus: expect.any(Array), gpus: [] }]);
  });

  test('are one where a run of the first starts the second', async ({ dir }) => {
    const env = { EXP_CLAIMS: join(dir, 'claims') };
    const root = join(dir, 'nested');

    const { code } = await runExp(['test/fixtures/nested/main.ts', '--sweep', '--root', root], { env }); // prettier-ignore

    expect(code).toBe(0);
    expect(runDirs(root, 'slot')).toHaveLength(2);
    await vi.waitFor(() => expect(readdirSync(join(dir, 'claims')).filter(isClaim)).toEqual([]));
  });
});

function isClaim(name: string): boolean {
  return name.endsWith('.json');
}
