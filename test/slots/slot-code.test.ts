import { describe, expect, test } from 'vitest';
import { affinityFromCode } from '../../src/slots/affinity.ts';
import { slotCode } from '../../src/slots/slot-code.ts';

/** Four cores: CPUs 0 to 3, and their hyperthreads 4 to 7. */
const TOPOLOGY = {
  cores: [0, 1, 2, 3].map((id) => ({ socket: 0, cpus: [id, id + 4], allowed: [id, id + 4] })),
};

describe('slotCode', () => {
  test.for([
    { slot: { cpus: [2, 3, 6, 7] }, code: '0slt_2cpu_0gpu_2cpr_0saf' },
    { slot: { cpus: [2, 3] }, code: '0slt_2cpu_0gpu_2cpr_0hto_0saf' },
    { slot: { cpus: [1, 5], gpus: ['3'] }, code: '0slt_1cpu_1gpu_0saf' },
    { slot: { cpus: [0, 1, 2, 4, 5, 6], gpus: ['a', 'b'] }, code: '0slt_2cpu_2gpu_2gpr_0saf' },
    { slot: { cpus: [0, 4], gpus: ['a', 'b'] }, code: '0slt_2cpu_2gpu_2gpr_0saf' },
  ])('describes $slot', ({ slot, code }) => {
    expect(slotCode({ index: 5, ...slot }, TOPOLOGY)).toBe(code);
    expect(() => affinityFromCode(code)).not.toThrow();
  });

  test('leaves the processes of a run as they are pinned already', () => {
    const code = slotCode({ index: 1, cpus: [2, 6] }, TOPOLOGY);

    expect(affinityFromCode(code)).toMatchObject({ setAffinity: false });
  });
});
