import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { readAmdGpus } from '../../src/provenance/amd-gpus.ts';
import { askProgram } from '../../src/provenance/ask-program.ts';
import { fileSystemOf } from '../../src/provenance/file-system.ts';
import { readMemoryLimit } from '../../src/provenance/memory-limit.ts';
import { test } from '../helpers/temp-dir.ts';

function put(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

describe('the memory that control groups allow', () => {
  test.for<[what: string, files: Record<string, string>, bytes: number | undefined]>([
    ['no groups', {}, undefined],
    [
      'version 2, the tightest of those around',
      {
        'proc/self/cgroup': '0::/pods/main\n',
        'sys/fs/cgroup/pods/memory.max': '2000000000\n',
        'sys/fs/cgroup/pods/main/memory.max': 'max\n',
      },
      2e9,
    ],
    [
      'version 2, where an inner one is tighter',
      {
        'proc/self/cgroup': '0::/pods/main\n',
        'sys/fs/cgroup/pods/memory.max': '2000000000\n',
        'sys/fs/cgroup/pods/main/memory.max': '1000000000\n',
      },
      1e9,
    ],
    [
      'version 2, where an outer one is tighter',
      {
        'proc/self/cgroup': '0::/pods/main\n',
        'sys/fs/cgroup/pods/memory.max': '2000000000\n',
        'sys/fs/cgroup/pods/main/memory.max': '3000000000\n',
      },
      2e9,
    ],
    [
      'version 1',
      {
        'proc/self/cgroup': '4:memory:/docker\n',
        'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
        'sys/fs/cgroup/memory/docker/memory.limit_in_bytes': '209715200\n',
      },
      209_715_200,
    ],
    [
      'version 1 without a limit',
      {
        'proc/self/cgroup': '4:memory:/\n',
        'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      },
      undefined,
    ],
  ])('is read with %s', ([, files, bytes], { dir }) => {
    put(dir, files);

    expect(readMemoryLimit(dir)).toBe(bytes);
  });
});

describe('GPUs of AMD', () => {
  test('are the nodes of its driver that have such units', ({ dir }) => {
    const nodes = 'sys/class/kfd/kfd/topology/nodes';
    put(dir, {
      [`${nodes}/0/properties`]: 'cpu_cores_count 16\nsimd_count 0\n',
      [`${nodes}/0/name`]: '\n',
      [`${nodes}/1/properties`]: 'cpu_cores_count 0\nsimd_count 240\n',
      [`${nodes}/1/name`]: 'vega20\n',
    });

    expect(readAmdGpus(dir)).toEqual(['vega20']);
    expect(readAmdGpus(join(dir, 'missing'))).toEqual([]);
  });
});

describe('the file system of a path', () => {
  test('is that of the nearest folder that is there', ({ dir }) => {
    const here = fileSystemOf(dir);

    expect(fileSystemOf(join(dir, 'not/there/yet'))).toMatchObject({ name: here.name });
    expect(here.freeBytes).toBeGreaterThan(0);
    expect(fileSystemOf('/dev/shm')).toMatchObject({ name: 'tmpfs', isShared: false });
  });
});

describe('a program that is asked', () => {
  test('answers, fails, is absent or takes too long', async () => {
    expect(await askProgram('echo', ['hi'], 5_000)).toEqual({ kind: 'ok', text: 'hi' });
    expect(await askProgram('sh', ['-c', 'echo no >&2; exit 3'], 5_000)).toEqual({
      kind: 'failed',
      text: 'no',
    });
    expect(await askProgram('no-such-program', [], 5_000)).toEqual({ kind: 'absent' });
    expect(await askProgram('sleep', ['100'], 50)).toEqual({ kind: 'slow' });
  });
});
