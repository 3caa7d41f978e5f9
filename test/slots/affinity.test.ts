import { describe, expect, test } from 'vitest';
import {
  affinityFromCode,
  encodeAffinity,
  quickAffinityCode,
  slotCount,
  type AffinityOptions,
} from '../../src/slots/affinity.ts';
import type { AsyncAffinity } from '../../src/slots/affinity-async.ts';
import type { DeviceAffinity } from '../../src/slots/affinity-build.ts';

/** One process per run. */
const of = (code: string): DeviceAffinity => affinityFromCode(code) as DeviceAffinity;

describe('encodeAffinity', () => {
  const eight = { nCpuCore: 8, hyperthreadOffset: 8, nSocket: 1 };
  const four = { nCpuCore: 4, hyperthreadOffset: 4, nSocket: 1 };
  test.for<[AffinityOptions, string]>([
    [{ ...four, cpuPerRun: 2, hyperthreadOffset: 0 }, '4cpu_0gpu_2cpr_0hto'],
    [{ ...four, cpuPerRun: 2 }, '4cpu_0gpu_2cpr'],
    [{ ...four, cpuPerRun: 4, cpuReserved: 1, alternating: true }, '4cpu_0gpu_4cpr_1res_1alt'],
    [{ ...eight, nGpu: 4 }, '8cpu_4gpu'],
    [{ ...eight, nGpu: 2, contextsPerGpu: 2 }, '8cpu_2gpu_2cxg'],
    [{ ...eight, nGpu: 4, gpuPerRun: 2 }, '8cpu_4gpu_2gpr'],
    [
      { ...eight, nGpu: 4, cpuReserved: 1, asyncSample: true, sampleGpuPerRun: 1 },
      '8cpu_4gpu_1res_1ass_1sgr',
    ],
    [
      { ...eight, nGpu: 2, cpuReserved: 1, asyncSample: true, optimSampleShareGpu: true },
      '8cpu_2gpu_1res_1ass_1oss',
    ],
    [
      { ...eight, nGpu: 2, cpuPerWorker: 2, hyperthreadOffset: 0, setAffinity: false },
      '8cpu_2gpu_2cpw_0hto_0saf',
    ],
    [{ ...eight, nGpu: 2, runSlot: 1 }, '1slt_8cpu_2gpu'],
    [{ ...eight, nGpu: 2, nSocket: 2, hyperthreadOffset: 16 }, '8cpu_2gpu_16hto_2skt'],
    [{ ...four, runSlot: 3 }, '3slt_4cpu_0gpu_1cpr'],
  ])('writes %j as %s', ([options, code]) => {
    expect(encodeAffinity(options)).toBe(code);
  });

  test('asks the machine about hyperthreads and sockets', () => {
    expect(slotCount(encodeAffinity())).toBe(1);
  });
});

describe('quickAffinityCode', () => {
  const machine = { cores: 8, hyperthreadOffset: 8, sockets: 1, gpus: 4 };
  test.for([
    { asked: { nParallel: 3, useGpu: false }, code: '6cpu_0gpu_2cpr_8hto' },
    { asked: {}, code: '8cpu_4gpu' },
    { asked: { contextsPerGpu: 2 }, code: '8cpu_4gpu_2cxg' },
    { asked: { nParallel: 3 }, code: '6cpu_3gpu_8hto' },
    { asked: { nParallel: 20, useGpu: false }, code: '8cpu_0gpu_1cpr' },
  ])('splits 8 cores and 4 GPUs for $asked as $code', ({ asked, code }) => {
    expect(quickAffinityCode(asked, machine)).toBe(code);
  });

  test('uses all of this machine', () => {
    expect(slotCount(quickAffinityCode({ nParallel: 1, useGpu: false }))).toBe(1);
  });

  test.for([
    { nParallel: 4, code: '8cpu_0gpu_2cpr_2skt' },
    { nParallel: 3, code: '6cpu_0gpu_2cpr_8hto' },
  ])('splits two sockets for $nParallel runs as $code', ({ nParallel, code }) => {
    expect(quickAffinityCode({ nParallel, useGpu: false }, { ...machine, sockets: 2 })).toBe(code);
  });

  test.for([
    { asked: { useGpu: false }, message: 'useGpu is false' },
    { asked: { contextsPerGpu: 3 }, message: '8 cores are not enough for 12 runs' },
  ])('does not split for $asked', ({ asked, message }) => {
    expect(() => quickAffinityCode(asked, machine)).toThrow(message);
  });

  test('needs to know how many runs where there are no GPUs', () => {
    expect(() => quickAffinityCode({}, { ...machine, gpus: 0 })).toThrow('there are no GPUs here');
  });
});

