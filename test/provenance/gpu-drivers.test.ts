import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect } from 'vitest';
import { readGpuDrivers } from '../../src/provenance/gpu-drivers.ts';
import { test } from '../helpers/temp-dir.ts';

// Written by hand, after what the NVIDIA driver shows.
const VERSION =
  'NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 18:56:32 UTC 2023\n' +
  'GCC version:  gcc version 12.2.0 (Debian 12.2.0-14)\n';
const OPEN_VERSION =
  'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build  (root@host)\n';
const INFORMATION =
  'Model: \t\t NVIDIA A100-SXM4-40GB\nIRQ:   \t\t 35\nGPU UUID: \t GPU-5f2c1a2b-0000\nBus Location: \t 0000:0a:00.0\n';

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

describe('readGpuDrivers', () => {
  test.for([
    { kind: 'closed', text: VERSION, version: '535.129.03' },
    { kind: 'open', text: OPEN_VERSION, version: '580.95.05' },
  ])('reads what the $kind driver of NVIDIA says', ({ text, version }, { dir }) => {
    write(dir, {
      'proc/driver/nvidia/version': text,
      'proc/driver/nvidia/gpus/0000:0a:00.0/information': INFORMATION,
    });

    expect(readGpuDrivers(dir)).toEqual({
      drivers: { nvidia: version },
      devices: [{ name: 'NVIDIA A100-SXM4-40GB', uuid: 'GPU-5f2c1a2b-0000' }],
    });
  });

  test("reads what AMD's driver says", ({ dir }) => {
    write(dir, {
      'sys/class/kfd/kfd/topology/nodes/0/properties': 'simd_count 440\n',
      'sys/class/kfd/kfd/topology/nodes/0/name': 'aldebaran\n',
      'sys/module/amdgpu/version': '6.3.6\n',
    });

    expect(readGpuDrivers(dir)).toEqual({
      drivers: { amdgpu: '6.3.6' },
      devices: [{ name: 'aldebaran' }],
    });
  });

  test('is undefined on a machine without', ({ dir }) => {
    expect(readGpuDrivers(dir)).toBeUndefined();
  });
});
