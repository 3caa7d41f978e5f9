import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, vi } from 'vitest';
import { allowedCpuList, allowedCpus, cpuCount } from '../../src/provenance/cpus.ts';
import { inSlot, type Command } from '../../src/launch/pinning.ts';
import { canPin } from '../../src/slots/can-pin.ts';
import { test } from '../helpers/temp-dir.ts';

const COMMAND: Command = { file: '/bin/node', args: ['worker.js'], env: { HOME: '/root' } };

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('inSlot', () => {
  test('starts the command under taskset when the slot has CPUs', () => {
    const pinned = inSlot(COMMAND, { index: 1, cpus: [2, 3] });

    expect(pinned).toEqual({
      file: 'taskset',
      args: ['-c', '2,3', '/bin/node', 'worker.js'],
      env: { HOME: '/root' },
    });
  });

  test('tells libraries to start a thread for each whole core, unless the user has spoken', () => {
    const command = { ...COMMAND, env: { OMP_NUM_THREADS: '7' } };

    const { env } = inSlot(command, { index: 0, cpus: [0, 1, 8, 9], cores: 2 });

    expect(env).toEqual({
      OMP_NUM_THREADS: '7',
      MKL_NUM_THREADS: '2',
      OPENBLAS_NUM_THREADS: '2',
      TF_NUM_INTRAOP_THREADS: '2',
      TF_NUM_INTEROP_THREADS: '2',
      RAYON_NUM_THREADS: '2',
    });
  });

  test('leaves the command as it is when the slot has none', () => {
    expect(inSlot(COMMAND, { index: 0, cpus: [] })).toEqual(COMMAND);
  });

  test.for([
    { gpus: ['GPU-a', 'GPU-b'], visible: 'GPU-a,GPU-b' },
    { gpus: [], visible: '' },
    { gpus: undefined, visible: undefined },
  ])('shows $gpus as CUDA_VISIBLE_DEVICES', ({ gpus, visible }) => {
    const { env } = inSlot(COMMAND, { index: 0, cpus: [], ...(gpus && { gpus }) });

    expect(env['CUDA_VISIBLE_DEVICES']).toBe(visible);
    expect(env['CUDA_DEVICE_ORDER']).toBe(gpus === undefined ? undefined : 'PCI_BUS_ID');
  });

  test('makes a process that may use those CPUs only', ({ skip }) => {
    skip(!canPin(), 'needs taskset');
    const cpu = allowedCpus().at(-1)!;
    const print =
      "console.log(/Cpus_allowed_list:\\s*(.*)/.exec(fs.readFileSync('/proc/self/status'))[1])";
    const command = { file: process.execPath, args: ['-e', print], env: process.env };

    const { file, args, env } = inSlot(command, { index: 0, cpus: [cpu] });

    expect(execFileSync(file, args, { env, encoding: 'utf8' }).trim()).toBe(String(cpu));
  });
});

describe('canPin', () => {
  test('is false where there is no taskset', ({ dir }) => {
    vi.stubEnv('PATH', dir);

    expect(canPin()).toBe(false);
  });
});

describe('allowedCpus', () => {
  test('lists as many CPUs as Node would use', ({ skip }) => {
    skip(process.platform !== 'linux', 'reads /proc');

    expect(allowedCpus()).toHaveLength(cpuCount());
  });

  test('knows nothing of a process that is gone', () => {
    expect(allowedCpuList(2 ** 30)).toBeUndefined();
  });
});
