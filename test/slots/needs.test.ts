import { describe, expect, test } from 'vitest';
import { parseNeeds } from '../../src/slots/needs.ts';

describe('parseNeeds', () => {
  test.for([
    ['auto', {}],
    ['none', undefined],
    ['cores=2,gpus=1,share=2,reserve=1,sockets=2', { cores: 2, gpus: 1, share: 2, reserve: 1, sockets: 2 }],
    ['cores = 2, gpus = 0', { cores: 2, gpus: 0 }],
    ['8cpu_2gpu_2cxg', { slots: 4, cores: 2, gpus: 1, share: 2, code: '8cpu_2gpu_2cxg' }],
    ['8cpu_4gpu_2gpr', { slots: 2, cores: 4, gpus: 2, share: 1, code: '8cpu_4gpu_2gpr' }],
    ['8cpu_0gpu_2cpr', { slots: 4, cores: 2, gpus: 0, share: 1, code: '8cpu_0gpu_2cpr' }],
    ['8cpu_4gpu_1ass_1sgr', { slots: 2, cores: 4, gpus: 2, share: 1, code: '8cpu_4gpu_1ass_1sgr' }],
  ] as const)('reads %s', ([text, needs]) => {
    expect(parseNeeds(text)).toEqual(needs);
  }); // prettier-ignore

  test.for([
    ['core=2', 'Did you mean "cores"?'],
    ['', 'Known: slots, cores'],
    ['cores', 'cores must be a whole number from 1 on, not ""'],
    ['cores=0', 'not "0"'],
    ['cores=1.5', 'not "1.5"'],
    ['cores=1,cores=2', '"cores" comes twice'],
    ['1slt_2cpu_0gpu_1cpr', '1slt makes it the code of a single run'],
    ['7cpu_2gpu', '7 cores do not split into 2 GPUs'],
  ] as const)('refuses "%s": %s', ([text, message]) => {
    expect(() => parseNeeds(text)).toThrow(message);
  });
});
