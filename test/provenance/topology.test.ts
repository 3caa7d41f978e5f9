import { mkdirSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { describeForCodes } from '../../src/slots/code-machine.ts';
import { allowedCpus } from '../../src/provenance/cpus.ts';
import { readTopology } from '../../src/provenance/topology.ts';
import { MACHINES, writeMachine } from '../helpers/machines.ts';
import { test } from '../helpers/temp-dir.ts';

type Name = keyof typeof MACHINES;

describe('readTopology', () => {
  test.for(Object.keys(MACHINES) as Name[])('reads cores and sockets of %s', (name, { dir }) => {
    const { sockets } = MACHINES[name];

    const { cores } = readTopology(writeMachine(dir, MACHINES[name]));

    const expected = sockets.flatMap((cores, socket) => cores.map((cpus) => ({ socket, cpus })));
    expect(cores.map(({ socket, cpus }) => ({ socket, cpus }))).toEqual(expected);
  });

  test('tells the CPUs it may use from the others of a core', ({ dir }) => {
    const { cores } = readTopology(writeMachine(dir, MACHINES['holes in the allowed list']));

    expect(cores.map(({ allowed }) => allowed)).toEqual([
      [],
      [1, 9],
      [],
      [3],
      [4, 12],
      [5, 13],
      [],
      [],
    ]);
  });

  test.for<[Name, number | undefined]>([
    ['one socket', undefined],
    ['a quota of 1.5 CPUs', 1.5],
    ['cgroup v1', 2],
    ['cgroup v1, seen from inside', 0.5],
  ])('reads the quota of %s: %s', ([name, quota], { dir }) => {
    expect(readTopology(writeMachine(dir, MACHINES[name])).quota).toBe(quota);
  });

  test.for([
    { where: 'on a platform without proc', allowed: undefined, cores: [] },
    {
      where: 'of each allowed CPU as a core where sysfs is missing',
      allowed: '2-3',
      cores: [
        { socket: 0, cpus: [2], allowed: [2] },
        { socket: 0, cpus: [3], allowed: [3] },
      ],
    },
  ])('makes the best $where', ({ allowed, cores }, { dir }) => {
    mkdirSync(`${dir}/proc`);
    if (allowed !== undefined) writeMachine(dir, { sockets: [], allowed });

    expect(readTopology(dir)).toEqual({ cores });
  });

  test('finds the CPUs of this machine that this process may use', () => {
    const found = readTopology().cores.flatMap(({ allowed }) => allowed);

    expect(found.sort((a, b) => a - b)).toEqual(allowedCpus());
  });
});

describe('describeForCodes', () => {
  test.for<[Name, number, number, number]>([
    ['one socket', 4, 0, 1],
    ['two sockets with hyperthreads', 8, 8, 2],
    ['two sockets with interleaved numbers', 4, 4, 2],
    ['siblings that are neighbours', 3, 0, 1],
    ['holes in the allowed list', 4, 8, 2],
  ])('%s: %d cores, offset %d, %d sockets', ([name, cores, offset, sockets], { dir }) => {
    const topology = readTopology(writeMachine(dir, MACHINES[name]));

    expect(describeForCodes(topology, 1)).toEqual({
      cores,
      hyperthreadOffset: offset,
      sockets,
      gpus: 1,
    });
  });

  test('counts CPUs as cores where the platform does not tell', () => {
    const { cores, sockets } = describeForCodes({ cores: [] }, 0);

    expect(cores).toBeGreaterThan(0);
    expect(sockets).toBe(1);
  });
});
