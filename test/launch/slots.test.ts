import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuListText, parseCpuList } from '../../src/launch/cpus.ts';
import { planSlots } from '../../src/launch/slots.ts';

const cpuSets = fc
  .uniqueArray(fc.nat({ max: 255 }), { maxLength: 64 })
  .map((cpus) => cpus.sort((a, b) => a - b));
const counts = fc.integer({ min: 1, max: 80 });

describe('planSlots', () => {
  test('never gives a CPU to two slots, nor one it was not given', () => {
    fc.assert(
      fc.property(counts, cpuSets, (count, cpus) => {
        const shared = planSlots(count, { cpus, gpus: undefined }).flatMap((slot) => slot.cpus);

        expect(new Set(shared).size).toBe(shared.length);
        expect(cpus).toEqual(expect.arrayContaining(shared));
      }),
    );
  });

  test('makes as many slots as asked, counted from 0, all with the same number of CPUs', () => {
    fc.assert(
      fc.property(counts, cpuSets, (count, cpus) => {
        const slots = planSlots(count, { cpus, gpus: undefined });

        expect(slots.map(({ index }) => index)).toEqual(Array.from({ length: count }, (_, i) => i));
        for (const slot of slots) expect(slot.cpus).toHaveLength(Math.floor(cpus.length / count));
      }),
    );
  });

  test('shares GPUs out evenly, and leaves no slot without one', () => {
    const gpuSets = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 16 });
    fc.assert(
      fc.property(counts, gpuSets, (count, gpus) => {
        const shares = planSlots(count, { cpus: [], gpus }).map((slot) => slot.gpus!);

        const users = gpus.map((gpu) => shares.filter((share) => share.includes(gpu)).length);
        expect(Math.min(...shares.map((share) => share.length))).toBeGreaterThan(0);
        expect(Math.max(...users) - Math.min(...users)).toBeLessThanOrEqual(1);
        expect(gpus).toEqual(expect.arrayContaining(shares.flat()));
      }),
    );
  });

  test.for([
    { what: 'contiguous shares', count: 2, cpus: [4, 5, 6, 7], shares: [[4, 5], [6, 7]] }, // prettier-ignore
    { what: 'an idle rest', count: 2, cpus: [0, 1, 2], shares: [[0], [1]] },
    { what: 'gaps in the numbers', count: 2, cpus: [1, 3, 8, 9], shares: [[1, 3], [8, 9]] }, // prettier-ignore
    { what: 'fewer CPUs than slots', count: 3, cpus: [0, 1], shares: [[], [], []] },
    { what: 'no CPUs to pin to', count: 1, cpus: [], shares: [[]] },
  ])('shares out CPUs with $what', ({ count, cpus, shares }) => {
    const slots = planSlots(count, { cpus, gpus: undefined });

    expect(slots.map((slot) => slot.cpus)).toEqual(shares);
  });

  test.for([
    { what: 'one each', count: 2, gpus: ['0', '1'], shares: [['0'], ['1']] },
    { what: 'round again', count: 3, gpus: ['0', '1'], shares: [['0'], ['1'], ['0']] },
    { what: 'several each', count: 1, gpus: ['0', '1'], shares: [['0', '1']] },
    { what: 'none where the variable is empty', count: 2, gpus: [], shares: [[], []] },
  ])('deals GPUs: $what', ({ count, gpus, shares }) => {
    const slots = planSlots(count, { cpus: [], gpus });

    expect(slots.map((slot) => slot.gpus)).toEqual(shares);
  });

  test('says nothing about GPUs on a machine without any', () => {
    const [slot] = planSlots(1, { cpus: [0], gpus: undefined });

    expect(slot).toEqual({ index: 0, cpus: [0] });
  });
});

describe('parseCpuList and cpuListText', () => {
  test.for([
    { list: '0', cpus: [0] },
    { list: '0-3', cpus: [0, 1, 2, 3] },
    { list: '0-1,8,10-12', cpus: [0, 1, 8, 10, 11, 12] },
    { list: '7-7', cpus: [7] },
  ])('read $list', ({ list, cpus }) => {
    expect(parseCpuList(list)).toEqual(cpus);
  });

  test('write neighbours as a range', () => {
    expect(cpuListText([0, 1, 2, 3, 8, 10, 11])).toBe('0-3,8,10-11');
    expect(cpuListText([])).toBe('');
  });

  test('agree on every list the kernel may write', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 999 }), { minLength: 1 }), (set) => {
        const cpus = set.sort((a, b) => a - b);

        expect(parseCpuList(cpuListText(cpus))).toEqual(cpus);
      }),
    );
  });
});