describe('affinityFromCode', () => {
  test.for([
    ['0slt_4cpu_0gpu_2cpr_0hto', [0, 1], [[0], [1]]],
    ['1slt_4cpu_0gpu_2cpr_0hto', [2, 3], [[2], [3]]],
    ['0slt_4cpu_0gpu_2cpr', [0, 1, 4, 5], [[0, 4], [1, 5]]],
    ['1slt_4cpu_0gpu_2cpr', [2, 3, 6, 7], [[2, 6], [3, 7]]],
    ['0slt_4cpu_0gpu_4cpr_1res_1alt', [0, 1, 2, 3, 4, 5, 6, 7], [[1], [2], [3], [5], [6], [7]]],
    ['0slt_2cpu_0gpu_2cpr_0hto_1alt', [0, 1], [[0], [1], [0], [1]]],
    // two sockets of eight cores, of which four are used
    ['1slt_8cpu_0gpu_4cpr_16hto_2skt', [8, 9, 10, 11, 24, 25, 26, 27], [[8, 24], [9, 25], [10, 26], [11, 27]]],
    ['0slt_4cpu_0gpu_4cpr_0hto_2skt', [0, 1, 2, 3], [[0], [1], [2], [3]]],
    // one run on two sockets
    ['0slt_4cpu_0gpu_4cpr_8hto_2skt_2cpw', [0, 1, 4, 5, 8, 9, 12, 13], [[0, 1, 8, 9], [4, 5, 12, 13]]],
  ] as const)('gives %s its CPUs and workers', ([code, cpus, workers]) => {
    const affinity = of(code);

    expect(affinity).toMatchObject({ allCpus: cpus, masterCpus: cpus, workersCpus: workers });
    expect(affinity).not.toHaveProperty('cudaIndex');
  }); // prettier-ignore

  test('gives each of four runs a GPU and its share of the cores', () => {
    for (const k of [0, 1, 2, 3]) {
      const cpus = [2 * k, 2 * k + 1, 2 * k + 8, 2 * k + 9];
      expect(of(`${k}slt_8cpu_4gpu`)).toMatchObject({ allCpus: cpus, cudaIndex: k });
    }
  });

  test('fills GPUs before runs share one', () => {
    const slots = [0, 1, 2, 3].map((k) => of(`${k}slt_8cpu_2gpu_2cxg_0hto`));

    expect(slots.map(({ allCpus }) => allCpus)).toEqual([
      [0, 1],
      [4, 5],
      [2, 3],
      [6, 7],
    ]);
    expect(slots.map(({ cudaIndex }) => cudaIndex)).toEqual([0, 1, 0, 1]);
  });

  test('lists the share of each GPU where a run has several', () => {
    const slots = [0, 1].map((k) => affinityFromCode(`${k}slt_8cpu_4gpu_2gpr_0hto`));

    expect(slots).toMatchObject([
      [
        { cudaIndex: 0, allCpus: [0, 1] },
        { cudaIndex: 1, allCpus: [2, 3] },
      ],
      [
        { cudaIndex: 2, allCpus: [4, 5] },
        { cudaIndex: 3, allCpus: [6, 7] },
      ],
    ]);
  });

  test('says how many threads to use, and whether to pin', () => {
    expect(of('0slt_8cpu_2gpu_2cpw_0hto_0saf')).toEqual({
      allCpus: [0, 1, 2, 3],
      masterCpus: [0, 1, 2, 3],
      workersCpus: [
        [0, 1],
        [2, 3],
      ],
      masterThreads: 4,
      workerThreads: 2,
      alternating: false,
      setAffinity: false,
      cudaIndex: 0,
    });
  });
});

describe('affinityFromCode for asynchronous sampling', () => {
  const parts = (code: string) => affinityFromCode(code) as AsyncAffinity;
  const samplersOf = ({ sampler }: AsyncAffinity) => [sampler].flat();

  test.for([
    { k: 0, optimizer: [{ cpus: [0, 8], cudaIndex: 0 }], cores: [1, 2, 3], gpu: 1 },
    { k: 1, optimizer: [{ cpus: [4, 12], cudaIndex: 2 }], cores: [5, 6, 7], gpu: 3 },
  ])('gives optimizer and sampler of slot $k GPUs of their own', ({ k, optimizer, cores, gpu }) => {
    const affinity = parts(`${k}slt_8cpu_4gpu_1res_1ass_1sgr`);

    expect(affinity.optimizer).toMatchObject(optimizer);
    expect(affinity.sampler).toMatchObject([
      {
        cudaIndex: gpu,
        allCpus: [...cores, ...cores.map((core) => core + 8)],
        workersCpus: cores.map((core) => [core, core + 8]),
      },
    ]);
  });

  test('lets them share a GPU', () => {
    const affinity = parts('1slt_8cpu_2gpu_1res_1ass_1oss_0hto');

    expect(affinity.optimizer).toMatchObject([{ cpus: [4], cudaIndex: 1, threads: 1 }]);
    expect(affinity.sampler).toMatchObject([{ allCpus: [5, 6, 7], cudaIndex: 1 }]);
    expect(affinity.allCpus).toEqual([4, 5, 6, 7]);
  });

  test('leaves the sampler on CPUs where it has no GPU, with a core for each GPU', () => {
    const affinity = parts('0slt_8cpu_2gpu_0hto_1ass');

    expect(affinity.optimizer).toMatchObject([{ cpus: [0], cudaIndex: 0 }]);
    expect(affinity.sampler).toMatchObject({ allCpus: [1, 2, 3] });
    expect(affinity.sampler).not.toHaveProperty('cudaIndex');
  });

  test('spreads a run over sockets, on each of which no part has the cores of another', () => {
    for (const sampler of ['', '_2sgr', '_1oss']) {
      const gpus = sampler === '_2sgr' ? 4 : 2;
      const affinity = parts(`0slt_8cpu_${gpus}gpu_2gpr_0hto_2skt_1ass${sampler}`);

      expect(affinity.optimizer.map(({ cpus }) => cpus)).toEqual([[0], [4]]);
      expect(samplersOf(affinity).flatMap(({ allCpus }) => allCpus)).toEqual([1, 2, 3, 5, 6, 7]);
    }
  });
});

