import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leftOf, planFree, takenText } from '../../src/slots/free-plan.ts';
import type { NamedClaim } from '../../src/slots/claims.ts';
import type { Machine } from '../../src/slots/machine.ts';
import { parseNeeds } from '../../src/slots/needs.ts';

/** Eight cores with hyperthreads on two sockets, and two GPUs. */
const MACHINE: Machine = {
  cores: Array.from({ length: 8 }, (_, cpu) => ({
    socket: cpu < 4 ? 0 : 1,
    cpus: [cpu, cpu + 8],
    allowed: [cpu, cpu + 8],
  })),
  parallelism: 16,
};
const GPUS = [
  { id: '0', uuid: 'GPU-a', nearCpus: [] },
  { id: '1', uuid: 'GPU-b', nearCpus: [] },
];

function claim(cpus: readonly number[], gpus: readonly string[] = []): NamedClaim {
  return { name: '7.json', process: { pid: 7, host: 'here' }, sweep: 'abc', cpus, gpus };
}

const cpusOf = (plan: ReturnType<typeof planFree>): (readonly number[])[] | undefined =>
  plan?.slots.map(({ cpus }) => cpus);

describe('planFree', () => {
  test.for<[what: string, needs: string, claimed: number[], cpus: number[][] | undefined]>([
    ['what is left of one slot a core', 'auto', [0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13], [[6, 14], [7, 15]]],
    ['fewer slots of the cores asked for', 'cores=3', [0, 9], [[4, 5, 6, 12, 13, 14]]],
    ['fewer slots than asked for', 'slots=8', [0, 1, 2, 3, 4, 5, 6], [[7, 15]]],
    ['smaller slots, where there is room for all', 'slots=2', [0, 1, 2, 3], [[4, 5, 12, 13], [6, 7, 14, 15]]],
    ['no core of which others have one CPU', 'slots=1', [8, 9, 10, 11, 12, 13, 14], [[7, 15]]],
    ['nothing, where nothing is left', 'auto', [0, 1, 2, 3, 4, 5, 6, 7], undefined],
    ['nothing, where no run fits', 'cores=2', [1, 2, 3, 4, 5, 6, 7], undefined],
    ['what was planned, where it is free', 'slots=1,cores=1', [15], [[0, 8]]],
    ['no more cores each than planned', 'cores=1,slots=2', [0], [[1, 9], [2, 10]]],
  ])('takes %s', ([, needs, claimed, cpus]) => {
    expect(cpusOf(planFree(99, MACHINE, parseNeeds(needs)!, [claim(claimed)]))).toEqual(cpus);
  }); // prettier-ignore

  test('says what it lacks, and who has it', () => {
    const taken = '2 of 8 cores are taken by sweep abc of process 7';

    expect(planFree(99, MACHINE, {}, [claim([0, 9])])!.notes).toEqual([
      `6 slots instead of 8: ${taken}.`,
    ]);
    expect(planFree(99, MACHINE, { slots: 2 }, [claim([0, 9])])!.notes).toEqual([
      `slots of 2 cores instead of 4: ${taken}.`,
      '2 of 6 cores stay idle.',
    ]);
    expect(takenText({ ...MACHINE, gpus: GPUS }, [claim([3], ['GPU-a'])])).toEqual([
      '1 of 8 cores and 1 of 2 GPUs are taken by sweep abc of process 7',
    ]);
  });

  test('does without the GPUs of others, and waits where all are taken', () => {
    const machine = { ...MACHINE, gpus: GPUS };

    const plan = planFree(99, machine, {}, [claim([0, 8], ['GPU-a'])]);

    expect(plan!.slots.map(({ gpus }) => gpus)).toEqual([['1']]);
    expect(planFree(99, machine, {}, [claim([0], ['GPU-a', 'GPU-b'])])).toBeUndefined();
    expect(planFree(99, machine, { gpus: 0 }, [claim([0], ['GPU-a', 'GPU-b'])])).toBeDefined();
  });

  test('starts no run where the time that control groups allow is used up', () => {
    const limited = { ...MACHINE, quota: 2 };

    expect(planFree(99, limited, {}, [])!.slots).toHaveLength(2);
    expect(planFree(99, limited, {}, [claim([0])])!.slots).toHaveLength(1);
    expect(planFree(99, limited, {}, [claim([0])])!.slots[0]!.cores).toBe(1);
    expect(planFree(99, limited, {}, [claim([0, 1])])).toBeUndefined();
  });

  test('shares out nothing that is claimed, and no more than without claims', () => {
    const cpus = fc.uniqueArray(fc.nat({ max: 15 }), { maxLength: 16 });
    const needs = fc.record(
      { slots: fc.integer({ min: 1, max: 9 }), cores: fc.integer({ min: 1, max: 4 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(cpus, needs, fc.integer({ min: 1, max: 9 }), (claimed, asked, runs) => {
        const { slots = 1, cores = 1 } = asked;
        fc.pre(slots * cores <= 8 && (cores < 3 || slots < 3));
        const claims = [claim(claimed)];

        const plan = planFree(runs, MACHINE, asked, claims);

        const free = leftOf(MACHINE, claims).cores.filter(({ allowed }) => allowed.length > 0);
        if (plan === undefined) {
          expect(free.length).toBeLessThan(cores);
          return;
        }
        const shared = plan.slots.flatMap((slot) => slot.cpus);
        expect(new Set(shared).size).toBe(shared.length);
        expect(free.flatMap(({ allowed }) => allowed)).toEqual(expect.arrayContaining(shared));
        const alone = planFree(runs, MACHINE, asked, [])!;
        expect(plan.slots.length).toBeLessThanOrEqual(alone.slots.length);
        expect(plan.slots[0]!.cores).toBeLessThanOrEqual(alone.slots[0]!.cores!);
      }),
    );
  });
});
