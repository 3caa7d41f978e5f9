import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, vi } from 'vitest';
import { readGpus, visibleGpus } from '../../src/provenance/gpus.ts';
import { putOnPath } from '../helpers/put-on-path.ts';
import { test } from '../helpers/temp-dir.ts';

// Written by hand, after the documented format of nvidia-smi.
const QUERY = '--query-gpu=index,uuid,pci.bus_id,name,memory.total --format=csv,noheader,nounits';
const LISTED = `0, GPU-aa11, 00000000:0A:00.0, NVIDIA A100-SXM4-40GB, 40960
1, GPU-bb22, 00000000:8B:00.0, NVIDIA A100-SXM4-40GB, 40960
2, GPU-bb33, [N/A], [Not Supported], [N/A]`;
const A100 = { name: 'NVIDIA A100-SXM4-40GB', memoryMiB: 40_960 };

/** An nvidia-smi that answers to one question only. */
const SCRIPT = `[ "$*" = "${QUERY}" ] || exit 97\ncat <<'END'\n${LISTED}\nEND`;

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('visibleGpus', () => {
  test.for([
    { visible: '0,1', gpus: ['0', '1'] },
    { visible: 'GPU-a, MIG-b ', gpus: ['GPU-a', 'MIG-b'] },
    { visible: '', gpus: [] },
    { visible: '-1', gpus: [] },
    { visible: '1,-1,0', gpus: ['1'] },
  ])('shares out what CUDA_VISIBLE_DEVICES="$visible" allows', ({ visible, gpus }) => {
    expect(visibleGpus({ CUDA_VISIBLE_DEVICES: visible })).toEqual(gpus);
  });

  test('asks nvidia-smi for UUIDs otherwise', ({ dir }) => {
    putOnPath(dir, 'nvidia-smi', SCRIPT);

    expect(visibleGpus({})).toEqual(['GPU-aa11', 'GPU-bb22', 'GPU-bb33']);
  });

  test.for([
    { where: 'there is no nvidia-smi', script: undefined },
    { where: 'nvidia-smi fails', script: 'echo "no devices were found"; exit 6' },
  ])('finds none where $where', ({ script }, { dir }) => {
    vi.stubEnv('PATH', dir);
    if (script !== undefined) putOnPath(dir, 'nvidia-smi', script);

    expect(visibleGpus({})).toBeUndefined();
    expect(readGpus(dir, {})).toBeUndefined();
  });
});

describe('readGpus', () => {
  beforeEach<{ dir: string }>(({ dir }) => {
    putOnPath(dir, 'nvidia-smi', SCRIPT);
    const devices = join(dir, 'sys/bus/pci/devices');
    for (const [address, cpus] of [
      ['0000:0a:00.0', '0-3,8-11'],
      ['0000:8b:00.0', ''],
    ] as const) {
      mkdirSync(join(devices, address), { recursive: true });
      writeFileSync(join(devices, address, 'local_cpulist'), `${cpus}\n`);
    }
  });

  test('tells name, memory and the CPUs nearby, where they are known', ({ dir }) => {
    expect(readGpus(dir, {})).toEqual([
      { id: 'GPU-aa11', ...A100, nearCpus: [0, 1, 2, 3, 8, 9, 10, 11] },
      { id: 'GPU-bb22', ...A100, nearCpus: [] },
      { id: 'GPU-bb33', nearCpus: [] },
    ]);
  });

  test.for([
    { visible: '1,0', ids: ['1', '0'], what: 'numbers, in their order' },
    { visible: 'GPU-a', ids: ['GPU-a'], what: 'the start of a UUID' },
    { visible: 'MIG-x,0', ids: ['MIG-x', '0'], what: 'parts of GPUs' },
    { visible: '0,7,1', ids: ['0'], what: 'what stands before a GPU that is not there' },
    { visible: '', ids: [], what: 'nothing' },
  ])('keeps to CUDA_VISIBLE_DEVICES="$visible": $what', ({ visible, ids }, { dir }) => {
    const gpus = readGpus(dir, { CUDA_VISIBLE_DEVICES: visible });

    expect(gpus?.map(({ id }) => id)).toEqual(ids);
  });

  test('hands out what is inherited where the driver does not tell', ({ dir }) => {
    vi.stubEnv('PATH', dir);

    expect(readGpus(dir, { CUDA_VISIBLE_DEVICES: '0' })).toEqual([{ id: '0', nearCpus: [] }]);
  });
});
