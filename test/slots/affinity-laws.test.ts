import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isExpError } from '../../src/core/errors.ts';
import {
  affinityFromCode,
  encodeAffinity,
  slotCount,
  type AffinityOptions,
} from '../../src/slots/affinity.ts';
import type { AsyncAffinity } from '../../src/slots/affinity-async.ts';
import type { DeviceAffinity } from '../../src/slots/affinity-build.ts';

const small = (max: number) => fc.integer({ min: 1, max });
/** Mostly codes that cannot be used; the others have every form. */
const anyOptions = fc
  .record({
    nCpuCore: fc.constantFrom(8, 16, 24, 32),
    nGpu: fc.constantFrom(0, 2, 4, 8),
    contextsPerGpu: small(2),
    gpuPerRun: fc.constantFrom(1, 1, 2, 4),
    cpuPerRun: fc.constantFrom(1, 2, 4, 8),
    cpuPerWorker: fc.constantFrom(1, 1, 2),
    cpuReserved: fc.nat({ max: 2 }),
    hyperthreadOffset: fc.constantFrom(0, 8, 16, 32, 64),
    nSocket: small(2),
    asyncSample: fc.boolean(),
    sampleGpuPerRun: fc.nat({ max: 2 }),
    optimSampleShareGpu: fc.boolean(),
    alternating: fc.boolean(),
    setAffinity: fc.boolean(),
  })
  .map(({ asyncSample, sampleGpuPerRun, optimSampleShareGpu, ...options }) => ({
    ...options,
    ...(options.nGpu > 0
      ? { cpuPerRun: 1, ...(asyncSample && { asyncSample, sampleGpuPerRun, optimSampleShareGpu }) }
      : { contextsPerGpu: 1, gpuPerRun: 1 }),
  }));

/** The code, where there is one. */
function tryEncode(options: AffinityOptions): string | undefined {
  try {
    return encodeAffinity(options);
  } catch (error) {
    if (!isExpError(error)) throw error;
    return undefined;
  }
}

describe('any code that can be used', () => {
  const codes = anyOptions
    .map((options) => ({ options, code: tryEncode(options) }))
    .filter((it): it is typeof it & { code: string } => it.code !== undefined);

  test('has slots that never share a CPU and stay on the machine', () => {
    fc.assert(
      fc.property(codes, ({ options, code }) => {
        const slots = Array.from({ length: slotCount(code) }, (_, k) =>
          [affinityFromCode(`${k}slt_${code}`)].flat(),
        );
        const cpus = slots.flat().flatMap((part) => part.allCpus);
        const { nCpuCore, hyperthreadOffset: offset } = options;

        expect(new Set(cpus).size).toBe(cpus.length);
        expect(cpus).toHaveLength(nCpuCore * (offset > 0 ? 2 : 1));
        expect(Math.min(...cpus)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...cpus)).toBeLessThan(Math.max(nCpuCore, offset) + offset);
      }),
    );
  });

  test('gives each GPU to as many runs as share it', () => {
    fc.assert(
      fc.property(codes, ({ options, code }) => {
        const used = Array.from({ length: slotCount(code) }, (_, k) =>
          [affinityFromCode(`${k}slt_${code}`)].flat(),
        ).map((run) => new Set(run.flatMap((part) => gpusOf(part))));
        for (let gpu = 0; gpu < options.nGpu; gpu++) {
          expect(used.filter((gpus) => gpus.has(gpu))).toHaveLength(options.contextsPerGpu);
        }
      }),
    );
  });

  test('is written again from its numbers, in whatever order they stood', () => {
    fc.assert(
      fc.property(codes, fc.gen(), ({ code }, gen) => {
        const fields = code.split('_');
        const order = gen(fc.shuffledSubarray, fields, { minLength: fields.length });

        expect(affinityFromCode(['0slt', ...order].join('_'))).toEqual(
          affinityFromCode(`0slt_${code}`),
        );
        expect(encodeAffinity(optionsOf(code))).toBe(code);
      }),
    );
  });
});

function gpusOf(part: DeviceAffinity | AsyncAffinity): number[] {
  if (!('optimizer' in part)) return part.cudaIndex === undefined ? [] : [part.cudaIndex];
  return [...part.optimizer, ...[part.sampler].flat()].flatMap(({ cudaIndex }) => cudaIndex ?? []);
}

/** What a code says, as its encoder takes it. */
function optionsOf(code: string): AffinityOptions {
  const tags = new Map(
    code.split('_').map((field) => [field.slice(-3), Number(field.slice(0, -3))] as const),
  );
  const number = (tag: string, name: keyof AffinityOptions) =>
    tags.has(tag) ? { [name]: tags.get(tag) } : {};
  return {
    hyperthreadOffset: tags.get('cpu')!,
    nSocket: 1,
    ...number('cpu', 'nCpuCore'),
    ...number('gpu', 'nGpu'),
    ...number('cxg', 'contextsPerGpu'),
    ...number('gpr', 'gpuPerRun'),
    ...number('cpr', 'cpuPerRun'),
    ...number('cpw', 'cpuPerWorker'),
    ...number('hto', 'hyperthreadOffset'),
    ...number('skt', 'nSocket'),
    ...number('res', 'cpuReserved'),
    ...number('sgr', 'sampleGpuPerRun'),
    asyncSample: tags.has('ass'),
    optimSampleShareGpu: tags.has('oss'),
    alternating: tags.has('alt'),
    setAffinity: !tags.has('saf'),
  };
}
