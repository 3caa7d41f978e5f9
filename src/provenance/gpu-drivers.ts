import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DriverGpu, EnvironmentRecord } from '../core/environment.ts';
import { tryRead } from '../files/try-read.ts';
import { readAmdGpus } from './amd-gpus.ts';

/**
 * The GPUs of the machine and the versions of their drivers, as the kernel tells of them: nvidia-smi
 * can take seconds. `undefined` where it tells of none.
 * @param root of the file system that holds `proc` and `sys`.
 */
export function readGpuDrivers(root = '/'): EnvironmentRecord['gpus'] {
  const nvidia = nvidiaGpus(root);
  const amd = readAmdGpus(root).map((name) => ({ name }));
  if (nvidia.length + amd.length === 0) return undefined;
  const nvidiaDriver = /Kernel Module.*?\s(\d+(?:\.\d+)+)/.exec(
    tryRead(join(root, 'proc/driver/nvidia/version')) ?? '',
  )?.[1];
  const amdDriver = tryRead(join(root, 'sys/module/amdgpu/version'))?.trim();
  return {
    drivers: {
      ...(nvidiaDriver !== undefined && { nvidia: nvidiaDriver }),
      ...(amdDriver !== undefined && { amdgpu: amdDriver }),
    },
    devices: [...nvidia, ...amd],
  };
}

function nvidiaGpus(root: string): DriverGpu[] {
  const dir = join(root, 'proc/driver/nvidia/gpus');
  try {
    return readdirSync(dir).map((bus) => {
      const text = tryRead(join(dir, bus, 'information')) ?? '';
      const name = /^Model:\s*(\S.*)$/m.exec(text)?.[1]?.trim() ?? 'unnamed';
      const uuid = /^GPU UUID:\s*(GPU-[0-9a-f-]+)/m.exec(text)?.[1];
      return { name, ...(uuid !== undefined && { uuid }) };
    });
  } catch {
    // no such driver
    return [];
  }
}
