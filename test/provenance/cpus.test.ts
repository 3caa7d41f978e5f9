import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuListText, parseCpuList } from '../../src/provenance/cpus.ts';

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
