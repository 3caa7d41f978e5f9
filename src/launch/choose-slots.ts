import { allowedCpus, cpuCount } from './cpus.ts';
import { visibleGpus } from './gpus.ts';
import { readMachine, type Machine } from './machine.ts';
import { parseNeeds, type Needs } from './needs.ts';
import { canPin } from './pinning.ts';
import { planForNeeds, type SlotPlan } from './planner.ts';
import { planSlots } from './slots.ts';

/** The flags that say how a machine is shared out. */
export interface SlotFlags {
  readonly slots?: number;
  readonly affinity?: string;
}

/**
 * Reads the flags, and returns what makes slots for so many runs: shares by need where `--affinity`
 * asks for them, otherwise one for every CPU or even shares for `--slots`, and none for `none`.
 * @throws ExpError (`EXP_USAGE`) at once for needs that cannot be read; what is returned throws where
 * the machine has no room for them.
 */
export function slotChooser({ slots, affinity }: SlotFlags): (runs: number) => SlotPlan {
  const needs = affinity === undefined ? undefined : parseNeeds(affinity);
  if (needs !== undefined) {
    const asked = { ...needs, ...(slots !== undefined && { slots }) };
    return (runs) => atMost(runs, readMachine(), asked);
  }
  return (runs) => {
    const count = Math.min(slots ?? cpuCount(), runs);
    if (affinity !== undefined) {
      return { slots: planSlots(count, { cpus: [], gpus: undefined }), notes: [] };
    }
    const isPinned = canPin();
    const shared = { cpus: isPinned ? allowedCpus() : [], gpus: visibleGpus() };
    return { slots: planSlots(count, shared), notes: isPinned ? [] : [NO_TASKSET] };
  };
}

/** Why runs are not pinned on a machine that could be shared out. */
export const NO_TASKSET = 'Runs are not pinned to CPUs: there is no taskset here.';

/** Slots for at most so many runs: with fewer of them, each may get more. */
function atMost(runs: number, machine: Machine, needs: Needs): SlotPlan {
  const { slots } = needs;
  const fewer = slots === undefined ? needs : { ...needs, slots: Math.min(slots, runs) };
  const first = planForNeeds(machine, fewer);
  const plan = first.slots.length > runs ? planForNeeds(machine, { ...needs, slots: runs }) : first;
  if (canPin()) return plan;
  const unpinned = plan.slots.map((slot) => ({ ...slot, cpus: [] }));
  return { slots: unpinned, notes: [...plan.notes, NO_TASKSET] };
}
