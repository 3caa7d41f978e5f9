import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isExpError } from '../../src/core/errors.ts';
import type { Gpu } from '../../src/provenance/gpus.ts';
import type { Machine } from '../../src/slots/machine.ts';
import { parseNeeds, type Needs } from '../../src/slots/needs.ts';
import { planForNeeds, type SlotPlan } from '../../src/slots/planner.ts';
import { readTopology } from '../../src/provenance/topology.ts';
import { MACHINES, writeMachine } from '../helpers/machines.ts';

const dir = mkdtempSync(join(tmpdir(), 'exptools-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Name = keyof typeof MACHINES;
const machines = new Map(
  (Object.keys(MACHINES) as Name[]).map((name): [Name, Machine] => {
    const root = writeMachine(mkdtempSync(join(dir, 'machine-')), MACHINES[name]);
    return [name, { ...readTopology(root), parallelism: 4 }];
  }),
);
const machine = (name: Name, gpus?: readonly Gpu[]): Machine => ({
  ...machines.get(name)!,
  ...(gpus !== undefined && { gpus }),
});
const gpu = (id: string, nearCpus: readonly number[] = []): Gpu => ({ id, nearCpus });
const cpusOf = ({ slots }: SlotPlan) => slots.map(({ cpus }) => cpus);
const gpusOf = ({ slots }: SlotPlan) => slots.map(({ gpus }) => gpus);

describe('planForNeeds', () => {
  test.for<[Name, string, number[][]]>([
    ['one socket', 'auto', [[0], [1], [2], [3]]],
    ['one socket', 'cores=2', [[0, 1], [2, 3]]],
    ['one socket', 'reserve=1', [[1], [2], [3]]],
    ['one socket', 'slots=3', [[0], [1], [2]]],
    ['one socket', '4cpu_0gpu_2cpr_0hto', [[0, 1], [2, 3]]],
    ['siblings that are neighbours', 'auto', [[0, 1], [2, 3], [4, 5]]],
    ['two sockets with hyperthreads', 'cores=3', [[0, 1, 2, 8, 9, 10], [4, 5, 6, 12, 13, 14]]],
    ['two sockets with hyperthreads', 'cores=2,sockets=1', [[0, 1, 8, 9], [2, 3, 10, 11]]],
    ['two sockets with hyperthreads', 'cores=5', [[0, 1, 2, 3, 4, 8, 9, 10, 11, 12]]],
    ['two sockets with interleaved numbers', 'slots=2', [[0, 2, 4, 6], [1, 3, 5, 7]]],
    ['holes in the allowed list', 'cores=2', [[1, 3, 9], [4, 5, 12, 13]]],
    ['a quota of 1.5 CPUs', 'auto', [[0, 4]]],
    ['cgroup v1', 'auto', [[0], [1]]],
    ['one socket', 'slots=5', [[], [], [], [], []]],
  ])('shares out %s for %s', ([name, needs, cpus]) => {
    expect(cpusOf(planForNeeds(machine(name), parseNeeds(needs)!))).toEqual(cpus);
  }); // prettier-ignore

  test('fills GPUs before runs share them', () => {
    const gpus = [gpu('a'), gpu('b')];

    const plan = planForNeeds(machine('one socket', gpus), { share: 2 });

    expect(gpusOf(plan)).toEqual([['a'], ['b'], ['a'], ['b']]);
    expect(cpusOf(plan)).toEqual([[0], [1], [2], [3]]);
  });

  test('has runs share GPUs where there are more slots than GPUs, and says so', () => {
    const plan = planForNeeds(machine('one socket', [gpu('a'), gpu('b')]), { slots: 3 });

    expect(gpusOf(plan)).toEqual([['a'], ['b'], ['a']]);
    expect(plan.notes[0]).toBe('2 runs share each GPU: there are more slots than GPUs.');
  });

  test('gives each worker a whole core, siblings together', () => {
    const { slots } = planForNeeds(machine('two sockets with hyperthreads'), { cores: 2 });

    expect(slots[0]).toMatchObject({ cores: 2, workerCpus: [[0, 8], [1, 9]] }); // prettier-ignore
  });

  test.for<[string, number[][]]>([
    ['8cpu_0gpu_4cpr', [[0, 8], [1, 9], [2, 10], [3, 11]]],
    ['8cpu_0gpu_4cpr_2cpw', [[0, 1, 8, 9], [2, 3, 10, 11]]],
    ['8cpu_0gpu_4cpr_1res', [[1, 9], [2, 10], [3, 11]]],
    ['8cpu_0gpu_4cpr_2cpw_1alt', [[0, 1], [2, 3], [8, 9], [10, 11]]],
    ['8cpu_2gpu_1res_3cpw', [[1, 2, 3, 9, 10, 11]]],
    ['8cpu_2gpu_2gpr_1res', [[1, 9], [2, 10], [3, 11], [5, 13], [6, 14], [7, 15]]],
    ['8cpu_2gpu_1ass_1sgr_2res', [[2, 10], [3, 11], [4, 12], [5, 13], [6, 14], [7, 15]]],
  ])('divides the cores of a run among its workers as %s says', ([code, workers]) => {
    const on = machine('two sockets with hyperthreads', [gpu('a'), gpu('b')]);

    const { slots } = planForNeeds(on, parseNeeds(code)!);

    expect(slots[0]).toMatchObject({ workerCpus: workers, code: `0slt_${code}` });
  }); // prettier-ignore

  test('gives a run the cores of the socket that its GPU is near to', () => {
    const gpus = [gpu('far', [4, 5, 6, 7]), gpu('near', [0, 1, 2, 3])];

    const plan = planForNeeds(machine('two sockets with hyperthreads', gpus), {});

    expect(cpusOf(plan)).toEqual([
      [4, 5, 6, 7, 12, 13, 14, 15],
      [0, 1, 2, 3, 8, 9, 10, 11],
    ]);
  });

  test('gives several GPUs to a run, or none', () => {
    const gpus = ['a', 'b', 'c', 'd'].map((id) => gpu(id));

    expect(gpusOf(planForNeeds(machine('one socket', gpus), { gpus: 2 }))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(gpusOf(planForNeeds(machine('one socket', gpus), { gpus: 0, slots: 1 }))).toEqual([[]]);
  });

  test('pins nothing where the platform does not tell its cores', () => {
    const plan = planForNeeds({ cores: [], parallelism: 2 }, {});

    expect(plan.slots).toEqual([
      { index: 0, cpus: [] },
      { index: 1, cpus: [] },
    ]);
    expect(plan.notes).toEqual(['This platform does not tell its cores: runs are not pinned.']);
  });

  test.for<[Name, string, string]>([
    ['one socket', 'cores=3', '1 of 4 cores stay idle.'],
    ['a quota of 1.5 CPUs', 'slots=2', 'Control groups allow 1.5 CPUs of time: 4 cores'],
    [
      'a quota of 1.5 CPUs',
      'auto',
      '3 of 4 cores stay idle: control groups allow 1.5 CPUs of time.',
    ],
    ['one socket', 'slots=5', 'There are fewer whole cores (4) than slots'],
  ])('says on %s for %s: %s', ([name, needs, note]) => {
    const { notes } = planForNeeds(machine(name), parseNeeds(needs)!);

    expect(notes).toEqual([expect.stringContaining(note)]);
  });

  test.for<[string, string]>([
    ['cores=5', 'no room for a run with 5 cores each: room for 0 of 4 cores'],
    ['cores=2,slots=3,gpus=0', 'no room for 3 runs with 2 cores each: room for 2 of 4 cores'],
    ['slots=3,share=1', 'no room for 3 runs with 1 GPUs each and 1 per GPU: room for 2'],
    ['gpus=3', 'A run needs 3 GPUs, and there are 2'],
    ['reserve=4', '4 reserved cores leave none of 4 to runs'],
    ['sockets=2', 'There are not 2 sockets to use, but 1'],
  ])('refuses %s on four cores and two GPUs: %s', ([needs, message]) => {
    const four = machine('one socket', [gpu('a'), gpu('b')]);

    expect(() => planForNeeds(four, parseNeeds(needs)!)).toThrow(message);
  });
});

describe('any plan', () => {
  const small = (min: number, max: number) =>
    fc.option(fc.integer({ min, max }), { nil: undefined });
  const anyNeeds = fc
    .record({
      slots: small(1, 9),
      cores: small(1, 9),
      gpus: small(0, 3),
      share: small(1, 3),
      reserve: small(0, 3),
      sockets: small(1, 2),
    })
    .map((needs): Needs =>
      Object.fromEntries(Object.entries(needs).filter(([, value]) => value !== undefined)),
    );
  const anyGpus = fc.option(
    fc
      .array(fc.uniqueArray(fc.nat({ max: 15 }), { maxLength: 4 }), { maxLength: 4 })
      .map((all) => all.map((nearCpus, i) => gpu(`GPU-${i}`, nearCpus))),
    { nil: undefined },
  );
  const plans = fc
    .tuple(fc.constantFrom(...machines.keys()), anyGpus, anyNeeds)
    .map(([name, gpus, needs]) => ({ on: machine(name, gpus), needs }))
    .map(({ on, needs }) => ({ on, needs, plan: tryPlan(on, needs) }))
    .filter((it): it is typeof it & { plan: SlotPlan } => it.plan !== undefined);
  const check = (law: (it: { on: Machine; needs: Needs; plan: SlotPlan }) => void) =>
    fc.assert(fc.property(plans, law), { numRuns: 500 });

  test('gives no CPU to two slots, nor one that is not allowed', () => {
    check(({ on, plan }) => {
      const cpus = cpusOf(plan).flat();

      expect(new Set(cpus).size).toBe(cpus.length);
      expect(on.cores.flatMap(({ allowed }) => allowed)).toEqual(expect.arrayContaining(cpus));
    });
  });

  test('keeps siblings together', () => {
    check(({ on, plan }) => {
      for (const { allowed } of on.cores) {
        for (const { cpus } of plan.slots) {
          const had = allowed.filter((cpu) => cpus.includes(cpu));
          expect([0, allowed.length]).toContain(had.length);
        }
      }
    });
  });

  test('gives every slot the cores that were asked for, or the same number', () => {
    check(({ on, needs, plan }) => {
      const counts = plan.slots.map(({ cpus }) => coresWith(on, cpus).length);

      expect(new Set(counts).size).toBe(1);
      if (needs.cores !== undefined) expect(counts[0]).toBe(needs.cores);
    });
  });

  test('keeps a run on one socket where one has enough cores', () => {
    check(({ on, needs, plan }) => {
      const usable = on.cores.filter(({ allowed }) => allowed.length > 0).slice(needs.reserve ?? 0);
      const used = [...new Set(usable.map(({ socket }) => socket))].slice(0, needs.sockets);
      const room = used.map((at) => usable.filter(({ socket }) => socket === at).length);
      for (const { cpus } of plan.slots) {
        const cores = coresWith(on, cpus);
        if (cores.length > Math.max(...room)) continue;
        expect(new Set(cores.map(({ socket }) => socket)).size).toBeLessThanOrEqual(1);
      }
    });
  });

  test('leaves alone what is reserved, and sockets that are not to be used', () => {
    check(({ on, needs: { reserve = 0, sockets }, plan }) => {
      const used = coresWith(on, cpusOf(plan).flat());
      const usable = on.cores.filter(({ allowed }) => allowed.length > 0);

      expect(used.filter((core) => usable.slice(0, reserve).includes(core))).toEqual([]);
      expect(new Set(used.map(({ socket }) => socket)).size).toBeLessThanOrEqual(sockets ?? 2);
    });
  });

  test('shares GPUs as evenly as it can, and by no more runs than asked', () => {
    check(({ on: { gpus = [] }, needs: { slots: asked = 1, share, gpus: perRun = 1 }, plan }) => {
      const shared = gpus.slice(0, perRun === 0 ? 0 : gpus.length - (gpus.length % perRun));
      const users = shared.map(
        ({ id }) => plan.slots.filter((slot) => slot.gpus!.includes(id)).length,
      );
      if (users.length === 0) return;
      const most = share ?? Math.ceil((asked * perRun) / users.length);
      expect(Math.max(...users)).toBeLessThanOrEqual(most);
      expect(Math.max(...users) - Math.min(...users)).toBeLessThanOrEqual(1);
    });
  });

  test('starts no more runs than there is time for, unless it was told to', () => {
    check(({ on, needs: { slots, cores = 1 }, plan }) => {
      expect(plan.slots.map(({ index }) => index)).toEqual([...plan.slots.keys()]);
      if (slots !== undefined) expect(plan.slots).toHaveLength(slots);
      else if (on.quota !== undefined) {
        expect(plan.slots.length).toBeLessThanOrEqual(Math.max(1, on.quota / cores));
      }
    });
  });

  test('is the same each time', () => {
    check(({ on, needs, plan }) => {
      expect(planForNeeds(on, needs)).toEqual(plan);
    });
  });
});

function coresWith(on: Machine, cpus: readonly number[]): Machine['cores'] {
  return on.cores.filter(({ allowed }) => allowed.some((cpu) => cpus.includes(cpu)));
}

/** The plan, where there is one. */
function tryPlan(on: Machine, needs: Needs): SlotPlan | undefined {
  try {
    return planForNeeds(on, needs);
  } catch (error) {
    if (!isExpError(error)) throw error;
    return undefined;
  }
}
