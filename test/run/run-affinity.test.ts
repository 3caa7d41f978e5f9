import { afterEach, describe, expect, vi } from 'vitest';
import { runAffinity } from '../../src/run/run-affinity.ts';
import { allowedCpus } from '../../src/provenance/cpus.ts';
import { inRun } from '../helpers/in-run.ts';
import { test } from '../helpers/temp-dir.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('run.affinity', () => {
  test('is what the process may use, for a run in this process', async ({ dir }) => {
    vi.stubEnv('CUDA_VISIBLE_DEVICES', 'GPU-a,GPU-b');

    const affinity = await inRun(dir, {}, (run) => run.affinity);

    expect(affinity).toMatchObject({ slot: undefined, gpus: [0, 1], code: undefined });
    if (process.platform !== 'linux') return;
    expect(affinity.cpus).toEqual(allowedCpus());
    expect(affinity.workerCpus!.flat().sort((a, b) => a - b)).toEqual(allowedCpus());
  });

  test('is the slot of a sweep, whose GPUs the process counts from 0', () => {
    const given = { slot: 3, cpus: [4, 12], workerCpus: [[4, 12]], gpus: ['GPU-c'] };

    expect(runAffinity(given)).toEqual({
      slot: 3,
      cpus: [4, 12],
      workerCpus: [[4, 12]],
      gpus: [0],
      code: undefined,
    });
  });

  test('has no CPUs in a sweep whose runs are not pinned', () => {
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '');

    expect(runAffinity({ slot: 0 })).toEqual({
      slot: 0,
      cpus: undefined,
      workerCpus: undefined,
      gpus: [],
      code: undefined,
    });
  });
});
