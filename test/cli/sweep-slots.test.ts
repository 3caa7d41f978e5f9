import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Slot } from '../../src/core/launcher.ts';
import { allowedCpus, parseCpuList } from '../../src/provenance/cpus.ts';
import { canPin } from '../../src/slots/can-pin.ts';
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
      expect(result.affinity).toMatchObject({ cpus: affinity.cpus, slot: affinity.slot });
      expect(result.affinity.workerCpus.flat().sort()).toEqual(affinity.cpus);
      expect(result.threads).toBe(String(result.affinity.workerCpus.length));
    }
  });

  test('is one for each whole core, unless a flag says otherwise', async ({ dir, skip }) => {
    skip(!canPin(), 'needs taskset');
    const shown = await runExp(['slots', '--json']);
    const { slots } = JSON.parse(shown.stdout) as { slots: readonly Slot[] };

    await runExp([FILE, '--sweep', 'n=range(20)', '--root', dir]);

    const shares = runsOf(dir).map(({ affinity }) => affinity.cpus.join() as string);
    expect([...new Set(shares)].sort()).toEqual(slots.map(({ cpus }) => cpus.join()).sort());
  });

  test('tells once if its runs may use other CPUs than planned', async ({ dir, skip }) => {
    skip(!canPin() || allowedCpus().length < 2, 'needs taskset and two CPUs');
    const [first, second] = allowedCpus();
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    // As a taskset in a container that leaves some of the CPUs out.
    const script = `#!/bin/sh\nPATH=\${PATH#*:}; shift 2; exec taskset -c ${first} "$@"\n`;
    writeFileSync(join(bin, 'taskset'), script, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env['PATH']}` };

    const { stderr } = await runExp(
      [FILE, '--sweep', '--slots', '2', '--root', join(dir, 'runs')],
      { env },
    );

    const meant = `was to use the CPUs ${second}, and may use ${first}`;
    expect(stderr.split(meant)).toHaveLength(2);
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
    { visible: 'GPU-a, GPU-b ,GPU-c', slots: '2', shares: ['GPU-a', 'GPU-b'] },
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
        expect(result.affinity.gpus).toEqual(share === '' ? [] : [0]);
      }
    },
  );
});

describe('--affinity', () => {
  test('gives runs the whole cores that they need, as run-exp slots shows', async ({
    dir,
    skip,
  }) => {
    skip(!canPin(), 'needs taskset');
    const shown = await runExp(['slots', '--affinity', 'cores=1', '--json']);
    const { slots } = JSON.parse(shown.stdout) as { slots: readonly Slot[] };

    const { code } = await runExp([FILE, '--sweep', '--affinity', 'cores=1', '--root', dir]);

    const runs = runsOf(dir);
    expect(code).toBe(0);
    expect(runs).toHaveLength(4);
    for (const { affinity, result } of runs) {
      const { cpus } = slots[affinity.slot as number]!;
      expect(affinity.cpus).toEqual(cpus);
      expect(parseCpuList(result.cpus)).toEqual(cpus);
    }
  });

  test('lets runs share GPUs, which are filled first', async ({ dir }) => {
    const needs = ['--affinity', 'share=2', '--slots', '4'];
    const env = { CUDA_VISIBLE_DEVICES: 'MIG-a,MIG-b' };

    const { code } = await runExp([FILE, '--sweep', ...needs, '--root', dir], { env });

    expect(code).toBe(0);
    for (const { affinity, result } of runsOf(dir)) {
      expect(result.gpus).toBe(['MIG-a', 'MIG-b'][(affinity.slot as number) % 2]);
    }
  });

  test('none leaves runs unpinned, with all GPUs', async ({ dir }) => {
    const env = { CUDA_VISIBLE_DEVICES: '0,1' };

    await runExp([FILE, '--sweep', '--affinity', 'none', '--root', dir], { env });

    for (const { affinity, result } of runsOf(dir)) {
      expect(affinity.cpus).toBeUndefined();
      expect(result.gpus).toBe('0,1');
      expect(result.threads).toBe('any');
      expect(result.affinity).toMatchObject({ gpus: [0, 1] });
      expect(result.affinity).not.toHaveProperty('cpus');
    }
  });

  test('takes a code of rlpyt, which runs can read with their slots', async ({ dir, skip }) => {
    skip(!canPin(), 'needs taskset');

    await runExp([FILE, '--sweep', '--affinity', '1cpu_0gpu_1cpr', '--root', dir]);

    for (const { result } of runsOf(dir)) {
      expect(result.affinity).toMatchObject({ slot: 0, code: '0slt_1cpu_0gpu_1cpr' });
      expect(result.affinity.workerCpus).toHaveLength(1);
    }
  });

  test('is no matter of single runs, which know what their process may use', async ({ dir }) => {
    const env = { CUDA_VISIBLE_DEVICES: '4,6' };

    await runExp([FILE, '--root', dir], { env });

    const [{ affinity, result }] = runsOf(dir) as [Record<string, any>];
    expect(affinity).toMatchObject({ slot: 0 });
    expect(result.affinity).toEqual({ cpus: allowedCpus(), workerCpus: expect.any(Array), gpus: [0, 1] }); // prettier-ignore
    expect(result.affinity.workerCpus.flat().sort()).toEqual(allowedCpus());
  });

  test.for([
    { args: ['--sweep', '--affinity', 'core=1'], says: 'Did you mean "cores"?' },
    { args: ['--sweep', '--affinity', 'cores=9999'], says: 'no room for a run with 9999 cores' },
    { args: ['--affinity', 'auto'], says: '--affinity is for sweeps.' },
  ])('$args starts nothing', async ({ args, says }, { dir }) => {
    const { code, stderr } = await runExp([FILE, ...args, '--root', dir]);

    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(readdirSync(dir)).toEqual([]);
  });
});

function runsOf(root: string): Record<string, any>[] {
  return runDirs(root, 'slot').map(manifestOf);
}

/** Runs the sweep with a launcher that may use one CPU only. */
function runExpOn(cpu: number, root: string, ...args: string[]): Promise<Finished> {
  const command = [process.execPath, BIN, FILE, '--sweep', '--root', root, ...args];
  return start('taskset', ['-c', String(cpu), ...command]).finished;
}