describe('a code that cannot be used', () => {
  test.for([
    ['4xyz', '"xyz" is no tag'],
    ['8cpu_4gpuu', 'Did you mean "gpu"?'],
    ['cpu', '"cpu" is not a number with a tag'],
    ['', '"" is not a number with a tag'],
    ['8cpu_8cpu_4gpu', '"cpu" comes twice'],
    ['4gpu', 'cpu is 0, and must be at least 1'],
    ['8cpu_4gpu_2saf', 'saf is 2, and must be 0 or 1'],
    ['4cpu_0gpu_1cpr_2hto', 'with hto 2, hyperthreads fall among the 4 cores'],
    ['4slt_4cpu_0gpu_1cpr', 'slot 4 is not there; it has 4, counted from 0'],
    ['4slt_8cpu_0gpu_2cpr_0hto', 'slot 4 is not there; it has 4, counted from 0'],
    ['6cpu_4gpu', '6 cores do not split into 4 GPUs with 1 each'],
    ['7cpu_2gpu', '7 cores do not split into 2 GPUs with 1 each'],
    ['10cpu_3cpr', '10 cores do not split into runs of 3'],
    ['8cpu_4gpu_3gpr', '4 GPUs do not split into runs of 3'],
    ['8cpu_0gpu', 'cpr must say how many cores a run has'],
    ['8cpu_4gpu_2cpr', 'cpr is for codes without GPUs'],
    ['8cpu_0gpu_2cpr_2cxg', 'cxg needs GPUs, and gpu is 0'],
    ['8cpu_4gpu_2gpr_2cxg', 'runs cannot share GPUs (2cxg)'],
    ['8cpu_4gpu_1sgr', 'sgr needs asynchronous sampling, 1ass'],
    ['8cpu_4gpu_3res', '3 reserved cores are more than the 2 that a part has'],
    ['8cpu_2gpu_3cpw', '4 cores do not split into workers of 3'],
    ['6cpu_0gpu_2cpr_2skt', '3 slots do not split over 2 sockets; try 1skt'],
    ['9cpu_0gpu_3cpr_2skt', '9 cores do not split over 2 sockets'],
    ['8cpu_0gpu_8cpr_3skt_9hto', '8 of 9 cores do not split over 3 sockets'],
    ['8cpu_3gpu_1ass_1sgr', '3 GPUs do not split into runs of 2'],
    ['7cpu_2gpu_1ass', '7 cores do not split into 2 runs'],
    ['2cpu_2gpu_1ass', "1 cores reserved for each of 1 GPUs leave none of a run's 1 cores"],
    ['8cpu_2gpu_1ass_2cpw', '3 cores do not split over 1 samplers with workers of 2'],
  ] as const)('%s: %s', ([code, message]) => {
    expect(() => slotCount(code)).toThrow(message);
    expect(() => slotCount(code)).toThrow(`The affinity code "${code}" cannot be used: `);
  });

  test('is one without a slot, for a run', () => {
    expect(() => affinityFromCode('8cpu_4gpu')).toThrow('Put one in front: 0slt_8cpu_4gpu.');
  });

  test.for([
    [{ nCpuCore: 6, nGpu: 4 }, '6 cores do not split into 4 GPUs'],
    [{ nCpuCore: 4, runSlot: 4 }, 'slot 4 is not there'],
    [{ nCpuCore: 1.5 }, '"1.5cpu" is not a number'],
    [{ nCpuCore: 4, cpuPerRun: -1 }, '"-1cpr" is not a number'],
  ] as const)('is not written: %j', ([options, message]) => {
    const written = () => encodeAffinity({ hyperthreadOffset: 0, nSocket: 1, ...options });

    expect(written).toThrow(message);
  });
});
