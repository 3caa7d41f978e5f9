import type { Slot } from '../core/launcher.ts';
import { cpuCount } from '../provenance/cpus.ts';
import { readMachine, type Machine } from './machine.ts';
import { parseNeeds, type Needs } from './needs.ts';
import { canPin } from './can-pin.ts';
import { planForNeeds, type SlotPlan } from './planner.ts';

/** The flags that say how a machine is shared out. */
export interface SlotFlags {
  readonly slots?: number;
  readonly affinity?: string;
}

/**
 * Reads the flags, and returns what makes slots for so many runs. `--affinity` is `auto` unless it
 * says otherwise; `--slots` alone shares the machine evenly out to so many.
 * @throws ExpError (`EXP_USAGE`) at once for needs that cannot be read; what is returned throws where
 * the machine has no room for them.
 */
export function slotChooser(flags: SlotFlags): (runs: number, machine?: Machine) => SlotPlan {
  const needs = askedNeeds(flags);
  return (runs, machine) => {
    if (needs === undefined) return { slots: anywhere(flags.slots ?? cpuCount(), runs), notes: [] };
    return planRuns(runs, machine ?? readMachine(), needs);
  };
}

/** What the flags ask for; `undefined` for runs that are not pinned. */
export function askedNeeds({ slots, affinity = 'auto' }: SlotFlags): Needs | undefined {
  const needs = parseNeeds(affinity);
  return needs === undefined || slots === undefined ? needs : { ...needs, slots };
}

/** Why runs are not pinned on a machine that could be shared out. */
const NO_TASKSET = 'Runs are not pinned to CPUs: there is no taskset here.';

/**
 * Slots for at most so many runs: with fewer of them, each may get more.
 * @throws ExpError (`EXP_USAGE`) where the machine has no room.
 */
export function planRuns(runs: number, machine: Machine, needs: Needs): SlotPlan {
  const { slots } = needs;
  const fewer = slots === undefined ? needs : { ...needs, slots: Math.min(slots, runs) };
  const first = planForNeeds(machine, fewer);
  const plan = first.slots.length > runs ? planForNeeds(machine, { ...needs, slots: runs }) : first;
  if (canPin() || plan.slots.every(({ cpus }) => cpus.length === 0)) return plan;
  const unpinned = plan.slots.map(({ cores: _, workerCpus: __, ...slot }) => ({
    ...slot,
    cpus: [],
  }));
  return { slots: unpinned, notes: [...plan.notes, NO_TASKSET] };
}

/** Slots whose runs are not pinned, and see all GPUs. */
function anywhere(slots: number, runs: number): Slot[] {
  return Array.from({ length: Math.min(slots, runs) }, (_, index) => ({ index, cpus: [] }));
}
