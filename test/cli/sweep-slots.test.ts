import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { allowedCpus, parseCpuList } from '../../src/launch/cpus.ts';
import { canPin } from '../../src/launch/pinning.ts';
import { REPO, runExp, start, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/slot/main.ts';
const BIN = join(REPO, 'dist/src/cli/run-exp.js');

describe('a slot of a sweep', () => {
  test('pins its runs, and all they start, to CPUs of its own', async ({ dir, skip }) => {
    skip(!canPin() || allowedCpus().length < 2, 'needs taskset and two CPUs');

    await runExp([FILE, '--sweep', '--slots', '2', '--root', dir]);

    const runs = runsOf(dir);
    const shares = runs.map(({ affinity }) => affinity.cpus.join(',') as string);
    expect(new Set(shares).size).toBe(2);
    for (const { affinity, result } of runs) {
      expect(parseCpuList(affinity.allowed)).toEqual(affinity.cpus);
      expect(parseCpuList(result.cpus)).toEqual(affinity.cpus);
    }
  });

  test('shares out only what the launcher itself may use', async ({ dir, skip }) => {
    skip(!canPin(), 'needs taskset');
    const cpu = allowedCpus().at(-1)!;

    await runExpOn(cpu, dir);

    const runs = runsOf(dir);
    expect(runs).toHaveLength(4);
    for (const { affinity } of runs) {
      expect(affinity).toMatchObject({ slot: 0, cpus: [cpu], allowed: String(cpu) });
    }
  });

  test('is not pinned when there are more slots than CPUs', async ({ dir, skip }) => {
    skip(!canPin(), 'needs taskset');
    const cpu = allowedCpus().at(-1)!;

    await runExpOn(cpu, dir, '--slots', '2');

    expect(runsOf(dir).map(({ affinity }) => affinity.cpus as unknown)).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
    expect(new Set(runsOf(dir).map(({ affinity }) => affinity.slot as number)).size).toBe(2);
  });

  test.for([
    { visible: '0,1', slots: '2', shares: ['0', '1'] },
    { visible: '2', slots: '2', shares: ['2', '2'] },
    { visible: 'GPU-a, GPU-b ,GPU-c', slots: '1', shares: ['GPU-a,GPU-b,GPU-c'] },
    { visible: '', slots: '2', shares: ['', ''] },
  ])(
    'gets its share of CUDA_VISIBLE_DEVICES="$visible"',
    async ({ visible, slots, shares }, { dir }) => {
      const env = { CUDA_VISIBLE_DEVICES: visible };

      await runExp([FILE, '--sweep', '--slots', slots, '--root', dir], { env });

      for (const { affinity, result } of runsOf(dir)) {
        const share = shares[affinity.slot as number]!;
        expect(result.gpus).toBe(share);
        expect(affinity.gpus).toEqual(share === '' ? [] : share.split(','));
      }
    },
  );
});

function runsOf(root: string): Record<string, any>[] {
  return runDirs(root, 'slot').map(manifestOf);
}

/** Runs the sweep with a launcher that may use one CPU only. */
function runExpOn(cpu: number, root: string, ...args: string[]): Promise<Finished> {
  const command = [process.execPath, BIN, FILE, '--sweep', '--root', root, ...args];
  return start('taskset', ['-c', String(cpu), ...command]).finished;
}
