import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { slotsPicture } from '../../src/cli/slots-picture.ts';
import type { Slot } from '../../src/core/launcher.ts';
import { allowedCpus } from '../../src/provenance/cpus.ts';
import type { Machine } from '../../src/slots/machine.ts';
import { parseNeeds } from '../../src/slots/needs.ts';
import { planForNeeds } from '../../src/slots/planner.ts';
import { readTopology } from '../../src/provenance/topology.ts';
import { MACHINES, writeMachine } from '../helpers/machines.ts';
import { runExp } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';

const A100 = { name: 'NVIDIA A100-SXM4-40GB', memoryMiB: 40_960 };

/** What a terminal without colours would show. */
function picture(machine: Machine, needs: string, columns?: number): string {
  const { slots } = planForNeeds(machine, parseNeeds(needs)!);
  return stripVTControlCharacters(
    slotsPicture(machine, slots, columns === undefined ? {} : { columns }),
  );
}

describe('the picture of a machine', () => {
  test('has a box for each socket, a line for each GPU, and the slots', ({ dir }) => {
    const topology = readTopology(writeMachine(dir, MACHINES['two sockets with hyperthreads']));
    const gpus = [
      { id: 'GPU-a', ...A100, nearCpus: [0, 1, 2, 3] },
      { id: 'GPU-b', ...A100, nearCpus: [4, 5, 6, 7] },
    ];

    expect(picture({ ...topology, gpus, parallelism: 16 }, 'share=2,reserve=1')).toBe(
      `\
2 sockets · 8 cores · 16 CPUs · 2 GPUs

╭─ socket 0 ───╮
│  ·  0  2  ·  │
╰──────────────╯
╭─ socket 1 ───╮
│  1  3  ·  ·  │
╰──────────────╯

each core with its slot   · idle

GPU 0    0  2   NVIDIA A100-SXM4-40GB, 40 GiB, near socket 0
GPU 1    1  3   NVIDIA A100-SXM4-40GB, 40 GiB, near socket 1

slot  cores  CPUs  socket  GPU
   0      1  1,9   0       0
   1      1  4,12  1       1
   2      1  2,10  0       0
   3      1  5,13  1       1`,
    );
  });

  test('marks the cores of others, and says how much time there is', ({ dir }) => {
    const topology = readTopology(writeMachine(dir, MACHINES['holes in the allowed list']));

    const shown = picture({ ...topology, quota: 1.5, parallelism: 4 }, 'auto');

    expect(shown).toContain(
      '2 sockets · 8 cores · 16 CPUs (7 for us) · time for 1.5 CPUs · no GPU',
    );
    expect(shown).toContain('│  ×  0  ×  ·  │');
    expect(shown).toContain('each core with its slot   · idle   × not for us');
  });

  test('has no boxes where the platform does not tell its cores', () => {
    expect(picture({ cores: [], parallelism: 2 }, 'auto')).toBe(`\
CPUs unknown · no GPU

slot  cores  CPUs  socket
   0    any  any
   1    any  any`);
  });

  test('fits its terminal, with every core in it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 1, max: 128 }),
        fc.integer({ min: 40, max: 160 }),
        (sockets, perSocket, columns) => {
          const cores = Array.from({ length: sockets * perSocket }, (_, cpu) => ({
            socket: Math.floor(cpu / perSocket),
            cpus: [cpu],
            allowed: [cpu],
          }));
          const gpus = [{ id: 'GPU-a', ...A100, nearCpus: [0] }];

          const lines = picture({ cores, gpus, parallelism: 1 }, 'gpus=0', columns).split('\n');

          const cells = lines.filter((line) => line.startsWith('│')).join(' ');
          expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
          expect(cells.match(/\d+/g)).toHaveLength(cores.length);
        },
      ),
    );
  });
});

describe('run-exp slots', () => {
  test('shows this machine and the plan for it', async () => {
    const { code, stdout } = await runExp(['slots']);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+ sockets? · \d+ cores? · \d+ CPUs?/);
    expect(stdout).toMatch(/^slot +cores +CPUs +socket/m);
  });

  test('prints machine and plan as JSON', async () => {
    const { code, stdout } = await runExp(['slots', '--affinity', 'slots=1,gpus=0', '--json']);

    const { machine, slots, notes } = JSON.parse(stdout);
    expect(code).toBe(0);
    const allowed = machine.cores.flatMap((core: Machine['cores'][number]) => core.allowed);
    expect(allowed.sort((a: number, b: number) => a - b)).toEqual(allowedCpus());
    const [{ index, cpus }, ...others] = slots as readonly Slot[] as readonly [Slot, ...Slot[]];
    expect({ index, others }).toEqual({ index: 0, others: [] });
    const used = machine.cores.filter((core: Machine['cores'][number]) =>
      core.allowed.some((cpu) => cpus.includes(cpu)),
    );
    expect(used).not.toEqual([]);
    const whole = used.flatMap((core: Machine['cores'][number]) => core.allowed);
    expect(whole.sort((a: number, b: number) => a - b)).toEqual(cpus);
    const usable = machine.cores.filter(
      (core: Machine['cores'][number]) => core.allowed.length > 0,
    );
    const idle = usable.length - used.length;
    expect(notes.filter((note: string) => note.includes('stay idle')).join()).toMatch(
      idle === 0 ? /^$/ : new RegExp(`^${idle} of `),
    );
  });

  test('shows the machine alone where runs are not pinned', async () => {
    const { code, stdout } = await runExp(['slots', '--affinity', 'none']);

    expect(code).toBe(0);
    expect(stdout).toContain('note  With --affinity none, runs are not pinned');
    expect(stdout).not.toMatch(/^slot +cores/m);
  });

  test.for([
    ['core=2', 'Did you mean "cores"?'],
    ['7cpu_2gpu', '7 cores do not split into 2 GPUs'],
    ['cores=9999', 'There is no room for a run with 9999 cores each'],
  ] as const)('refuses --affinity %s: %s', async ([affinity, message]) => {
    const { code, stderr } = await runExp(['slots', '--affinity', affinity]);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('says in its help what a run may need', async () => {
    const { code, stdout } = await runExp(['slots', '--help']);

    expect(code).toBe(0);
    for (const need of ['cores=N', 'gpus=N', 'slots=N', 'share=N', 'reserve=N', 'sockets=N']) {
      expect(stdout).toContain(need);
    }
  });
});
